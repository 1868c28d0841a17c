import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isEqual } from './compare';
import { compile } from './compile';
import { CONFIGURATION } from './dataworks';
import { differences, otherTable, totals, verdict, writeOnly, zoneTable } from './report';
import { Steps } from './steps';
import { tryLake, type TriedLake } from './try-lake';
import { useEnvironment } from './use-environment';
// The source, since nothing may be compiled yet.
import { loadConfiguration } from '../../packages/dataworks-deploy/src';
import { clientEnvironment } from '../cli/environment';
import { withLock } from '../cli/lock';
import type { Home } from '../cli/paths';
import { startServer } from '../cli/server';

const USAGE = `npx projen try [--json] [--help]

Bootstraps, plans, approves and applies the first environment of packages/dataworks-app/dataworks.json in the
embedded local AWS, and reads every property of the lake back by the API of its service. Can be interrupted, and
run again: nothing changes then.

  --json   print the result as JSON on stdout, everything else on stderr
  --help   this text

Exit code: 0 all is as the template claims; 1 something differs or failed; 64 these arguments are not known
(through npx projen that is 1, too).
The local AWS goes on running: npx projen local:env tells how to talk to it, npx projen local:stop ends it.`;

/** Where the command works and where its words go. */
export interface Surroundings {
  readonly home: Home;
  /** Results. */
  readonly out: (text: string) => void;
  /** Errors; with `--json` progress as well. */
  readonly err: (text: string) => void;
}

/** Run one command line; gives the exit code. */
export async function runTry(args: readonly string[], where: Surroundings): Promise<number> {
  const { out, err } = where;
  let options;
  try {
    options = parseArgs({ args: [...args], options: { json: { type: 'boolean' }, help: { type: 'boolean' } } }).values;
  } catch (error) {
    err(`${(error as Error).message}\n\n${USAGE}`);
    return 64;
  }
  if (options.help) {
    out(USAGE);
    return 0;
  }
  const json = options.json ?? false;
  try {
    return await withLock(join(where.home.directory, 'try.lock'), () => deployAndCompare(json, where), { progress: json ? err : out });
  } catch (error) {
    err(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

async function deployAndCompare(json: boolean, { home, out, err }: Surroundings): Promise<number> {
  const say = json ? err : out;
  const steps = new Steps(say);

  const [environment] = loadConfiguration(CONFIGURATION).environments;
  await steps.step('Compile the packages', compile);
  const { server } = await steps.step('Start the embedded local AWS', (progress) => startServer({ home, afresh: true, progress }));
  useEnvironment(clientEnvironment({ url: server.url, account: environment.account, region: environment.region }, process.env));
  const lake = await tryLake(environment, home.directory, steps);

  const result = resultOf(environment.name, lake);
  const report = join(home.directory, 'report.json');
  writeFileSync(report, JSON.stringify({ ...result, stacks: lake.stacks, object: lake.object }, undefined, 2));
  say(summary(lake, result, [`Values: ${report}`, `${steps.elapsed()} in all.`]));
  if (json) out(JSON.stringify(result, undefined, 2));
  return result.differences.length === 0 ? 0 : 1;
}

function resultOf(environment: string, { changed, plan, stacks, object }: TriedLake) {
  const { services, stack } = totals(stacks);
  return {
    environment,
    changed,
    plan: { digest: plan.digest, report: plan.report },
    compared: { services, stack, object: object.length },
    differences: [
      ...stacks.flatMap(differences),
      ...object
        .filter((comparison) => !isEqual(comparison))
        .map(({ path, expected, actual }) => `object ${path}: expected ${expected}, is ${actual}`),
    ],
  };
}

function summary({ changed, stacks, object }: TriedLake, result: ReturnType<typeof resultOf>, end: readonly string[]): string {
  const { environment, plan, compared } = result;
  return [
    '',
    'How many values the templates claim of each resource: ✔ the service answers the same, ✘ it does not, – none.',
    '',
    ...stacks.flatMap((stack) =>
      [zoneTable(stack), otherTable(stack)].filter((table) => table !== undefined).flatMap((table) => [table, '']),
    ),
    ...writeOnly(stacks).map((line) => `Not readable, vouched for by the deployed template alone: ${line}`),
    ...result.differences.map((line) => `DIFFERENT ${line}`),
    `${compared.services} values read back from their services, ${compared.stack} from CloudFormation (the stack and its template), ${result.differences.length} different.`,
    `Object: ${object.map(({ path, actual }) => `${path} ${actual}`).join(', ')}.`,
    `The plan: ${plan.report}`,
    `  in a terminal: eval "$(npx projen local:env)" && npx projen dataworks show ${environment} ${plan.digest}`,
    ...end,
    verdict(changed, result.differences),
  ].join('\n');
}
