import { join } from 'node:path';
import { bootstrap, bootstrapStacks } from './bootstrap';
import { cdk } from './cdk';
import type { Comparison } from './compare';
import { readBack, type StackReadBack } from './read-back';
import { roundTrip } from './round-trip';
import { services } from './services';
import type { Steps } from './steps';
import { stacksOf } from './template';
import type { Environment } from '../../packages/dataworks-deploy/src';

export interface TriedLake {
  /** Whether the deployment had anything to do. */
  readonly changed: boolean;
  readonly stacks: readonly StackReadBack[];
  readonly object: readonly Comparison[];
}

/** The zone that the object is written to. */
const OBJECT_ZONE = 'raw';

/**
 * Deploy an environment's stacks into the account that the process's AWS environment variables name, and read all of it back.
 *
 * @param folder where the cloud assembly goes; replaced
 */
export async function tryLake({ name, account, region }: Environment, folder: string, steps: Steps): Promise<TriedLake> {
  const assembly = join(folder, 'cdk.out');
  const stage = `${name}/*`;
  await steps.step(`Synthesise ${stage}`, (progress) => cdk(['synth', '--quiet', '--output', assembly, stage], progress));
  const prepared = await steps.step(`Bootstrap ${name}: account ${account}, ${region}`, (progress) =>
    bootstrap(name, onlyEvents(progress)),
  );
  const differs = await steps.step('Compare with what is deployed', async (progress) => {
    const differing = stacksThatDiffer(await cdk(['diff', '--app', assembly, stage], () => {}));
    progress(differing === 0 ? 'no changes' : `stacks with changes: ${differing}`);
    return differing > 0;
  });
  await steps.step(`Deploy ${stage}`, (progress) =>
    cdk(['deploy', '--app', assembly, '--require-approval', 'never', '--progress', 'events', stage], onlyEvents(progress)),
  );
  const stacks = await steps.step('Read every property back by the API of its service', () =>
    Promise.all([...bootstrapStacks(name), ...stacksOf(assembly, name)].map((stack) => readBack(stack, services()))),
  );
  const object = await steps.step(`Write an object to ${OBJECT_ZONE} and read it back`, () => objectRoundTrip(stacks));
  return { changed: prepared || differs, stacks, object };
}

async function objectRoundTrip(stacks: readonly StackReadBack[]): Promise<Comparison[]> {
  const resources = stacks.flatMap((stack) => stack.resources);
  const bucket = resources.find(({ type, zone }) => type === 'AWS::S3::Bucket' && zone === OBJECT_ZONE)!;
  const key = resources.find(({ type }) => type === 'AWS::KMS::Alias')!;
  return roundTrip(bucket.physicalId, key.comparisons.find(({ path }) => path === 'TargetKeyId')!.expected!);
}

/** `cdk diff` counts them in its last line; its exit code does not tell a difference from an error. */
export function stacksThatDiffer(output: readonly string[]): number {
  const counts = output.map((line) => /Number of stacks with differences: (\d+)/.exec(line)?.[1]).filter((count) => count !== undefined);
  if (counts.length !== 1) throw new Error(`DW6202 cdk diff did not say how many stacks differ:\n${output.join('\n')}`);
  return Number(counts[0]);
}

/** Of CloudFormation's events those that end something; and what the tool itself says. */
function onlyEvents(progress: (line: string) => void): (line: string) => void {
  return (line) => {
    if (!line.includes('_IN_PROGRESS')) progress(line);
  };
}
