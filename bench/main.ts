/** `npx projen bench`: what the lake costs beside the same lake written by hand. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import BUDGETS from './budgets.json';
import { COMPARISONS, METRICS } from './comparisons';
import { compile, measure } from './measure';
import { markdown, oneLine, type Row } from './report';

const ROOT = resolve(__dirname, '..');

const USAGE = `Usage: npx projen bench [--write] [--check]

  --write   update docs/benchmarks.md
  --check   exit 1 when a result is beyond its budget in bench/budgets.json`;

function main(args: string[]): number {
  const flags = parse(args);
  if (!flags) return 64;

  compile();
  const rows: Row[] = [];
  for (const comparison of COMPARISONS) {
    const measured = measure(comparison);
    for (const metric of comparison.metrics) {
      const name = `${comparison.id}: ${metric}`;
      const row = { name, value: measured[metric], unit: METRICS[metric].unit, budget: budgetOf(name), rounds: comparison.rounds };
      console.log(oneLine(row));
      rows.push(row);
    }
  }
  if (flags.write) writeFileSync(join(ROOT, 'docs/benchmarks.md'), markdown(rows, environment()));
  return flags.check && rows.some(({ value, budget }) => value > budget) ? 1 : 0;
}

function parse(args: string[]): { write?: boolean; check?: boolean } | undefined {
  try {
    return parseArgs({ args, options: { write: { type: 'boolean' }, check: { type: 'boolean' } } }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    return undefined;
  }
}

function budgetOf(name: string): number {
  const budget = (BUDGETS as Readonly<Record<string, number | undefined>>)[name];
  if (budget === undefined) throw new Error(`bench/budgets.json has no budget for "${name}".`);
  return budget;
}

/** What else the results depend on. */
function environment(): string[] {
  const versions = ['aws-cdk-lib', 'constructs'].map((name) => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as { version: string };
    return `${name} ${version}`;
  });
  return [`Node.js ${process.version}`, ...versions, `${cpus().length} cores (${cpus()[0].model})`];
}

process.exitCode = main(process.argv.slice(2));
