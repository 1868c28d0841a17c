/** The compiled command as its users run it: a process of its own, against the embedded AWS. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { clientEnvironment } from '../../../../local-aws/cli/environment';

const COMMAND = join(__dirname, '../../lib/cli.js');
export const REGION = 'eu-central-1';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** An environment in an account of its own. */
export interface Place {
  readonly name: string;
  /** Also the access key: the embedded AWS takes it for the account. */
  readonly account: string;
  /** Folder with the dataworks.json. */
  readonly folder: string;
  readonly url: string;
  /** Further environment variables, such as the keys of whom policies judge; undefined: without it. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

/** A dataworks.json whose names no other account of the embedded AWS has taken. */
export function configuration(accounts: readonly string[], changes: object = {}): object {
  const [dev, test, prod] = accounts as [string, string?, string?];
  const region = REGION;
  return {
    project: { name: 'dataworks', owner: 'data-platform' },
    repository: 'github.com/acme/lake',
    circleci: { organizationId: '11111111-2222-4333-8444-555555555555', projectId: '66666666-7777-4888-9999-000000000000' },
    stateNameSuffix: `s${dev}`,
    environments: [
      { name: 'dev', account: dev, region, administrators: [`arn:aws:iam::${dev}:role/platform-admin`] },
      ...(test === undefined ? [] : [{ name: 'test', account: test, region }]),
      ...(prod === undefined ? [] : [{ name: 'prod', account: prod, region, production: true }]),
    ],
    ...changes,
  };
}

export function writeConfiguration(folder: string, content: object): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'dataworks.json'), JSON.stringify(content));
}

/** Environment variables with which clients are in an account. */
export function environmentOf({ url, account, variables }: Pick<Place, 'url' | 'account' | 'variables'>): NodeJS.ProcessEnv {
  return { ...process.env, ...clientEnvironment({ url, account, region: REGION }, process.env), ...variables };
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** Ends the process by SIGKILL at the first line of stderr that matches. */
export const killedAt = (pattern: RegExp) => (line: string, child: Child) => {
  if (pattern.test(line)) child.kill('SIGKILL');
};

/**
 * Run one command line.
 *
 * @param onLine told of each line of stderr, with the process that wrote it
 */
export function dataworks(place: Place, args: readonly string[], onLine: (line: string, child: Child) => void = () => {}): Promise<Ended> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd: place.folder,
    env: environmentOf(place),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: string[] = [];
  const err: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => out.push(line));
  createInterface({ input: child.stderr }).on('line', (line) => {
    err.push(line);
    onLine(line, child);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, out: out.join('\n'), err: err.join('\n') });
    });
  });
}
