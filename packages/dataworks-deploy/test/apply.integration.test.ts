/** `dataworks approve` and `dataworks apply`, as processes, against a local AWS of their own. Judged by what the servers hold. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UpdateStackCommand, type Tag } from '@aws-sdk/client-cloudformation';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetObjectCommand, PutBucketPolicyCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { synthesiseSmall, type SmallStack } from './support/assembly';
import { environmentOf, REGION, type Ended } from './support/command-line';
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

function succeeded({ code, signal, err }: Ended): void {
  expect({ code, signal, err }).toEqual({ code: 0, signal: null, err });
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

  await letIn(inDev, inTest);
  await letIn(inTest, inProd);

  const early = await inTest.approved(BOTH);
  await expectNothingDone(inTest, () => inTest.apply(early), 4, /^DW3307: .*dev has no record yet/m);

  for (const workplace of [inDev, inTest]) {
    const digest = await workplace.plan(BOTH);
    await expectNothingDone(workplace, () => workplace.apply(digest), 4, /^DW3304: .*0 of 1 \(nobody\)/m);
    await workplace.run('approve', workplace.place.name, digest);
    const applied = await workplace.apply(digest, '--json');
    succeeded(applied);
    expect(JSON.parse(applied.out)).toMatchObject({ record: { serial: 1, result: 'succeeded', planDigest: digest } });
    expect(await workplace.record()).toEqual((JSON.parse(applied.out) as { record: object }).record);
    expect(await workplace.keys(workplace.names.historyPrefix)).toEqual([`${workplace.names.historyPrefix}00000001.json`]);
    expect(await workplace.holder()).toBeUndefined();
    expect(await workplace.status('lake')).toBe('CREATE_COMPLETE');
  }

  const digest = await inProd.approved(BOTH);
  await inProd.run('approve', 'prod', digest);
  await expectNothingDone(inProd, () => inProd.apply(digest), 4, /^DW3304: .*1 of 2 \(arn:aws:iam::\d+:root\)/m);
  const second = await (await as(inProd, 'ada')).run('approve', 'prod', digest);
  expect(second.out).toMatch(/: 2 of 2 \(arn:aws:iam::\d+:root, arn:aws:iam::\d+:user\/ada\)/);
  succeeded(await inProd.apply(digest));
  expect((await inProd.record())?.approvals).toHaveLength(3);

  const again = await inDev.approved(BOTH);
  succeeded(await inDev.apply(again));
  expect(await inDev.record()).toMatchObject({ serial: 2, result: 'noChanges' });
  expect(await inDev.operations('lake')).toHaveLength(1);

  writeFileSync(join(inDev.place.folder, 'more'), '');
  commit(inDev.place.folder);
  const ahead = await inTest.approved([NETWORK, { ...LAKE, values: { zone: 'curated' } }]);
  await expectNothingDone(inTest, () => inTest.apply(ahead), 4, /^DW3307: .*dev has commit/m);
});

/**
 * The bucket's own policy lets in the deployer of the next environment by its ARN, which the embedded AWS knows in authorization mode
 * alone: there it is tested. Here the whole account comes in.
 */
