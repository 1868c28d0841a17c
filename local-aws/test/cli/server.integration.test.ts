import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, GetObjectCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { temporaryDirectory } from './fakes';
import { homeAt, type Home } from '../../cli/paths';
import { isAlive } from '../../cli/process-identity';
import type { ServerRecord } from '../../cli/record';
import { resetServer, serverStatus, startServer, stopServer } from '../../cli/server';

const directory = temporaryDirectory();
let homes: Home[];
let told: string[];

beforeEach(() => {
  homes = ['one', 'two'].map((name) => homeAt(join(directory(), name)));
  told = [];
});
afterEach(async () => {
  await Promise.all(homes.map((home) => stopServer({ home })));
});

const start = async (home: Home): Promise<ServerRecord> =>
  (await startServer({ home, tied: true, progress: (line) => told.push(line) })).server;

function s3({ url }: ServerRecord, account = '111111111111'): S3Client {
  return new S3Client({
    endpoint: url,
    region: 'eu-central-1',
    forcePathStyle: true,
    credentials: { accessKeyId: account, secretAccessKey: 'test' },
  });
}

async function buckets(client: S3Client): Promise<Array<string | undefined>> {
  return ((await client.send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name }) => Name);
}

async function ended(server: ServerRecord): Promise<void> {
  const until = Date.now() + 30_000;
  while (isAlive(server)) {
    if (Date.now() > until) throw new Error(`Process ${server.pid} lives on.`);
    await sleep(20);
  }
}

test('two homes run side by side and know nothing of each other', async () => {
  const [one, two] = await Promise.all(homes.map(start));
  await s3(one).send(new CreateBucketCommand({ Bucket: 'of-one' }));
  await expect(buckets(s3(one))).resolves.toEqual(['of-one']);
  await expect(buckets(s3(two))).resolves.toEqual([]);
  await expect(start(homes[0])).resolves.toEqual(one);
});

test('an access key id of twelve digits is in an account of its own', async () => {
  const server = await start(homes[0]);
  await s3(server, '111111111111').send(new CreateBucketCommand({ Bucket: 'of-dev' }));
  await expect(buckets(s3(server, '222222222222'))).resolves.toEqual([]);
});

test('a bucket and its object outlast a restart, and not a reset', async () => {
  const before = s3(await start(homes[0]));
  await before.send(new CreateBucketCommand({ Bucket: 'kept' }));
  await before.send(new PutObjectCommand({ Bucket: 'kept', Key: 'a/b', Body: 'text' }));
  await stopServer({ home: homes[0] });

  const after = s3(await start(homes[0]));
  const { Body } = await after.send(new GetObjectCommand({ Bucket: 'kept', Key: 'a/b' }));
  await expect(Body!.transformToString()).resolves.toBe('text');
  expect(told).toEqual([]);

  const reset = await resetServer({ home: homes[0], tied: true });
  await expect(buckets(s3(reset!))).resolves.toEqual([]);
});

test('after a crash the state is that of the last clean stop, and the next start says so', async () => {
  await s3(await start(homes[0])).send(new CreateBucketCommand({ Bucket: 'before' }));
  await stopServer({ home: homes[0] });
  const server = await start(homes[0]);
  await s3(server).send(new CreateBucketCommand({ Bucket: 'after' }));
  process.kill(server.pid, 'SIGKILL');
  await ended(server);
  await expect(serverStatus({ home: homes[0] })).resolves.toMatchObject({ state: 'stale' });

  expect(told).toEqual([]);
  await expect(buckets(s3(await start(homes[0])))).resolves.toEqual(['before']);
  expect(told).toEqual([expect.stringContaining('DW6007')]);
});

test('a tied server ends, its state written, when the process that started it is killed', async () => {
  const caller = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'caller.ts'), homes[0].directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed] = (await once(caller.stdout, 'data')) as [Buffer];
  const server = JSON.parse(String(printed)) as ServerRecord;
  await s3(server).send(new CreateBucketCommand({ Bucket: 'kept' }));

  caller.kill('SIGKILL');
  await ended(server);
  await expect(buckets(s3(await start(homes[0])))).resolves.toEqual(['kept']);
  expect(told).toEqual(['The server of the last run had ended by itself, its state written.']);
});

test('the server can be reached from this machine alone', async () => {
  const { port } = await start(homes[0]);
  const outside = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const others = outside.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address);
  if (process.platform === 'linux') others.push('127.0.0.2'); // answers for every server that listens on all interfaces
  for (const host of others) {
    await expect(once(createConnection({ host, port }), 'connect')).rejects.toThrow('ECONNREFUSED');
  }
});
