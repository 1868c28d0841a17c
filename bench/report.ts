export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly budget: number;
  /** Pairs of processes. */
  readonly rounds: number;
}

/** For the terminal. */
export function oneLine({ name, value, unit, budget }: Row): string {
  const verdict = value > budget ? '  BEYOND ITS BUDGET' : '';
  return `${name.padEnd(52)} ${value.toFixed(2)}${unit}  (budget ${budget}${unit})${verdict}`;
}

/** docs/benchmarks.md. */
export function markdown(rows: readonly Row[], environment: readonly string[]): string {
  return [
    '# Benchmarks',
    '',
    '<!-- Written by `npx projen bench --write`. -->',
    '',
    'What `DataLakeZones` costs beside a lake written by hand with the constructs of CDK (`bench/programs/hand-written-lake.ts`).',
    'A test proves that both give the same template but for logical ids: thirteen zones, key, log bucket, 41 parameters, 14 outputs.',
    '',
    '| | measured | budget | pairs |',
    '|---|---:|---:|---:|',
    ...rows.map(({ name, value, unit, budget, rounds }) => `| ${name} | ${value.toFixed(2)}${unit} | ${budget}${unit} | ${rounds} |`),
    '',
    'Each number is the median over pairs of whole processes, ours and theirs in turns, after a pair that warms the file cache.',
    "CPU time is user and system time of the process, memory its largest resident set. CDK's template validator is off in both.",
    `Measured with ${environment.join(', ')}.`,
    '',
  ].join('\n');
}
