/** `npx projen bench`: what the project costs beside what is used instead. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import BUDGETS from './budgets.json';
import { COMPARISONS } from './comparisons';
import { LocalAws } from './local-aws';
import { compile, ROOT } from './programs';
import { markdown, oneLine, type Row, type SkippedRow } from './report';

const USAGE = `Usage: npx projen bench [--only <text>] [--write] [--check]

  --only <text>   only comparisons with this text in their names
  --write         update docs/benchmarks.md
  --check         exit 1 when a result is beyond its budget in bench/budgets.json`;

async function main(args: string[]): Promise<number> {
  const flags = parse(args);
  if (!flags) return 64;
  const { only = '', write = false, check = false } = flags;
  const selected = COMPARISONS.filter(({ id }) => id.includes(only));
  if (selected.length === 0 || (write && only !== '')) {
    console.error(`${selected.length === 0 ? `No comparison has "${only}" in its name.` : 'The document holds all of them.'}\n\n${USAGE}`);
    return 64;
  }

  compile();
  const rows: Row[] = [];
  const skipped: SkippedRow[] = [];
  const aws = new LocalAws();
  try {
    for (const { id, measure } of selected) {
      const outcome = await measure(aws);
      if ('skipped' in outcome) {
        console.log(`${id}: skipped, nothing is claimed. ${outcome.skipped}`);
        skipped.push({ id, ...outcome });
        continue;
      }
      for (const one of outcome) {
        const row = { ...one, budget: budgetOf(one.name) };
        console.log(oneLine(row));
        rows.push(row);
      }
    }
  } finally {
    await aws.stop();
  }
  if (skipped.length > 0) console.log(`Comparisons that were skipped: ${skipped.length}.`);
  if (write) writeFileSync(join(ROOT, 'docs/benchmarks.md'), markdown(rows, skipped, environment()));
  return check && rows.some(({ value, budget = Infinity }) => value > budget) ? 1 : 0;
}

function parse(args: string[]): { only?: string; write?: boolean; check?: boolean } | undefined {
  try {
    return parseArgs({ args, options: { only: { type: 'string' }, write: { type: 'boolean' }, check: { type: 'boolean' } } }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    return undefined;
  }
}

/** Undefined for what has none, which the file says with `null`. */
function budgetOf(name: string): number | undefined {
  const budget = (BUDGETS as Readonly<Record<string, number | null | undefined>>)[name];
  if (budget === undefined) throw new Error(`bench/budgets.json has no budget for "${name}".`);
  return budget ?? undefined;
}

/** What else the results depend on. */
function environment(): string[] {
  const versions = ['aws-cdk-lib', 'aws-cdk', 'constructs'].map((name) => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as { version: string };
    return `${name} ${version}`;
  });
  return [`Node.js ${process.version}`, ...versions, `${cpus().length} cores (${cpus()[0].model})`];
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
