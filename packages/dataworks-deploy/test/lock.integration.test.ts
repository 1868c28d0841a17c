/** Lock and record on real servers: the embedded AWS, AWS's DynamoDB Local, and a real Terraform. Judged by what the servers hold. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, ListObjectVersionsCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import terraformLocks from './lock/terraform-locks.json';
import { configuration, REGION, writeConfiguration } from './support/command-line';
import { contend, LEDGER } from './support/contend';
import { hasJavaAndMaven, startDynamoDbLocal } from './support/dynamodb-local/server';
import { aRecord } from './support/records';
import { answers, ITEM_STEPS, OBJECT_STEPS, OURS, winners } from './support/services-contract';
import { QUIET, TERRAFORM, UNATTENDED } from './support/terraform';
import { clientEnvironment } from '../../../local-aws/cli/environment';
import { ownServer } from '../../../local-aws/test/own-server';
import { useEnvironment } from '../../../local-aws/try/use-environment';
import { lockItemsIn } from '../src/aws/lock-items';
import { objectsIn } from '../src/aws/objects';
import { targetOf, type Target } from '../src/config/target';
import { acquire } from '../src/lock/lock';
import { jsonOf } from '../src/lock/lock-info';
import type { LockServices } from '../src/lock/lock-services';
import { lockServicesOf } from '../src/lock/services-in';
import type { TargetStacks } from '../src/lock/target-stacks';
import { dataworks } from '../src/program';
import { RecordStore } from '../src/record/store';

/** 32 and 200 for the long run: DATAWORKS_LOCK_WORKERS=32 DATAWORKS_LOCK_ROUNDS=200. */
const WORKERS = Number(process.env.DATAWORKS_LOCK_WORKERS ?? 8);
const ROUNDS = Number(process.env.DATAWORKS_LOCK_ROUNDS ?? 24);
/** A lease of theirs lasts 6 seconds: the protocol is the same, its clocks run faster. */
const SPEED = 10;

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const own = ownServer();

const ACCOUNTS = Array.from({ length: 40 }, (_, index) => String(710000000000 + index));

interface Place {
  readonly target: Target;
  readonly services: LockServices;
  readonly folder: string;
  readonly s3: S3Client;
  readonly dynamoDb: DynamoDBClient;
}

/** Environment dev, with bucket and table, in an account that nothing was done in yet; this process is in that account from now on. */
async function newPlace(): Promise<Place> {
  const account = ACCOUNTS.shift()!;
  useEnvironment(clientEnvironment({ url: own.url, account, region: REGION }, process.env));
  const folder = join(own.folder, account);
  writeConfiguration(folder, configuration([account]));
  const target = targetOf('dev', join(folder, 'dataworks.json'));
  const s3 = new S3Client({ forcePathStyle: true });
  const dynamoDb = new DynamoDBClient({});
  const Bucket = target.names.stateBucket;
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  await createTable(dynamoDb, target.names.stateTable);
  return { target, services: lockServicesOf(target), folder, s3, dynamoDb };
}

async function createTable(client: DynamoDBClient, TableName: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'LockID', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
}

/** No stack: what CloudFormation has to do with the lock is shown where plans are applied. */
const NO_STACKS: TargetStacks = {
  names: [],
  inProgress: () => Promise.resolve([]),
  fenceOff: () => Promise.resolve({ left: [], highest: 0 }),
};

const request = (services: LockServices, timeout = 0) => ({
  services,
  operation: 'apply',
  reason: 'plan 1234',
  who: 'ada@laptop',
  targets: NO_STACKS,
  timeout,
  tell: () => {},
});

const lockFileOf = async ({ s3, target: { names } }: Place) =>
  (await s3.send(new GetObjectCommand({ Bucket: names.stateBucket, Key: names.lockFileKey }))).Body!.transformToString();
const lockItemOf = async ({ dynamoDb, target: { names } }: Place) =>
  (await dynamoDb.send(new GetItemCommand({ TableName: names.stateTable, Key: { LockID: { S: names.lockId } } }))).Item;

