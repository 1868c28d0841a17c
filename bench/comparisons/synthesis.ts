import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Comparison } from '../comparison';
import { CPU_TIME, CPU_TIME_ADDED, measured, pairs, PEAK_MEMORY, used, type Metric, type Usage } from '../measure';
import { COMPILED } from '../programs';

/** A compiled program of `programs/` and its arguments. */
type Program = readonly [file: string, ...args: string[]];

interface Row {
  readonly id: string;
  readonly ours: Program;
  readonly theirs: Program;
  /** Whether the checks that are built into the constructs run. */
  readonly checks: boolean;
  readonly rounds: number;
  readonly metrics: ReadonlyArray<Metric<Usage>>;
}

const lakes = (count: number) => ({
  ours: ['synth.js', 'data-works', String(count)] as const,
  theirs: ['synth.js', 'hand-written', String(count)] as const,
});

const ROWS: readonly Row[] = [
  { id: 'one lake, checks off', ...lakes(1), checks: false, rounds: 11, metrics: [CPU_TIME] },
  { id: 'one lake, checks on', ...lakes(1), checks: true, rounds: 11, metrics: [CPU_TIME] },
  { id: '77 lakes (1,001 zones), checks off', ...lakes(77), checks: false, rounds: 3, metrics: [CPU_TIME, PEAK_MEMORY] },
  { id: '77 lakes (1,001 zones), checks on', ...lakes(77), checks: true, rounds: 3, metrics: [CPU_TIME] },
  { id: 'import', ours: ['import-data-works.js'], theirs: ['import-l2s.js'], checks: true, rounds: 11, metrics: [CPU_TIME_ADDED] },
];

/** The lake beside the same lake written by hand with CDK's own constructs. */
export const SYNTHESES = ROWS.map(({ id, ours, theirs, checks, rounds, metrics }): Comparison => ({
  id,
  measure: async () => {
    const found = await pairs(
      () => synthesis(ours, checks),
      () => synthesis(theirs, checks),
      { rounds },
    );
    return metrics.map((metric) => measured(id, metric, found));
  },
}));

function synthesis([file, ...args]: Program, checks: boolean): Usage {
  const assembly = mkdtempSync(join(COMPILED, 'cdk.out'));
  try {
    return used({
      args: [...(checks ? [] : ['--require', join(COMPILED, 'without-checks.js')]), join(COMPILED, file), ...args],
      env: {
        ...process.env,
        CDK_OUTDIR: assembly,
        CDK_VALIDATION: 'false', // CDK's own template validator costs ten times as much as either side
      },
    });
  } finally {
    rmSync(assembly, { recursive: true });
  }
}
