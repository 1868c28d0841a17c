/** A compiled program of `programs/` and its arguments. */
export type Program = readonly [file: string, ...args: string[]];

export interface Comparison {
  readonly id: string;
  readonly ours: Program;
  readonly theirs: Program;
  /** Whether the checks that are built into the constructs run. */
  readonly checks: boolean;
  readonly rounds: number;
  /** How the two are compared, one line of the result each. */
  readonly metrics: ReadonlyArray<keyof typeof METRICS>;
}

export interface Usage {
  /** User and system time of the whole process. */
  readonly cpuMs: number;
  /** Resident set at its largest. */
  readonly peakMb: number;
}

/** What one pair of processes says. */
export const METRICS = {
  'CPU time': { unit: '×', of: (ours: Usage, theirs: Usage): number => ours.cpuMs / theirs.cpuMs },
  'peak memory': { unit: '×', of: (ours: Usage, theirs: Usage): number => ours.peakMb / theirs.peakMb },
  'CPU time added': { unit: ' ms', of: (ours: Usage, theirs: Usage): number => ours.cpuMs - theirs.cpuMs },
} as const;

const lakes = (count: number) => ({
  ours: ['synth.js', 'data-works', String(count)] as const,
  theirs: ['synth.js', 'hand-written', String(count)] as const,
});

export const COMPARISONS: readonly Comparison[] = [
  { id: 'one lake, checks off', ...lakes(1), checks: false, rounds: 21, metrics: ['CPU time'] },
  { id: 'one lake, checks on', ...lakes(1), checks: true, rounds: 21, metrics: ['CPU time'] },
  { id: '77 lakes (1,001 zones), checks off', ...lakes(77), checks: false, rounds: 7, metrics: ['CPU time', 'peak memory'] },
  { id: '77 lakes (1,001 zones), checks on', ...lakes(77), checks: true, rounds: 7, metrics: ['CPU time'] },
  { id: 'import', ours: ['import-data-works.js'], theirs: ['import-l2s.js'], checks: true, rounds: 21, metrics: ['CPU time added'] },
];