describe('the contract', () => {
  test('of the table, on the embedded AWS', async () => {
    const { services } = await newPlace();
    const { got, expected } = await answers(ITEM_STEPS, services.items);
    expect(got).toEqual(expected);
  });

  test('of the bucket, on the embedded AWS', async () => {
    const { services } = await newPlace();
    const { got, expected } = await answers(OBJECT_STEPS, { ...services.objects, etags: [] });
    expect(got).toEqual(expected);
  });

  test('of 32 who take it at once, one has it', async () => {
    const { services, target } = await newPlace();
    const place = { region: REGION, account: target.environment.account, bucket: target.names.stateBucket };
    expect(await winners(32, async (number) => (await objectsIn(place).create('x', String(number))) !== undefined)).toBe(1);
    expect(await winners(32, async (number) => (await services.items.create({ info: String(number) })) === undefined)).toBe(1);
  });

  const canRun = hasJavaAndMaven();
  const isRequired = process.env.DATAWORKS_REQUIRE === 'all';
  (canRun || isRequired ? test : test.skip)("of the table, on AWS's DynamoDB Local 2.6.1 (skipped without a JDK and Maven)", async () => {
    await newPlace();
    const folder = join(own.folder, 'dynamodb-local');
    mkdirSync(folder);
    const server = await startDynamoDbLocal(folder);
    process.env.AWS_ENDPOINT_URL_DYNAMODB = server.url;
    try {
      await createTable(new DynamoDBClient({}), 'state');
      const items = lockItemsIn({ region: REGION, table: 'state', lockId: 'state/x', fenceId: 'state/x-fence' });
      const { got, expected } = await answers(ITEM_STEPS, items);
      expect(got).toEqual(expected);
      expect(await winners(32, async (number) => (await items.create({ ...OURS, info: String(number) })) === undefined)).toBe(1);
    } finally {
      Reflect.deleteProperty(process.env, 'AWS_ENDPOINT_URL_DYNAMODB');
      await server.stop();
    }
  });
});

test(`${WORKERS} processes contend for ${ROUNDS} rounds, some of them killed, some stopped: one at a time, in the order of their fences, and nothing is lost`, async () => {
  const { target, services, s3, dynamoDb } = await newPlace();
  const { names, environment } = target;
  const { account } = environment;
  const { abandoned, lost, fates, codes } = await contend(WORKERS, Math.max(4, Math.floor(ROUNDS / 8)), {
    items: { region: REGION, table: names.stateTable, lockId: names.lockId, fenceId: names.fenceId },
    objects: { region: REGION, account, bucket: names.stateBucket },
    names: { lockId: names.lockId, lockFileKey: names.lockFileKey, recordKey: names.recordKey, historyPrefix: names.historyPrefix },
    rounds: ROUNDS,
    speed: SPEED,
  });
  expect(codes).toEqual(codes.map(() => 0));
  expect(new Set(fates).size).toBe(4);

  // Each version is the one before and one line: whoever wrote had read what is there, though it wrote without any condition.
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: names.stateBucket, Prefix: LEDGER }));
  const versions: string[] = [];
  for (const { Key, VersionId } of Versions) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: names.stateBucket, Key, VersionId }));
    versions.unshift(await Body!.transformToString());
  }
  const ledger = versions.at(-1)!.split('\n').slice(0, -1);
  expect(ledger).toHaveLength(ROUNDS);
  expect(versions).toEqual(ledger.map((_, index) => `${ledger.slice(0, index + 1).join('\n')}\n`));
  const written = ledger.map(Number);
  expect(written).toEqual([...new Set(written)].sort((one, other) => one - other));

  const store = new RecordStore(services);
  const serials = await store.serials();
  expect(serials).toEqual(serials.map((_, index) => index + 1));
  const recorded = await Promise.all(serials.map(async (serial) => (await store.past(serial))!.fence));
  expect(recorded).toEqual([...new Set(recorded)].sort((one, other) => one - other));
  expect(recorded).toEqual(expect.arrayContaining(written));

  const broken = (await store.events(10 * ROUNDS)).map(({ action, holder }) => [action, holder.id]);
  expect(broken).toEqual(expect.arrayContaining(abandoned.map((id) => ['broken', id])));
  expect(lost.length).toBeGreaterThan(0);
  expect(recorded.filter((fence) => lost.includes(fence))).toEqual([]);
  const { Items = [] } = await dynamoDb.send(new ScanCommand({ TableName: names.stateTable }));
  expect(Items.map(({ LockID }) => LockID.S)).toEqual([names.fenceId]);
  expect(await services.objects.keys(names.lockFileKey)).toEqual([]);
}, 1_800_000);

