/** `npx projen try`, killed in the middle of each of its steps, and run again. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { loadConfiguration } from '../../../packages/dataworks-deploy/src';
import { targetOf } from '../../../packages/dataworks-deploy/src/config/target';
import type { DeploymentRecord } from '../../../packages/dataworks-deploy/src/record/record';
import { clientEnvironment } from '../../cli/environment';
import { withLock } from '../../cli/lock';
import { compile } from '../../try/compile';
import { CONFIGURATION } from '../../try/dataworks';
import { useEnvironment } from '../../try/use-environment';
import { ownServer } from '../own-server';

const own = ownServer();
const home = join(own.folder, 'home');
const [dev] = loadConfiguration(CONFIGURATION).environments;
const { names } = targetOf(dev.name, CONFIGURATION);

beforeAll(async () => {
  useEnvironment(clientEnvironment({ url: own.url, account: dev.account, region: dev.region }, process.env));
  await compile(() => {});
});

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly said: string;
}

/** @param killAt the first line that matches ends the process by SIGKILL */
async function tried(killAt?: RegExp): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'tried.ts'), home], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      said.push(line);
      if (killAt?.test(line)) child.kill('SIGKILL');
    });
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, said: said.join('\n') };
}

async function recordAt(Key: string): Promise<DeploymentRecord> {
  const { Body } = await new S3Client({ forcePathStyle: true }).send(new GetObjectCommand({ Bucket: names.stateBucket, Key }));
  return JSON.parse(await Body!.transformToString()) as DeploymentRecord;
}

const past = (serial: number) => recordAt(`${names.historyPrefix}${String(serial).padStart(8, '0')}.json`);

const lockItem = async () =>
  (await new DynamoDBClient().send(new GetItemCommand({ TableName: names.stateTable, Key: { LockID: { S: names.lockId } } }))).Item;

test.each([
  ['bootstrap', /dataworks-dev-backend: change set executes/],
  ['plan', /Stored in /],
  ['approve', /is approved by/],
])('it is killed in the middle of %s', async (_step, killAt) => {
  expect(await tried(killAt)).toMatchObject({ code: null, signal: 'SIGKILL' });
});

test('it is killed in the middle of apply, which leaves the lock', async () => {
  expect(await tried(/dataworks-dev-lake: change set executes/)).toMatchObject({ signal: 'SIGKILL' });
  expect(await lockItem()).toBeDefined();
});

test('the next run does not wait for the dead: it ends the lock, records what was done, and goes on to the end', async () => {
  const { code, said } = await tried();
  expect(said).not.toContain('Waiting for the lock');
  expect(said).toMatch(/An earlier run was ended while it applied its plan[^]*\$ npx projen dataworks unlock dev [0-9a-f-]+\n/);
  expect(said).toMatch(/An apply of plan [0-9a-f]{64} was interrupted before it was recorded: recording it/);
  expect(said).toMatch(/ 0 different\.\n/);
  expect(code).toBe(0);
  expect(await lockItem()).toBeUndefined();
  const [interrupted, last] = [await past(1), await recordAt(names.recordKey)];
  expect([interrupted.serial, last.serial]).toEqual([1, 2]);
  expect(last).toMatchObject({ result: 'noChanges', lineage: interrupted.lineage });
  expect(last.planDigest).not.toBe(interrupted.planDigest);
});

test('of two runs in one home the second waits for the first, and does nothing until then', async () => {
  await withLock(join(home, 'try.lock'), async () => {
    const { signal, said } = await tried(/Waiting for process/);
    expect(signal).toBe('SIGKILL');
    expect(said).toMatch(/^Waiting for process \d+, which holds .*try\.lock/);
  });
});
