import { isDeepStrictEqual } from 'node:util';
import { assemblyDifferences } from '../plan/bundle/contradictions';
import type { Plan } from '../plan/plan';
import type { DeploymentRecord } from '../record/record';
import { remaining } from '../rollback/chosen';

/** What the history of the environment holds of what a plan says that it brings back. */
export interface Past {
  /** Of the serial; undefined when there is none. */
  readonly record?: Pick<DeploymentRecord, 'assemblyGiven' | 'commit' | 'dirty' | 'lineage' | 'planDigest' | 'result'>;
  /** The plan that the record names, verified. */
  readonly plan: () => Promise<Pick<Plan, 'stacks'>>;
  /** What was applied last. */
  readonly current?: Pick<DeploymentRecord, 'serial' | 'stacks'>;
}

/**
 * Why a plan is no rollback, whatever it says; undefined when it is one. It has to deploy exactly what the plan deploys that was applied
 * here under that serial: then these files have passed the environments before this one already. And whoever approved it has to have read
 * what it leaves as it is.
 */
export async function rollbackProblem(plan: Plan, past: Past): Promise<string | undefined> {
  const { serial, digest } = plan.rollback!;
  const { record } = past;
  if (!record || record.lineage !== plan.state?.lineage) return `the history has no serial ${serial}`;
  if (record.result === 'failed') return `serial ${serial} failed`;
  if (record.planDigest !== digest) return `serial ${serial} is of plan ${record.planDigest}, the plan says ${digest}`;
  if (record.commit !== plan.commit || record.dirty !== plan.dirty) {
    return `serial ${serial} is of commit ${record.commit}, the plan is of commit ${plan.commit}`;
  }
  if (record.assemblyGiven !== plan.assemblyGiven) {
    return `of serial ${serial}, the assembly was ${record.assemblyGiven ? 'given' : 'synthesised'}`;
  }
  const difference = assemblyDifferences(plan.stacks, (await past.plan()).stacks).at(0);
  if (difference !== undefined) return `the plan deploys something else than serial ${serial}: ${difference}`;
  const { current } = past;
  if (current?.serial !== plan.state.serial) return undefined; // the plan is stale, and refused as such
  const left = remaining(current.stacks, plan.stacks);
  return isDeepStrictEqual(left, plan.rollback!.remaining)
    ? undefined
    : `it leaves ${left.join(', ') || 'no stack'} as it is, and says otherwise`;
}
