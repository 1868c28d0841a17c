/** `npx projen try`: see USAGE. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfiguration } from '@dataworks/deploy';
import { isEqual } from './compare';
import { differences, otherTable, totals, writeOnly, zoneTable } from './report';
import { Steps } from './steps';
import { tryLake, type TriedLake } from './try-lake';
import { useEnvironment } from './use-environment';
import { clientEnvironment } from '../cli/environment';
import { HOME } from '../cli/paths';
import { startServer } from '../cli/server';

const USAGE = `npx projen try [--json] [--help]

Deploys the data lake of the first environment of packages/dataworks-app/dataworks.json into the embedded
local AWS, and reads every property back by the API of its service. Can be run again: nothing changes then.

  --json   print the result as JSON on stdout, everything else on stderr
  --help   this text

Exit code: 0 all is as the template claims; 1 something differs or failed; 64 these arguments are not known.
The local AWS goes on running: npx projen local:env tells how to talk to it, npx projen local:stop ends it.`;

const CONFIGURATION = join(__dirname, '../../packages/dataworks-app/dataworks.json');
const REPORT = join(HOME.directory, 'report.json');

async function main(args: readonly string[]): Promise<number> {
  const options = readArguments(args);
  if (!options || options.help) {
    (options ? console.log : console.error)(USAGE);
    return options ? 0 : 64;
  }
  const say = options.json ? console.error : console.log;
  const steps = new Steps(say);

  const { qualifier, environments } = loadConfiguration(CONFIGURATION);
  const environment = environments[0];
  const { server } = await steps.step('Start the embedded local AWS', (progress) => startServer({ progress }));
  useEnvironment(clientEnvironment({ url: server.url, account: environment.account, region: environment.region }, process.env));
  const lake = await tryLake(environment, qualifier, HOME.directory, steps);

  const result = resultOf(environment.name, lake);
  writeFileSync(REPORT, JSON.stringify({ ...result, stacks: lake.stacks, object: lake.object }, undefined, 2));
  say(summary(lake, result, steps.elapsed()));
  if (options.json) console.log(JSON.stringify(result, undefined, 2));
  return result.differences.length === 0 ? 0 : 1;
}

function readArguments(args: readonly string[]): { json?: boolean; help?: boolean } | undefined {
  try {
    return parseArgs({ args: [...args], options: { json: { type: 'boolean' }, help: { type: 'boolean' } } }).values;
  } catch (error) {
    console.error((error as Error).message);
    return undefined;
  }
}

function resultOf(environment: string, { changed, stacks, object }: TriedLake) {
  const { services, stack } = totals(stacks);
  return {
    environment,
    changed,
    compared: { services, stack, object: object.length },
    differences: [
      ...stacks.flatMap(differences),
      ...object
        .filter((comparison) => !isEqual(comparison))
        .map(({ path, expected, actual }) => `object ${path}: expected ${expected}, is ${actual}`),
    ],
  };
}

function summary({ changed, stacks, object }: TriedLake, result: ReturnType<typeof resultOf>, elapsed: string): string {
  const { compared } = result;
  return [
    '',
    ...stacks.flatMap((stack) => [zoneTable(stack), '', otherTable(stack), '']),
    ...writeOnly(stacks).map((line) => `Not readable, vouched for by the deployed template alone: ${line}`),
    ...result.differences.map((line) => `DIFFERENT ${line}`),
    `${compared.services} values read back from their services, ${compared.stack} from CloudFormation (the stack and its template), ${result.differences.length} different.`,
    `Object: ${object.map(({ path, actual }) => `${path} ${actual}`).join(', ')}.`,
    changed ? 'Deployed.' : 'No changes: the lake was deployed already.',
    `${elapsed} in all. Report: ${REPORT}`,
  ].join('\n');
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
