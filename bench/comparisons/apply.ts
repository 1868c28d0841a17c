import type { Comparison } from '../comparison';
import type { Lake } from '../lake';
import type { LocalAws } from '../local-aws';
import { measured, pairs, TIME } from '../measure';

/** `dataworks apply` of a plan that was made and approved before, beside `cdk deploy --method=direct`, which synthesises. */
export const APPLIES = [
  applyOf('apply / cdk deploy, first creation', 2, (aws) => aws.newLake()),
  applyOf('apply / cdk deploy, one bucket changed', 3, async (aws) => {
    const lake = await aws.deployedLake();
    lake.change();
    return lake;
  }),
  applyOf('apply / cdk deploy, nothing changed', 5, (aws) => aws.deployedLake()),
];

/** @param lake gives the lake as each side finds it */
function applyOf(id: string, rounds: number, lake: (aws: LocalAws) => Promise<Lake>): Comparison {
  return {
    id,
    measure: async (aws) => {
      const ours = async () => {
        const found = await lake(aws);
        return found.apply(found.approvedPlan());
      };
      const theirs = async () => (await lake(aws)).cdkDeploy();
      return [measured(id, TIME, await pairs(ours, theirs, { rounds }))];
    },
  };
}
