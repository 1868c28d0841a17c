import { join } from 'node:path';
import type { Comparison } from '../comparison';
import { measured, pairs, used, type Metric, type Time } from '../measure';
import { ROOT } from '../programs';

const id = 'dataworks --help';

const OURS: Metric<Time> = { name: 'time', unit: ' s', of: ({ seconds }) => seconds };
const NODE_ALONE: Metric<Time> = { name: 'of which Node.js', unit: ' s', of: (_ours, { seconds }) => seconds };

/** The command that loads nothing, beside Node.js that runs nothing. */
export const HELP: Comparison = {
  id,
  measure: async () => {
    const found = await pairs(
      () => used({ args: [join(ROOT, 'packages/dataworks-deploy/lib/cli.js'), '--help'] }),
      () => used({ args: ['--eval', '0'] }),
      { rounds: 11 },
    );
    return [OURS, NODE_ALONE].map((metric) => measured(id, metric, found));
  },
};