async function letIn({ clients, names }: Workplace, { place }: Workplace): Promise<void> {
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${place.account}:root` },
    Action: 's3:GetObject',
    Resource: names.stateObjectArn(names.recordKey),
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await clients.s3.send(new PutBucketPolicyCommand({ Bucket: names.stateBucket, Policy }));
}

/** The same environment, for a user of its account. */
async function as({ place }: Workplace, UserName: string): Promise<Workplace> {
  const iam = new IAMClient({ endpoint: url, region: REGION, credentials: { accessKeyId: place.account, secretAccessKey: 'test' } });
  await iam.send(new CreateUserCommand({ UserName }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return new Workplace({ ...place, account: AccessKey!.AccessKeyId! });
}

describe('an outside change between plan and apply: stale', () => {
  test.each<[string, object]>([
    ['of the template', { Resources: { range: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Name: '/network/range', Value: 'x' } } } }],
    ['of a tag', { tags: [{ Key: 'owner', Value: 'me' }] }],
  ])('%s', async (_what, change) => {
    const workplace = await dev();
    succeeded(await workplace.apply(await workplace.approved([NETWORK])));
    const digest = await workplace.approved([{ ...NETWORK, values: { range: '10.1.0.0/16' } }]);
    const { tags: Tags, ...template } = change as { tags?: Tag[] };
    const body = Tags ? { UsePreviousTemplate: true, Tags } : { TemplateBody: JSON.stringify(template) };
    await workplace.clients.cloudFormation.send(new UpdateStackCommand({ StackName: 'network', ...body }));
    while ((await workplace.status('network')) !== 'UPDATE_COMPLETE') await sleep(100);
    await expectNothingDone(workplace, () => workplace.apply(digest), 4, /^DW3306: .*stack network: (last update|template|tag owner) is /m);
  });
});

describe('tampered', () => {
  let workplace: Workplace;
  let bundle: string;
  let digest: string;
  beforeAll(async () => {
    workplace = await dev();
    bundle = join(workplace.place.folder, 'bundle');
    const assembly = join(workplace.place.folder, 'cdk.out');
    synthesiseSmall(assembly, workplace.place.account, BOTH);
    digest = await workplace.planOf(assembly, '--out', bundle);
    await workplace.run('approve', 'dev', digest);
  });

  const files = () => readdirSync(bundle, { recursive: true, encoding: 'utf8' });
  const changed = (file: string, change: (text: string) => string) => () => {
    const path = join(bundle, files().find((name) => name.endsWith(file))!);
    const before = readFileSync(path, 'utf8');
    writeFileSync(path, change(before));
    return () => {
      writeFileSync(path, before);
    };
  };
  const added = () => {
    writeFileSync(join(bundle, 'more.json'), '{}');
    return () => {
      rmSync(join(bundle, 'more.json'));
    };
  };

  test.each<[string, () => () => void, RegExp]>([
    ['a template', changed('lake.template.json', (text) => text.replace('raw', 'RAW')), /^DW320[78]: /m],
    ['an asset manifest', changed('lake.assets.json', (text) => text.replace('lake', 'LAKE')), /^DW320[78]: /m],
    ['the manifest of the assembly', changed('manifest.json', (text) => text.replace('lake', 'LAKE')), /^DW320[78]: /m],
    ['plan.json', changed('plan.json', (text) => text.replace('"dirty":false', '"dirty":true').replace('"dirty": false', '"dirty": true')), /^DW320[78]: /m],
    ['the digest itself', changed('plan.json', (text) => text.replaceAll(digest, 'ab'.repeat(32))), /^DW320[78]: /m],
    ['a file more', added, /^DW320[78]: /m],
  ])('%s: refused', async (_what, tamper, message) => {
    const restore = tamper();
    await expectNothingDone(workplace, () => workplace.apply(bundle), 4, message);
    restore();
  });

  test.each<[string, string, RegExp]>([
    ['an approval', `{"formatVersion":1,"digest":"${'ab'.repeat(32)}","environment":"dev","approver":"x","arn":"arn:x","at":"2026-11-24T00:00:00Z"}`, /of another digest/],
    ['no JSON', 'yes', /not JSON/],
  ])('%s in the bucket: refused', async (_what, Body, problem) => {
    const other = await dev();
    const plan = await other.plan(BOTH);
    const Key = `${other.names.approvalsPrefix}${plan}/1.json`;
    await other.clients.s3.send(new PutObjectCommand({ Bucket: other.names.stateBucket, Key, Body }));
    await expectNothingDone(other, () => other.apply(plan), 4, new RegExp(`^DW3305: .*${problem.source}`, 'm'));
  });

  test('the bundle in the bucket: refused', async () => {
    const other = await dev();
    const plan = await other.approved(BOTH);
    const Key = `${other.names.plansPrefix}${plan}/bundle.tgz`;
    const { Body } = await workplace.clients.s3.send(
      new GetObjectCommand({ Bucket: workplace.names.stateBucket, Key: `${workplace.names.plansPrefix}${digest}/bundle.tgz` }),
    );
    await other.clients.s3.send(new PutObjectCommand({ Bucket: other.names.stateBucket, Key, Body: await Body!.transformToByteArray() }));
    await expectNothingDone(other, () => other.apply(plan), 4, /^DW3209: /m);
  });

  test('untouched, the same bundle is applied', async () => {
    succeeded(await workplace.apply(bundle));
    expect(await workplace.record()).toMatchObject({ planDigest: digest });
  });
});

describe('smuggled in on the way to CloudFormation: diverged, before that stack is executed', () => {
  const adding = (call: Call) => {
    if (call.name !== 'cloudformation:CreateChangeSet') return true;
    const form = new URLSearchParams(call.body.toString());
    if (form.get('StackName') !== 'lake') return true;
    const template = JSON.parse(form.get('TemplateBody')!) as { Resources: Record<string, object> };
    template.Resources.Door = { Type: 'AWS::IAM::User' };
    form.set('TemplateBody', JSON.stringify(template));
    call.body = Buffer.from(form.toString());
    return true;
  };

  test('a resource in the template; the stack before it is done, and recorded', async () => {
    const workplace = await dev();
    const digest = await workplace.approved(BOTH);
    const ended = await intercepted(workplace, digest, () => ({ before: adding }));
    expect(ended.code).toBe(4);
    expect(ended.err).toMatch(/^DW3308: .*the template is not that of the plan; AWS::IAM::User Door: add is not in the plan/m);
    expect(await workplace.operations('lake')).toEqual([]);
    expect(await workplace.changeSets('lake')).toEqual([]);
    expect((await workplace.record())?.result).toBe('failed');
    expect((await workplace.record())?.stacks.map(({ name, status }) => [name, status])).toEqual([
      ['network', 'CREATE_COMPLETE'],
      ['lake', 'notReached'],
    ]);
    expect(await workplace.holder()).toBeUndefined();
    succeeded(await workplace.apply(await workplace.approved(BOTH)));
  });

  test('a change of the stack after it was compared: taking it back was not approved', async () => {
    const workplace = await dev();
    succeeded(await workplace.apply(await workplace.approved([{ ...NETWORK, values: { range: 'a', other: 'b' } }])));
    const digest = await workplace.approved([{ ...NETWORK, values: { range: 'c', other: 'b' } }]);
    const deployed = { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Name: '/network/range', Value: 'a' } };
    const between = async ({ name }: Call) => {
      if (name !== 'cloudformation:CreateChangeSet') return true;
      const TemplateBody = JSON.stringify({ Resources: { range: deployed } });
      await workplace.clients.cloudFormation.send(new UpdateStackCommand({ StackName: 'network', TemplateBody }));
      while ((await workplace.status('network')) !== 'UPDATE_COMPLETE') await sleep(50);
      return true;
    };
    const ended = await intercepted(workplace, digest, () => ({ before: between }));
    expect(ended.code).toBe(4);
    expect(ended.err).toMatch(/^DW3308: .*AWS::SSM::Parameter other: add is not in the plan/m);
    expect(await workplace.record()).toMatchObject({ serial: 1 });
  });
});

test('a stack that fails: rolled back, its own resource named first, recorded, the lock released; the next plan is applied', async () => {
  const workplace = await dev();
  const taken = new SSMClient({ endpoint: url, region: REGION, credentials: { accessKeyId: workplace.place.account, secretAccessKey: 'test' } });
  await taken.send(new PutParameterCommand({ Name: '/network/range', Value: 'taken', Type: 'String' }));
  const digest = await workplace.approved(BOTH);
  const ended = await workplace.apply(digest);
  expect(ended.code).toBe(6);
  expect(ended.err).toMatch(/^DW3321: .*network ended as ROLLBACK_COMPLETE \(AWS::SSM::Parameter range: .*already exists/m);
  expect(await workplace.record()).toMatchObject({ result: 'failed', stacks: [{ status: 'ROLLBACK_COMPLETE' }, { status: 'notReached' }] });
  expect(await workplace.holder()).toBeUndefined();
  expect(await workplace.operations('lake')).toEqual([]);
  await expectNothingDone(workplace, () => workplace.apply(digest), 4, /^DW3309: /m);

  await taken.send(new DeleteParameterCommand({ Name: '/network/range' }));
  succeeded(await workplace.apply(await workplace.approved(BOTH)));
  expect(await workplace.record()).toMatchObject({ serial: 2, result: 'succeeded' });
});

describe('interrupted', () => {
  /** The steps of the protocol, by what a process asks of AWS. */
  const STEPS: ReadonlyArray<readonly [string, 'before' | 'after', RegExp, number]> = [
    ['the object of the lock is made', 'after', /^PUT dataworks-infra\.tflock$/, 1],
    ['the item of the lock is made', 'after', /^dynamodb:PutItem$/, 1],
    ['the first change set is made', 'after', /^cloudformation:CreateChangeSet$/, 1],
    ['the first change set is to be executed', 'before', /^cloudformation:ExecuteChangeSet$/, 1],
    ['the first change set is executed', 'after', /^cloudformation:ExecuteChangeSet$/, 1],
    ['the second change set is made', 'after', /^cloudformation:CreateChangeSet$/, 2],
    ['the second change set is executed', 'after', /^cloudformation:ExecuteChangeSet$/, 2],
    ['the record is to be written', 'before', /^PUT dataworks-infra\/record\.json$/, 1],
    ['the record is written', 'after', /^PUT dataworks-infra\/record\.json$/, 1],
    ['the history is written', 'after', /^PUT dataworks-infra\/history\//, 1],
    ['the item of the lock is deleted', 'after', /^dynamodb:DeleteItem$/, 1],
  ];

  test.each(STEPS)('by kill -9 when %s: the next apply of the plan finishes it, each stack is changed once', async (_step, when, pattern, nth) => {
    const workplace = await dev();
    const digest = await workplace.approved(BOTH);
    let seen = 0;
    const ended = await intercepted(workplace, digest, (kill) => ({
      [when]: ({ name }: Call) => {
        if (!pattern.test(name) || (seen += 1) !== nth) return true;
        kill();
        return when === 'after' ? false : sleep(200).then(() => false);
      },
    }));
    expect(ended.signal).toBe('SIGKILL');
    const holder = await workplace.holder();
    if (holder !== undefined) expect(await workplace.run('unlock', 'dev', holder)).toMatchObject({ code: 0 });
    succeeded(await workplace.apply(digest));
    for (const { name } of BOTH) {
      expect(await workplace.status(name)).toBe('CREATE_COMPLETE');
      expect(await workplace.operations(name)).toHaveLength(1);
      expect(await workplace.changeSets(name)).toEqual([]);
    }
    expect(await workplace.record()).toMatchObject({ serial: 1, planDigest: digest, result: 'succeeded' });
    expect(await workplace.keys(workplace.names.historyPrefix)).toContain(`${workplace.names.historyPrefix}00000001.json`);
    expect(await workplace.holder()).toBeUndefined();
  });
});
