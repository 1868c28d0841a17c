import { Stacks } from '../aws/cloudformation';
import { roleCredentials } from '../aws/role-credentials';
import type { Caller } from '../aws/sts';
import { targetStacksOf } from '../aws/target-stacks';
import { callerFor } from '../bootstrap/preflight';
import { ciJobOf, type CiJob } from '../ci-job';
import { targetOf, type Target } from '../config/target';
import type { LockServices } from '../lock/lock-services';
import { lockServicesOf } from '../lock/services-in';
import type { TargetStacks } from '../lock/target-stacks';
import { RecordStore } from '../record/store';

/** What the commands round the lock of an environment have in common. */
export interface LockTarget {
  readonly target: Target;
  readonly caller: Caller;
  readonly services: LockServices;
  readonly store: RecordStore;
  /** The CI job that this is. */
  readonly job?: CiJob;
}

/** Throws what `targetOf` and `callerFor` throw. */
export async function lockTargetOf(name: string, config: string | undefined): Promise<LockTarget> {
  const target = targetOf(name, config);
  const services = lockServicesOf(target);
  const job = ciJobOf(process.env);
  return { target, caller: await callerFor(target), services, store: new RecordStore(services), ...(job && { job }) };
}

/** The stacks that were deployed last: whoever holds the lock by hand keeps anybody from changing them. */
export async function recordedStacks(place: LockTarget): Promise<TargetStacks> {
  const stacks = (await place.store.read())?.record.stacks ?? [];
  return stacksOf(
    place,
    stacks.map(({ region, name }) => `${region}/${name}`),
  );
}

/** Stacks by `<region>/<name>`, by the deploy role where that is the deployer's. */
export function stacksOf({ target, caller }: LockTarget, stacks: readonly string[]): TargetStacks {
  const { names, environment } = target;
  const role = names.roleArn(names.cdkDeployRole);
  const mayActAs = caller.arn.includes(`:assumed-role/${names.deployerRole}/`) ? role : undefined;
  return targetStacksOf(stacks, (region) => new Stacks(region, roleCredentials(environment.region, mayActAs, caller.arn)));
}
