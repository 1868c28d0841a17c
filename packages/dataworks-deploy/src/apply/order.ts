import type { Plan } from '../plan/plan';
import type { DeploymentRecord } from '../record/record';

/** The environment that must have applied the same commit first. */
export interface Predecessor {
  readonly name: string;
  /** Its current record; undefined before its first apply. */
  readonly record?: Pick<DeploymentRecord, 'commit' | 'dirty' | 'result' | 'serial'>;
}

/** Why a plan is out of order; undefined when it is not. An apply without changes counts: nothing was left to do there. */
export function orderProblem({ commit, dirty }: Pick<Plan, 'commit' | 'dirty'>, { name, record }: Predecessor): string | undefined {
  if (dirty) return `the plan is of files that differ from commit ${commit}, so they were applied nowhere before`;
  if (!record) return `${name} has no record yet, the plan is of commit ${commit}`;
  const { serial, result } = record;
  if (record.commit !== commit) return `${name} has commit ${record.commit} (serial ${serial}), the plan is of commit ${commit}`;
  if (record.dirty) return `${name} has files that differed from commit ${commit} (serial ${serial})`;
  if (result === 'failed') return `the apply of commit ${commit} in ${name} failed (serial ${serial})`;
  return undefined;
}
