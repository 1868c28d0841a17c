import type { Measured } from './measure';

export interface Row extends Measured {
  /** Undefined for what is only reported beside another. */
  readonly budget?: number;
}

/** A comparison that was not made. */
export interface SkippedRow {
  readonly id: string;
  readonly skipped: string;
}

/** For the terminal. */
export function oneLine({ name, value, smallest, largest, unit, budget }: Row): string {
  const limit = budget === undefined ? '' : `  (budget ${budget}${unit})${value > budget ? '  BEYOND ITS BUDGET' : ''}`;
  return `${name.padEnd(68)} ${value.toFixed(2)}${unit}  [${smallest.toFixed(2)} to ${largest.toFixed(2)}]${limit}`;
}

/** docs/benchmarks.md. */
export function markdown(rows: readonly Row[], skipped: readonly SkippedRow[], environment: readonly string[]): string {
  return [
    '# Benchmarks',
    '',
    '<!-- Written by `npx projen bench --write`. -->',
    '',
    '`npx projen bench` measures what this project costs beside what is used instead, as whole processes, in one run on one machine.',
    '`--only <text>` takes the comparisons that have this text in their names, `--check` fails beyond a budget, `--write` writes this page.',
    '',
    '| | median | smallest to largest | budget | pairs |',
    '|---|---:|---:|---:|---:|',
    ...rows.map(line),
    ...skipped.map(({ id, skipped: why }) => `| ${id} | skipped: ${why} | | | |`),
    '',
    '## What is compared',
    '',
    '- **One lake, 77 lakes, import**: synthesising `DataLakeZones`, beside a lake written by hand with the constructs of CDK',
    '  (`bench/programs/hand-written-lake.ts`). A test proves that both give the same template but for logical ids: thirteen zones, key, log bucket,',
    '  41 parameters, 14 outputs.',
    '- **`dataworks --help`**: the seconds of the command that loads nothing, and of a Node.js that runs nothing.',
    '- **plan / cdk diff**: both synthesise the app of this repository, the environment `dev` of it (`dataworks plan` asks the app for that by itself, `cdk`',
    '  here by `--context dataworks:environment=dev`), by the same `node app.js`, and compare the deployed lake with it. `cdk diff` as it is by default,',
    '  with a change set when anything has changed.',
    '- **apply / cdk deploy**: `dataworks apply` of a plan that was made and approved before, which is not in the time, and `cdk deploy --method=direct`,',
    '  which synthesises. First creation: each in an empty account. Otherwise both in turns on one lake, with a new value before each of them, or none.',
    '- **plan of 20 stacks**: from a ready assembly, beside the plan of one such stack; nothing of them is deployed.',
    '- **plan / terraform plan, apply / terraform apply**: the same app, and a Terraform configuration of its key and buckets with the settings that the',
    '  provider has (`bench/terraform`), without the 41 SSM parameters. `terraform plan` of what is deployed; `terraform apply` into an empty account, once',
    "  and without a warm-up, for it takes minutes. Without Terraform or its AWS provider this comparison is skipped. Where the registry is not reachable, Terraform's own",
    '  `TF_CLI_ARGS_init=-plugin-dir=<folder>` names a folder with the provider.',
    '',
    'AWS is the embedded local AWS, one for all of it: what is measured is what the tools do themselves and how often they ask, not how long AWS takes.',
    '',
    '## How',
    '',
    'A line is the median over pairs of whole processes, ours and theirs in turns, after a pair that only warms caches.',
    'Time is what a user waits for. CPU time is user and system time of the process, memory its largest resident set.',
    "CDK's template validator is off on both sides.",
    `Measured with ${environment.join(', ')}.`,
    '',
  ].join('\n');
}

function line({ name, value, smallest, largest, unit, budget, pairs }: Row): string {
  const limit = budget === undefined ? '' : `${budget}${unit}`;
  return `| ${name} | ${value.toFixed(2)}${unit} | ${smallest.toFixed(2)} to ${largest.toFixed(2)} | ${limit} | ${pairs} |`;
}
