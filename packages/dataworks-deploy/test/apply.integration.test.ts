/** `dataworks approve` and `dataworks apply`, as processes, against a local AWS of their own. Judged by what the servers hold. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateStackCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { SmallStack } from './support/assembly';
import { environmentOf, REGION, type Ended, type Place } from './support/command-line';
import { interceptingProxy, type Call, type Interception } from './support/intercepting-proxy';
import { commit, workspace, Workplace } from './support/workspace';
import { homeAt } from '../../../local-aws/cli/paths';
import { startServer, stopServer } from '../../../local-aws/cli/server';
import { compile } from '../../../local-aws/try/compile';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
process.env.CDK_VALIDATION = 'false';

const folder = mkdtempSync(join(tmpdir(), 'dataworks-apply-test-'));
const home = homeAt(join(folder, 'home'));
let url: string;
let accounts = 0;
const newAccount = () => String(710000000000 + (accounts += 1));

beforeAll(async () => {
  await compile(() => {});
  ({
    server: { url },
  } = await startServer({ home, tied: true }));
});
afterAll(async () => {
  await stopServer({ home });
  rmSync(folder, { recursive: true });
});

/** The environment dev, bootstrapped, in an account of its own. */
async function dev(): Promise<Workplace> {
  const account = newAccount();
  const [workplace] = workspace(join(folder, account), [account], url);
  await bootstrapped(workplace);
  return workplace;
}

async function bootstrapped(workplace: Workplace): Promise<void> {
  const { code, err } = await workplace.run('bootstrap', workplace.place.name, '--yes');
  if (code !== 0) throw new Error(err);
}

const NETWORK: SmallStack = { name: 'network', values: { range: '10.0.0.0/16' } };
const LAKE: SmallStack = { name: 'lake', values: { zone: 'raw' }, after: 'network' };
const BOTH = [NETWORK, LAKE];

/** Run `apply` through a proxy; `kill` ends the process at once. */
async function intercepted(
  { place }: Workplace,
  plan: string,
  interception: (kill: (signal?: NodeJS.Signals) => void) => Interception,
  ...options: string[]
): Promise<Ended & { readonly calls: string[] }> {
  let kill: (signal?: NodeJS.Signals) => void = () => {};
  const proxy = await interceptingProxy(
    url,
    interception((signal) => {
      kill(signal);
    }),
  );
  const child = spawn(process.execPath, [join(__dirname, '../lib/cli.js'), 'apply', place.name, plan, ...options], {
    cwd: place.folder,
    env: { ...environmentOf({ ...place, url: proxy.url }), AWS_MAX_ATTEMPTS: '2' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  kill = (signal = 'SIGKILL') => child.kill(signal);
  let out = '';
  let err = '';
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.on('close', (...end) => {
      resolve(end);
    });
  });
  proxy.close();
  return { code, signal, out, err, calls: proxy.calls };
}

/** Everything that an apply could have changed. */
async function traces(workplace: Workplace): Promise<unknown> {
  const { names } = workplace;
  return {
    record: await workplace.object(names.recordKey),
    history: await workplace.keys(names.historyPrefix),
    operations: await Promise.all(BOTH.map(({ name }) => workplace.operations(name))),
    holder: await workplace.holder(),
  };
}

async function expectNothingDone(workplace: Workplace, work: () => Promise<Ended>, code: number, message: RegExp): Promise<void> {
  const before = await traces(workplace);
  const ended = await work();
  expect({ code: ended.code, err: ended.err }).toEqual({ code, err: expect.stringMatching(message) as string });
  expect(ended.err).not.toMatch(/^\s+at /m);
  expect(await traces(workplace)).toEqual(before);
}

test('dev, then test, then prod: in this order, by as many people as each needs; a second plan changes nothing', async () => {
  const [inDev, inTest, inProd] = workspace(join(folder, 'three'), [newAccount(), newAccount(), newAccount()], url);
  for (const workplace of [inDev, inTest, inProd]) await bootstrapped(workplace);

  const early = await inTest.approved(BOTH);
  await expectNothingDone(inTest, () => inTest.apply(early), 4, /^DW3307: .*dev has no record yet/m);

  for (const workplace of [inDev, inTest]) {
    const digest = await workplace.plan(BOTH);
    await expectNothingDone(workplace, () => workplace.apply(digest), 4, /^DW3304: .*0 of 1 \(nobody\)/m);
    await workplace.run('approve', workplace.place.name, digest);
    const applied = await workplace.apply(digest, '--json');
    expect(applied.code).toBe(0);
    expect(JSON.parse(applied.out)).toMatchObject({ record: { serial: 1, result: 'succeeded', planDigest: digest } });
    expect(await workplace.record()).toEqual((JSON.parse(applied.out) as { record: object }).record);
    expect(await workplace.keys(workplace.names.historyPrefix)).toEqual([`${workplace.names.historyPrefix}00000001.json`]);
    expect(await workplace.holder()).toBeUndefined();
    expect(await workplace.status('lake')).toBe('CREATE_COMPLETE');
  }

  const digest = await inProd.approved(BOTH);
  await inProd.run('approve', 'prod', digest);
  await expectNothingDone(inProd, () => inProd.apply(digest), 4, /^DW3304: .*1 of 2 \(arn:aws:iam::\d+:root\)/m);
  const second = await as(inProd, 'ada', () => inProd.run('approve', 'prod', digest));
  expect(second.out).toMatch(/: 2 of 2 \(arn:aws:iam::\d+:root, arn:aws:iam::\d+:user\/ada\)/);
  expect(await inProd.apply(digest)).toMatchObject({ code: 0 });
  expect((await inProd.record())?.approvals).toHaveLength(3);

  const again = await inDev.approved(BOTH);
  expect(await inDev.apply(again)).toMatchObject({ code: 0 });
  expect(await inDev.record()).toMatchObject({ serial: 2, result: 'noChanges' });
  expect(await inDev.operations('lake')).toHaveLength(1);

  writeFileSync(join(inDev.place.folder, 'more'), '');
  commit(inDev.place.folder);
  const ahead = await inTest.approved([NETWORK, { ...LAKE, values: { zone: 'curated' } }]);
  await expectNothingDone(inTest, () => inTest.apply(ahead), 4, /^DW3307: .*dev has commit/m);
});

/** As a user of the account. */
async function as<T>({ place }: Workplace, user: string, work: () => Promise<T>): Promise<T> {
  const iam = new IAMClient({ endpoint: url, region: REGION, credentials: { accessKeyId: place.account, secretAccessKey: 'test' } });
  await iam.send(new CreateUserCommand({ UserName: user }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: user }));
  const { account } = place;
  const changed = place as { account: string };
  changed.account = AccessKey!.AccessKeyId!;
  process.env.DATAWORKS_TEST_SECRET = AccessKey!.SecretAccessKey;
  try {
    return await work();
  } finally {
    changed.account = account;
    delete process.env.DATAWORKS_TEST_SECRET;
  }
}
