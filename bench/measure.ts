import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { COMPILED } from './programs';

/** A command line, and where it runs. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** All of it, not additions. */
  readonly env?: NodeJS.ProcessEnv;
}

/** What a whole process took. */
export interface Time {
  readonly seconds: number;
}

/** The same, and what it used itself, without the processes that it started. */
export interface Usage extends Time {
  /** User and system time. */
  readonly cpuMs: number;
  /** Resident set at its largest. */
  readonly peakMb: number;
}

/** What one pair of processes says. */
export interface Metric<T> {
  readonly name: string;
  readonly unit: string;
  readonly of: (ours: T, theirs: T) => number;
}

export const TIME: Metric<Time> = { name: 'time', unit: '×', of: (ours, theirs) => ours.seconds / theirs.seconds };
export const CPU_TIME: Metric<Usage> = { name: 'CPU time', unit: '×', of: (ours, theirs) => ours.cpuMs / theirs.cpuMs };
export const PEAK_MEMORY: Metric<Usage> = { name: 'peak memory', unit: '×', of: (ours, theirs) => ours.peakMb / theirs.peakMb };
export const CPU_TIME_ADDED: Metric<Usage> = { name: 'CPU time added', unit: ' ms', of: (ours, theirs) => ours.cpuMs - theirs.cpuMs };

/** One line of the result. */
export interface Measured {
  readonly name: string;
  readonly unit: string;
  /** Median over the pairs. */
  readonly value: number;
  readonly smallest: number;
  readonly largest: number;
  readonly pairs: number;
}

/** One side of a comparison: prepares, which is not measured, and runs one process. */
export type Side<T> = () => T | Promise<T>;

export type Pair<T> = readonly [ours: T, theirs: T];

export interface Rounds {
  readonly rounds: number;
  /** Pairs before them that only warm caches. @default 1 */
  readonly warmUps?: number;
}

/** Both sides in turns. */
export async function pairs<T>(ours: Side<T>, theirs: Side<T>, { rounds, warmUps = 1 }: Rounds): Promise<Array<Pair<T>>> {
  const found: Array<Pair<T>> = [];
  for (let round = 0; round < warmUps + rounds; round += 1) found.push([await ours(), await theirs()]);
  return found.slice(warmUps);
}

/** What a metric says of pairs. */
export function measured<T>(comparison: string, { name, unit, of }: Metric<T>, found: ReadonlyArray<Pair<T>>): Measured {
  const values = found.map((pair) => of(...pair)).sort((one, other) => one - other);
  return {
    name: `${comparison}: ${name}`,
    unit,
    value: median(values),
    smallest: values[0],
    largest: values.at(-1)!,
    pairs: values.length,
  };
}

/** Run a process to its end. Throws when that is no success. */
export function timed({ file, args, cwd, env }: Command): Time {
  const started = performance.now();
  const { status, stderr, error } = spawnSync(file, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw failed(file, args, status, error?.message ?? stderr);
  return { seconds };
}

/** The same for a program of Node.js, whose use of the machine is known too. */
export function used({ args, cwd, env }: Omit<Command, 'file'>): Usage {
  const withReport = ['--require', join(COMPILED, 'report-usage.js'), ...args];
  const started = performance.now();
  const { status, output } = spawnSync(process.execPath, withReport, {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
  });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw failed('node', args, status, String(output[2]));
  return { seconds, ...(JSON.parse(String(output[3])) as Omit<Usage, 'seconds'>) };
}

function failed(file: string, args: readonly string[], status: number | null, said: string): Error {
  return new Error(`${[file, ...args].join(' ')} ended with ${status ?? 'a signal'}:\n${said.trim().split('\n').slice(-20).join('\n')}`);
}

function median(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