(TERRAFORM === undefined ? describe.skip : describe)('a real Terraform (skipped where there is none)', () => {
  const halves = ['item', 'file', 'both'] as const;
  const terraform = (place: Place, ...args: string[]) =>
    spawn(TERRAFORM!, [...args, ...UNATTENDED], {
      cwd: join(place.folder, 'terraform'),
      env: { ...process.env, ...QUIET },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const ended = async (child: ChildProcess) => {
    let err = '';
    child.stderr!.on('data', (part: Buffer) => (err += part.toString()));
    child.stdout!.resume();
    const [code] = (await once(child, 'close')) as [number];
    return { code, err };
  };

  /** A configuration that keeps its state in our bucket, and whose apply lasts until there is a file `go`. */
  async function workspace(half: (typeof halves)[number]): Promise<Place> {
    const place = await newPlace();
    const { stateBucket, stateTable, stateKey } = place.target.names;
    mkdirSync(join(place.folder, 'terraform'));
    writeFileSync(
      join(place.folder, 'terraform/main.tf'),
      `terraform {
  backend "s3" {
    bucket                      = "${stateBucket}"
    key                         = "${stateKey}"
    region                      = "${REGION}"
    use_path_style              = true
    skip_credentials_validation = true
    skip_requesting_account_id  = true
    skip_region_validation      = true
    skip_metadata_api_check     = true
    use_lockfile                = ${half !== 'item'}
    ${half === 'file' ? '' : `dynamodb_table = "${stateTable}"`}
  }
}
resource "terraform_data" "it" {
  provisioner "local-exec" {
    command = "touch begun; for i in $(seq 600); do [ -e go ] && exit; sleep 0.1; done"
  }
}
`,
    );
    expect(await ended(terraform(place, 'init'))).toMatchObject({ code: 0 });
    return place;
  }

  /** The same but for what differs each time. */
  const shapeOf = (info: string) =>
    info
      .replace(/"ID":"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"/, '"ID":"…"')
      .replace(/"Who":"[^"]+@[^"]+"/, '"Who":"…"')
      .replace(/"Version":"\d+\.\d+\.\d+"/, '"Version":"…"')
      .replace(/"Created":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"/, '"Created":"…"')
      .replace(/"Path":"[^"]+"/, '"Path":"…"');

  test.each(halves)('that holds the lock by %s blocks us, and leaves what the fixtures show', async (half) => {
    const place = await workspace(half);
    const run = terraform(place, 'apply', '-auto-approve');
    const result = ended(run);
    try {
      while (!existsSync(join(place.folder, 'terraform/begun'))) await sleep(50);
      const [item, file] = [half === 'file' ? undefined : await lockItemOf(place), half === 'item' ? undefined : await lockFileOf(place)];
      if (item) {
        expect(Object.keys(item).sort()).toEqual(Object.keys(terraformLocks.item).sort());
        expect(shapeOf(item.Info.S!)).toBe(shapeOf(terraformLocks.item.Info));
      }
      if (file !== undefined) expect(shapeOf(file)).toBe(shapeOf(terraformLocks.file));
      const { ID } = JSON.parse(item?.Info.S ?? file!) as { ID: string };
      await expect(acquire(request(place.services))).rejects.toMatchObject({
        code: 'DW3001',
        received: expect.stringMatching(new RegExp(`^Terraform \\(.*@.*\\), OperationTypeApply, since 20.*, ID ${ID}$`)),
      });
      const read = await place.services.objects.read(place.target.names.lockFileKey);
      expect([await place.services.items.read(), read?.text]).toEqual([item && { info: item.Info.S }, file]);
    } finally {
      writeFileSync(join(place.folder, 'terraform/go'), '');
    }
    expect(await result).toMatchObject({ code: 0 });
    await (await acquire(request(place.services))).release();
  });

  test.each(halves)('that locks by %s is blocked by us, and says who we are', async (half) => {
    const place = await workspace(half);
    writeFileSync(join(place.folder, 'terraform/go'), '');
    const lock = await acquire(request(place.services));
    const blocked = await ended(terraform(place, 'apply', '-auto-approve', '-lock-timeout=0s'));
    expect(blocked.code).toBe(1);
    for (const words of ['Error acquiring the state lock', lock.info.ID, 'ada@laptop', 'plan 1234', lock.info.Version]) {
      expect(blocked.err).toContain(words);
    }
    expect((await lockItemOf(place))?.Info.S).toBe(jsonOf(lock.info));
    expect(await lockFileOf(place)).toBe(jsonOf(lock.info));
    await lock.release();
    expect(await ended(terraform(place, 'apply', '-auto-approve', '-lock-timeout=0s'))).toMatchObject({ code: 0 });
  });
});

describe('the commands', () => {
  async function run({ folder }: Place, ...args: string[]) {
    const out: string[] = [];
    const err: string[] = [];
    const terminal = {
      out: (text: string) => void out.push(text),
      err: (text: string) => void err.push(text),
      ask: () => Promise.resolve(undefined),
    };
    const code = await dataworks([...args, '--config', join(folder, 'dataworks.json')], terminal);
    return { code, out: out.join('\n'), err: err.join('\n') };
  }

  test('lock, status, unlock, history', async () => {
    const place = await newPlace();
    expect(await run(place, 'status', 'dev')).toMatchObject({ code: 0, out: 'dev: nothing was applied yet.\nLock: nobody holds it.' });
    expect(await run(place, 'history', 'dev')).toMatchObject({ code: 0, out: 'dev: nothing was applied yet.' });
    await new RecordStore(place.services).write(aRecord());
    const locked = await run(place, 'lock', 'dev', '--reason', 'moving the network', '--json');
    const { lock } = JSON.parse(locked.out) as { lock: { ID: string } };
    const again = await run(place, 'lock', 'dev', '--reason', 'another one');
    expect(again).toMatchObject({ code: 5, out: '' });
    expect(again.err).toMatch(/^DW3001: .*moving the network/);
    const status = await run(place, 'status', 'dev');
    expect(status.out).toMatch(
      new RegExp(`^dev: #1  2026.*\\n  lake .*\\nLock: held by\\n  arn:.*, hold, moving the network, since .*, ID ${lock.ID}$`),
    );
    expect(JSON.parse((await run(place, 'status', 'dev', '--json')).out)).toMatchObject({
      record: { serial: 1 },
      lock: { holders: [{ id: lock.ID }] },
    });
    expect(await run(place, 'unlock', 'dev', 'another-id')).toMatchObject({ code: 1 });
    expect(await run(place, 'unlock', 'dev', lock.ID, '--reason', 'moved')).toMatchObject({ code: 0 });
    expect((await run(place, 'status', 'dev')).out).toContain('Lock: nobody holds it.');
    const history = JSON.parse((await run(place, 'history', 'dev', '--json')).out) as unknown;
    expect(history).toMatchObject({ records: [{ serial: 1 }], locks: [{ action: 'unlocked', reason: 'moved', holder: { id: lock.ID } }] });
    expect((await run(place, 'history', 'dev')).out.split('\n')).toHaveLength(2);
  });

  test('release-own: of this job alone, and again without effect', async () => {
    const place = await newPlace();
    expect(await run(place, 'release-own', 'dev')).toMatchObject({ code: 1, err: expect.stringMatching(/^DW3007: /) });
    const job = { url: 'https://circleci.com/gh/acme/lake/7', name: 'apply-dev', workflowId: 'w' };
    (await acquire({ ...request(place.services), job })).leave();
    Object.assign(process.env, { CIRCLECI: 'true', CIRCLE_BUILD_URL: `${job.url}8` });
    expect(await run(place, 'release-own', 'dev')).toMatchObject({ code: 0, out: 'This job holds no lock of dev.' });
    process.env.CIRCLE_BUILD_URL = job.url;
    expect(await run(place, 'release-own', 'dev')).toMatchObject({ code: 0, out: expect.stringMatching(/^Released: ada@laptop, apply/) });
    expect(await run(place, 'release-own', 'dev')).toMatchObject({ code: 0, out: 'This job holds no lock of dev.' });
    expect(await lockItemOf(place)).toBeUndefined();
    Reflect.deleteProperty(process.env, 'CIRCLECI');
  });

  test('a malformed record ends them with its code, and nothing is changed', async () => {
    const place = await newPlace();
    await place.services.objects.create(place.target.names.recordKey, '{"formatVersion":1}');
    for (const args of [
      ['status', 'dev'],
      ['lock', 'dev', '--reason', 'x'],
    ]) {
      const { code, err } = await run(place, ...args);
      expect([code, err.slice(0, 7)]).toEqual([7, 'DW3101:']);
      expect(err).not.toMatch(/\n\s+at /);
    }
    expect(await place.services.objects.keys('')).toEqual([place.target.names.recordKey]);
  });
});
