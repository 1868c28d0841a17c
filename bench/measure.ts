import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { transformFileSync } from '@swc/core';
import { METRICS, type Comparison, type Program, type Usage } from './comparisons';

/** Inside `node_modules`, so that the programs find the packages; no tool looks there. */
const COMPILED = resolve(__dirname, '../node_modules/.cache/bench');

/** Median, over the pairs of one comparison, by metric. */
export type Measured = Readonly<Record<string, number>>;

/** Compile the programs, so that no measured process compiles anything. */
export function compile(): void {
  const programs = join(__dirname, 'programs');
  mkdirSync(COMPILED, { recursive: true });
  for (const file of readdirSync(programs)) {
    const { code } = transformFileSync(join(programs, file), {
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs' },
    });
    writeFileSync(join(COMPILED, file.replace(/ts$/, 'js')), code);
  }
}

/** Run both programs in turns, a whole process each; the first pair only warms the file cache. */
export function measure({ ours, theirs, checks, rounds, metrics }: Comparison): Measured {
  const pairs = Array.from({ length: rounds + 1 }, () => [runProgram(ours, checks), runProgram(theirs, checks)] as const).slice(1);
  return Object.fromEntries(metrics.map((metric) => [metric, median(pairs.map((pair) => METRICS[metric].of(...pair)))]));
}

function runProgram([file, ...args]: Program, checks: boolean): Usage {
  const assembly = mkdtempSync(join(COMPILED, 'cdk.out'));
  const preloaded = ['report-usage.js', ...(checks ? [] : ['without-checks.js'])].flatMap((preload) => [
    '--require',
    join(COMPILED, preload),
  ]);
  const { status, output } = spawnSync(process.execPath, [...preloaded, join(COMPILED, file), ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
    encoding: 'utf8',
    env: {
      ...process.env,
      CDK_OUTDIR: assembly,
      CDK_VALIDATION: 'false', // CDK's own template validator costs ten times as much as either side
    },
  });
  rmSync(assembly, { recursive: true });
  if (status !== 0) throw new Error(`${[file, ...args].join(' ')} ended with ${status ?? 'a signal'}.`);
  return JSON.parse(String(output[3])) as Usage;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
