import { bootstrap, bootstrapStacks } from './bootstrap';
import type { Comparison } from './compare';
import { deploy, endings, type AppliedPlan } from './deploy';
import { readBack, type StackReadBack } from './read-back';
import { roundTrip } from './round-trip';
import { services } from './services';
import type { Steps } from './steps';
import { stacksOf } from './template';
import type { Environment } from '../../packages/dataworks-deploy/src';

export interface TriedLake {
  /** Whether bootstrap or plan had anything to do. */
  readonly changed: boolean;
  readonly plan: AppliedPlan;
  readonly stacks: readonly StackReadBack[];
  readonly object: readonly Comparison[];
}

/** The zone that the object is written to. */
const OBJECT_ZONE = 'raw';

/**
 * Bootstrap the account that the process's AWS environment variables name, plan, approve and apply an environment there, and read all
 * of it back.
 *
 * @param folder where the plan and its report go; replaced
 */
export async function tryLake({ name, account, region }: Environment, folder: string, steps: Steps): Promise<TriedLake> {
  const prepared = await steps.step(`Bootstrap ${name}: state backend, roles, CDK bootstrap (account ${account}, ${region})`, (progress) =>
    bootstrap(name, endings(progress)),
  );
  const plan = await deploy(name, folder, steps);
  const stacks = await steps.step('Read every property back by the API of its service', () =>
    Promise.all([...bootstrapStacks(name), ...stacksOf(plan.assembly, name)].map((stack) => readBack(stack, services()))),
  );
  const object = await steps.step(`Write an object to ${OBJECT_ZONE} and read it back`, () => objectRoundTrip(stacks));
  return { changed: prepared || plan.changed, plan, stacks, object };
}

async function objectRoundTrip(stacks: readonly StackReadBack[]): Promise<Comparison[]> {
  const resources = stacks.flatMap((stack) => stack.resources);
  const bucket = resources.find(({ type, zone }) => type === 'AWS::S3::Bucket' && zone === OBJECT_ZONE)!;
  const key = resources.find(({ type }) => type === 'AWS::KMS::Alias')!;
  return roundTrip(bucket.physicalId, key.comparisons.find(({ path }) => path === 'TargetKeyId')!.expected!);
}
