import type { Comparison } from '../comparison';
import type { Lake } from '../lake';
import { measured, pairs, TIME } from '../measure';

/** `dataworks plan` beside `cdk diff` of the deployed lake, each with its synthesis. */
export const PLANS = [
  planOf('plan / cdk diff, nothing changed', () => {}),
  planOf('plan / cdk diff, one bucket changed', (lake) => {
    lake.change();
  }),
];

function planOf(id: string, prepare: (lake: Lake) => void): Comparison {
  return {
    id,
    measure: async (aws) => {
      const lake = await aws.deployedLake();
      prepare(lake);
      const found = await pairs(
        () => lake.plan(),
        () => lake.cdkDiff(),
        { rounds: 5 },
      );
      return [measured(id, TIME, found)];
    },
  };
}
