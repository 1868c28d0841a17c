import { join } from 'node:path';
import type { Comparison } from '../comparison';
import { measured, pairs, PEAK_MEMORY, TIME, used } from '../measure';
import { COMPILED } from '../programs';

const id = 'plan of 20 stacks with 100 parameters each / of one';

/** How a plan grows: from ready assemblies, so that no synthesis is in it. */
export const LARGE_ASSEMBLY: Comparison = {
  id,
  measure: async (aws) => {
    const lake = await aws.newLake();
    const assemblyOf = (stacks: number): string => {
      const CDK_OUTDIR = join(aws.folder, `stacks-${stacks}`);
      used({ args: [join(COMPILED, 'parameter-stacks.js'), String(stacks)], env: { ...lake.env, CDK_OUTDIR } });
      return CDK_OUTDIR;
    };
    const [twenty, one] = [20, 1].map(assemblyOf);
    const found = await pairs(
      () => lake.plan('--assembly', twenty),
      () => lake.plan('--assembly', one),
      { rounds: 5 },
    );
    return [TIME, PEAK_MEMORY].map((metric) => measured(id, metric, found));
  },
};
