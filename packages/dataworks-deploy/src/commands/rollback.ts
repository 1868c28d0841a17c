import { join } from 'node:path';
import type { CommonOptions } from './common-options';
import { nextSteps } from './next-steps';
import { openBundle, refuseOtherEnvironment } from '../apply/bundle-source';
import { Buckets } from '../aws/s3';
import { callerFor } from '../bootstrap/preflight';
import { findConfiguration } from '../config/find';
import { targetOf, type Target } from '../config/target';
import { Fault } from '../fault';
import { lockServicesOf } from '../lock/services-in';
import { ASSEMBLY } from '../plan/assembly/assembly-path';
import type { Bundle } from '../plan/bundle/bundle';
import { PLAN_FAULTS } from '../plan/faults';
import type { Rollback } from '../plan/plan';
import { planEnvironment } from '../plan/plan-environment';
import { RecordStore } from '../record/store';
import { chosen, remaining } from '../rollback/chosen';
import { scratchFolder } from '../scratch';
import type { Terminal } from '../terminal';

export interface RollbackOptions extends CommonOptions {
  /** Serial. */
  readonly to: number;
  readonly detailedExitcode?: boolean;
}

const CHANGES = 2;

/** `dataworks rollback <environment> --to <serial>`: a plan that brings back what was applied then. */
export async function rollback(name: string, options: RollbackOptions, terminal: Terminal): Promise<number> {
  const { to: serial, config, json = false, detailedExitcode = false } = options;
  const configuration = config ?? findConfiguration(process.cwd());
  const target = targetOf(name, configuration);
  const { environment } = target;
  await callerFor(target);
  const store = new RecordStore(lockServicesOf(target));
  const [stored, past] = await Promise.all([store.read(), store.past(serial)]);
  const { planDigest: digest, commit: applied } = chosen(serial, past, stored?.record);
  const bundle = await appliedBundle(digest, applied, target);
  const scratch = scratchFolder('rollback');
  try {
    refuseOtherEnvironment(bundle.plan, environment);
    const { commit, dirty, assemblyGiven, stacks } = bundle.plan;
    const marker: Rollback = { serial, digest, remaining: remaining(stored!.record.stacks, stacks) };
    const { document, report, isChanged } = await planEnvironment({
      name,
      configuration,
      assembly: Promise.resolve(join(bundle.directory, ASSEMBLY)),
      commit: Promise.resolve({ commit, dirty }),
      assemblyGiven,
      rollback: marker,
      scratch: scratch.path,
      upload: true,
      tell: terminal.err,
    });
    terminal.out(json ? JSON.stringify(document, undefined, 2) : `${report}\n\n${nextSteps(name, document.digest)}`);
    return detailedExitcode && isChanged ? CHANGES : 0;
  } finally {
    bundle.dispose();
    scratch.remove();
  }
}

/** Throws DW3231 when it is gone, and DW3201 to DW3209 when it is not as it was applied. */
async function appliedBundle(digest: string, commit: string, { environment, names }: Target): Promise<Bundle> {
  try {
    return await openBundle(digest, new Buckets(environment.region, environment.account), names);
  } catch (error) {
    if (!(error instanceof Fault && error.code === PLAN_FAULTS.noUploadedPlan.code)) throw error;
    const fix = `check commit ${commit} out and plan that, or restore the object`;
    throw new Fault(PLAN_FAULTS.noUploadedPlan, { received: error.received, allowed: 'the plan that was applied then', fix });
  }
}
