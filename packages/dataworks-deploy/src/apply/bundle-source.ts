import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BackendNames } from '@dataworks/backend-bootstrap';
import type { Buckets } from '../aws/s3';
import type { Environment } from '../config/configuration';
import { Fault } from '../fault';
import { APPLY_FAULTS } from './faults';
import { readBundle, type Bundle } from '../plan/bundle/bundle';
import { DIGEST } from '../plan/digest';
import { PLAN_FAULTS } from '../plan/faults';
import type { Plan } from '../plan/plan';
import { scratchFolder } from '../scratch';

/**
 * A verified bundle: by its digest that of the state bucket, otherwise that of a folder or an archive.
 *
 * Throws DW3231 for a digest that the state bucket does not have, DW3200 to DW3209 for what is no bundle.
 */
export async function openBundle(source: string, buckets: Buckets, names: BackendNames): Promise<Bundle> {
  if (!DIGEST.test(source)) return readBundle(source);
  const key = `${names.plansPrefix}${source}/bundle.tgz`;
  // Asked by listing it: to whoever may not list everything, S3 answers 403 for an object that is not there.
  const isThere = (await buckets.list(names.stateBucket, key)).length > 0;
  const archive = isThere ? await buckets.bytes(names.stateBucket, key) : undefined;
  if (archive === undefined) throw new Fault(PLAN_FAULTS.noUploadedPlan, { received: `${source} in ${names.stateBucket}` });
  const scratch = scratchFolder('bundle');
  try {
    const file = join(scratch.path, 'bundle.tgz');
    writeFileSync(file, archive);
    return await readBundle(file, source);
  } finally {
    scratch.remove();
  }
}

/** Throws DW3302 when a plan is of another environment than the one that was named, or of another account or region than it has now. */
export function refuseOtherEnvironment(plan: Plan, environment: Environment): void {
  const isSame = plan.environment === environment.name && plan.account === environment.account && plan.region === environment.region;
  if (isSame) return;
  const words = (name: string, { account, region }: Pick<Plan, 'account' | 'region'>) => `${name} (${account}, ${region})`;
  throw new Fault(APPLY_FAULTS.otherEnvironment, {
    received: words(plan.environment, plan),
    allowed: words(environment.name, environment),
  });
}
