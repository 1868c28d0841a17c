/**
 * Bundles, approvals, records, locks, configurations and words that are malformed, each by one small change of what is valid: the command,
 * as a process, ends with its code and its exit status, shows nothing of its inside, and changes nothing on the servers.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { CASES, exitOf, SEED, type Case } from './malformed/cases';
import { copyOf, type Copy } from './malformed/copy';
import { snapshotOf, type Snapshot } from './malformed/snapshot';
import { succeeded } from './support/applying';
import { synthesiseSmall, type SmallStack } from './support/assembly';
import { configuration, dataworks, type Ended } from './support/command-line';
import { workspace, type Workplace } from './support/workspace';
import { ownServer } from '../../../local-aws/test/own-server';
import { compile } from '../../../local-aws/try/compile';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
process.env.CDK_VALIDATION = 'false';

const own = ownServer();
const ACCOUNT = '730000000001';

/** Everything is valid here. */
let workplace: Workplace;
let valid: Copy;

const lake = (zone: string): SmallStack => ({ name: 'lake', values: { zone } });

/** Two plans that were applied, and one that is approved. */
async function validCopy(): Promise<Copy> {
  succeeded(await workplace.run('bootstrap', 'dev', '--yes'));
  const first = await workplace.approved([lake('raw')]);
  succeeded(await workplace.apply(first));
  const second = await workplace.approved([lake('clean')]);
  succeeded(await workplace.apply(second));
  const folder = join(own.folder, 'valid');
  const assembly = join(folder, 'assembly');
  synthesiseSmall(assembly, ACCOUNT, [lake('curated')]);
  const digest = await workplace.planOf(assembly, '--out', join(folder, 'bundle'));
  succeeded(await workplace.run('approve', 'dev', digest));
  const { names, clients } = workplace;
  const keys = await workplace.keys(names.stateKey);
  const read = keys.filter((key) => !/\/plans\/.*\/(?:report|summary)\./.test(key) && !key.includes(second));
  const objects = await Promise.all(read.map(async (key) => [key.slice(names.stateKey.length), await workplace.bytes(key)] as const));
  const { Items = [] } = await clients.dynamoDb.send(new ScanCommand({ TableName: names.stateTable }));
  const items = Items.map(({ LockID, ...item }) => [LockID.S!.slice(names.lockId.length), item] as const);
  return {
    configuration: JSON.stringify(configuration([ACCOUNT])),
    folder,
    objects: new Map(objects),
    items: new Map(items),
    digest,
    first,
  };
}

/** A copy with a state key of its own, and so a record, a lock and plans of its own: on disk and on the servers. */
async function prepared(stateKey: string, damage: Case['damage']): Promise<string> {
  const folder = join(workplace.place.folder, 'copies', stateKey);
  const copy = copyOf(valid, folder, stateKey);
  await damage(copy);
  writeFileSync(join(folder, 'dataworks.json'), copy.configuration);
  const { names, clients } = workplace;
  // Approvals last: they count when they were stored after the plan.
  for (const [key, content] of [...copy.objects].sort(([one], [other]) => (one < other ? 1 : -1))) {
    await clients.s3.send(new PutObjectCommand({ Bucket: names.stateBucket, Key: `${stateKey}${key}`, Body: Buffer.from(content) }));
  }
  for (const [suffix, item] of copy.items) {
    const LockID = { S: `${names.stateBucket}/${stateKey}${suffix}` };
    await clients.dynamoDb.send(new PutItemCommand({ TableName: names.stateTable, Item: { LockID, ...item } }));
  }
  return folder;
}

function run(folder: string, command: string): Promise<Ended> {
  const words = command.split(' ').map((word) => (word === 'DIGEST' ? valid.digest : word));
  return dataworks({ ...workplace.place, folder }, words);
}

/** As many at a time as there are processors. */
async function sideBySide<T, R>(inputs: readonly T[], work: (input: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = [...inputs.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await work(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}

const stateKeyOf = (index: number) => `case${String(index).padStart(3, '0')}`;

/** What a command says is wrong: the codes that begin its paragraphs, or that its words are not known. */
function codeOf({ err }: Ended): string {
  const codes = [...err.matchAll(/^(?: {2})?(DW\d{4})\b/gm)].map(([, code]) => code);
  if (/^error: /m.test(err)) codes.push('usage');
  return [...new Set(codes)].join(' and ') || 'none';
}

/** Of a snapshot, what has to do with one of the cases, or with none. */
function partOf(snapshot: Snapshot, index?: number): object {
  const isOf = (name: string) => (index === undefined ? !/\/case\d{3}/.test(name) : name.includes(`/${stateKeyOf(index)}`));
  return Object.fromEntries([...snapshot].filter(([name]) => isOf(name)));
}

let ended: Ended[];
let before: Snapshot;
let after: Snapshot;

beforeAll(async () => {
  await compile(() => {});
  [workplace] = workspace(join(own.folder, 'workspace'), [ACCOUNT], own.url);
  mkdirSync(join(workplace.place.folder, 'copies'));
  valid = await validCopy();
  const folders = await sideBySide(CASES, ({ damage }, index) => prepared(stateKeyOf(index), damage));
  before = await snapshotOf(workplace);
  ended = await sideBySide(CASES, ({ command }, index) => run(folders[index], command));
  after = await snapshotOf(workplace);
}, 900_000);

const INSIDE = /^\s+at |node:|\b[A-Z]\w*(?:Error|Exception)\b|\bundefined\b|\[object /m;
const UNPRINTABLE = /(?!\n)[\p{Cc}\p{Cf}]/u;

describe(`${CASES.length} malformed cases (seed ${SEED})`, () => {
  test.each(CASES.map((one, index) => [`${one.what} (dataworks ${one.command})`, index, one] as const))(
    '%s',
    (_name, index, { code, isUnderLock }) => {
      const { code: exit, out, err } = ended[index];
      const found = codeOf(ended[index]);
      expect({ found, exit, err }).toEqual({ found: expect.stringMatching(`^(?:${code})$`), exit: exitOf(found), err });
      expect(err).not.toMatch(INSIDE);
      expect(err).not.toMatch(UNPRINTABLE);
      expect(out).not.toMatch(UNPRINTABLE);
      if (found !== 'none') expect(out).toBe('');
      const counter = isUnderLock ? { [`dynamodb://${workplace.names.stateBucket}/${stateKeyOf(index)}-fence`]: expect.anything() } : {};
      expect(partOf(after, index)).toEqual({ ...partOf(before, index), ...counter });
    },
  );
});

test('nothing else is changed either: no stack, no other object', () => {
  expect(partOf(after)).toEqual(partOf(before));
});

test('undamaged, every command takes its copy', async () => {
  const commands = [
    'status dev',
    'history dev',
    'show dev bundle',
    'show dev DIGEST',
    'plan dev --assembly assembly',
    'rollback dev --to 1',
    'approve dev DIGEST',
    'apply dev DIGEST',
  ];
  const folder = await prepared('undamaged', () => {});
  for (const command of commands) succeeded(await run(folder, command));
  expect(await workplace.operations('lake')).toHaveLength(3);
});
