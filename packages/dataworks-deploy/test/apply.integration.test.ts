/** `dataworks approve` and `dataworks apply`, as processes, against a local AWS of their own. Judged by what the servers hold. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UpdateStackCommand, type UpdateStackCommandInput } from '@aws-sdk/client-cloudformation';
import { CopyObjectCommand, PutBucketPolicyCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { expectNothingDone, interceptedApply, succeeded } from './support/applying';
import { synthesiseSmall, type SmallStack } from './support/assembly';
import { dataworks, REGION, type Place } from './support/command-line';
import type { Call, Interception } from './support/intercepting-proxy';
import { killedAt, PROTOCOL_STEPS, type Kill } from './support/protocol-steps';
import { commit, workspace, Workplace } from './support/workspace';
import { ownServer } from '../../../local-aws/test/own-server';
import { compile } from '../../../local-aws/try/compile';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
process.env.CDK_VALIDATION = 'false';

const own = ownServer();
const { folder } = own;
let accounts = 0;
const newAccount = () => String(710000000000 + (accounts += 1));

/** The environment dev that most tests share, each with stacks of its own. */
let shared: Workplace;

beforeAll(async () => {
  await compile(() => {});
  const account = newAccount();
  [shared] = workspace(join(folder, account), [account], own.url);
  await bootstrapped(shared);
});

async function bootstrapped(workplace: Workplace): Promise<void> {
  const { code, err } = await workplace.run('bootstrap', workplace.place.name, '--yes');
  if (code !== 0) throw new Error(err);
}

/** Two stacks that depend on each other, and that no other test has. */
function twoStacks() {
  const number = (pairs += 1);
  const network: SmallStack = { name: `network${number}`, values: { range: '10.0.0.0/16' } };
  const lake: SmallStack = { name: `lake${number}`, values: { zone: 'raw' }, after: network.name };
  return { network, lake, both: [network, lake] };
}
let pairs = 0;

/** Run `apply` in the shared environment through a proxy. */
const intercepted = (plan: string, interception: (kill: Kill) => Interception, ...options: string[]) =>
  interceptedApply(shared, plan, interception, ...options);

test('dev, then test, then prod: in this order, by as many people as each needs; a second plan changes nothing', async () => {
  const { network, lake, both } = twoStacks();
  const [inDev, inTest, inProd] = workspace(join(folder, 'three'), [newAccount(), newAccount(), newAccount()], own.url);
  await Promise.all([inDev, inTest, inProd].map(bootstrapped));

  await letIn(inDev, inTest);
  await letIn(inTest, inProd);

  const early = await inTest.approved(both);
  await expectNothingDone(inTest, () => inTest.apply(early), 4, /^DW3307: .*dev has no record yet/m);

  for (const workplace of [inDev, inTest]) {
    const digest = await workplace.plan(both);
    await expectNothingDone(workplace, () => workplace.apply(digest), 4, /^DW3304: .*0 of 1 \(nobody\)/m);
    await workplace.run('approve', workplace.place.name, digest);
    const applied = await workplace.apply(digest, '--json');
    succeeded(applied);
    expect(JSON.parse(applied.out)).toMatchObject({ record: { serial: 1, result: 'succeeded', planDigest: digest } });
    expect(await workplace.record()).toEqual((JSON.parse(applied.out) as { record: object }).record);
    expect(await workplace.keys(workplace.names.historyPrefix)).toEqual([`${workplace.names.historyPrefix}00000001.json`]);
    expect(await workplace.holder()).toBeUndefined();
    expect(await workplace.status(lake.name)).toBe('CREATE_COMPLETE');
  }

  const digest = await inProd.approved(both);
  const repeated = await inProd.run('approve', 'prod', digest);
  expect(repeated.out).toContain('once more, which does not count again: 1 of 2 (');
  await expectNothingDone(inProd, () => inProd.apply(digest), 4, /^DW3304: .*1 of 2 \(arn:aws:iam::\d+:root\)/m);
  const pressed = await inPipeline(() => inProd.run('approve', 'prod', digest));
  expect(pressed.out).toMatch(/: 1 of 2 \(arn:aws:iam::\d+:root\)/); // unknown, and so maybe the same person
  const counted = [];
  for (const [role, person] of [
    ['approver', 'ada'], // may be whoever owns the account
    ['AWSReservedSSO_Approver_0123456789abcdef', 'ada'],
    ['AWSReservedSSO_Approver_0123456789abcdef', 'grace'],
  ]) {
    const { out } = await dataworks(await asRole(inProd.place, role, person), ['approve', 'prod', digest]);
    counted.push(/: (\d of 2 .*\))/.exec(out)![1]);
  }
  expect(counted).toEqual([
    expect.stringMatching(/^1 of 2 \(arn:aws:iam::\d+:root\)$/),
    '1 of 2 (identity-center:ada)',
    '2 of 2 (identity-center:ada, identity-center:grace)',
  ]);
  succeeded(await inProd.apply(digest));
  expect((await inProd.record())?.approvals).toHaveLength(6);

  const again = await inDev.approved(both);
  succeeded(await inDev.apply(again));
  expect(await inDev.record()).toMatchObject({ serial: 2, result: 'noChanges' });
  expect(await inDev.operations(lake.name)).toHaveLength(1);

  writeFileSync(join(inDev.place.folder, 'more'), '');
  commit(inDev.place.folder);
  const ahead = await inTest.approved([network, { ...lake, values: { zone: 'curated' } }]);
  await expectNothingDone(inTest, () => inTest.apply(ahead), 4, /^DW3307: .*dev has commit/m);
});

describe('a lock that cannot be given back', () => {
  const message = 'User: arn:aws:iam::111122223333:user/ada is not authorized to perform: dynamodb:DeleteItem';
  const denied = {
    status: 400,
    type: 'application/x-amz-json-1.0',
    body: JSON.stringify({ __type: 'com.amazon.coral.service#AccessDeniedException', message }),
  };
  const interception = () => ({ before: ({ name }: Call) => name !== 'dynamodb:DeleteItem' || denied });
  const wayOut = /^DW3004: .*dynamodb:DeleteItem.*run dataworks unlock dev /m;

  test('is told after what is applied, which a script reads as one document', async () => {
    const { network, lake, both } = twoStacks();
    const digest = await shared.approved(both);
    const applied = await intercepted(digest, interception);
    const record = (await shared.record())!;
    expect(applied).toMatchObject({
      code: 7,
      out: `The plan is applied: serial ${record.serial} of dev.\n  ${network.name}: CREATE_COMPLETE\n  ${lake.name}: CREATE_COMPLETE\n`,
      err: expect.stringMatching(wayOut) as string,
    });
    expect(await shared.run('unlock', 'dev', (await shared.holder())!)).toMatchObject({ code: 0 });

    const again = await intercepted(digest, interception, '--json');
    expect(again).toMatchObject({ code: 7, err: expect.stringMatching(wayOut) as string });
    expect(JSON.parse(again.out)).toEqual({ alreadyApplied: true, record, unreleased: expect.stringMatching(wayOut) as string });
    expect(await shared.run('unlock', 'dev', (await shared.holder())!)).toMatchObject({ code: 0 });
  });
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

/** The same account, by a role of it. */
async function asRole(place: Place, role: string, person: string): Promise<Place> {
  const credentials = { accessKeyId: place.account, secretAccessKey: 'test' };
  const sts = new STSClient({ endpoint: place.url, region: REGION, credentials });
  const RoleArn = `arn:aws:iam::${place.account}:role/${role}`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: person }));
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
  const variables = { AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey, AWS_SESSION_TOKEN: SessionToken };
  return { ...place, variables };
}

/** In a job of CircleCI that has no token to ask who pressed. */
async function inPipeline<T>(work: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  Object.assign(process.env, {
    CIRCLECI: 'true',
    CIRCLE_BUILD_URL: 'https://circleci.com/gh/acme/lake/17',
    CIRCLE_JOB: 'approve-prod',
    CIRCLE_USERNAME: 'ada',
  });
  try {
    return await work();
  } finally {
    process.env = before;
  }
}

describe('an outside change between plan and apply: stale', () => {
  const otherValue = (stack: string) => ({
    Resources: { range: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Name: `/${stack}/range`, Value: 'x' } } },
  });
  test.each<[string, (stack: string) => Partial<UpdateStackCommandInput>, RegExp]>([
    ['of the template', (stack) => ({ TemplateBody: JSON.stringify(otherValue(stack)) }), /: template is /],
    ['of a tag', () => ({ UsePreviousTemplate: true, Tags: [{ Key: 'owner', Value: 'me' }] }), /: tag owner is me, planned was none/],
  ])('%s', async (_what, change, problem) => {
    const { network } = twoStacks();
    succeeded(await shared.apply(await shared.approved([network])));
    const digest = await shared.approved([{ ...network, values: { range: '10.1.0.0/16' } }]);
    await updateBehindItsBack(network.name, change(network.name));
    await expectNothingDone(shared, () => shared.apply(digest), 4, new RegExp(`^DW3306: .*stack ${network.name}${problem.source}`, 'm'));
  });
});

async function updateBehindItsBack(StackName: string, change: Partial<UpdateStackCommandInput>): Promise<void> {
  await shared.clients.cloudFormation.send(new UpdateStackCommand({ StackName, ...change }));
  while (/_IN_PROGRESS$/.test((await shared.status(StackName)) ?? '')) await sleep(50);
  expect(await shared.status(StackName)).toBe('UPDATE_COMPLETE');
}

describe('tampered', () => {
  const { lake, both } = twoStacks();
  let bundle: string;
  let digest: string;
  beforeAll(async () => {
    bundle = join(folder, 'bundle');
    const assembly = join(folder, 'tampered.out');
    synthesiseSmall(assembly, shared.place.account, both);
    digest = await shared.planOf(assembly, '--out', bundle);
    await shared.run('approve', 'dev', digest);
  });

  const files = () => readdirSync(bundle, { recursive: true, encoding: 'utf8' });
  const changed = (file: string, change: (text: string) => string) => () => {
    const path = join(
      bundle,
      files().find((name) => name.endsWith(file))!,
    );
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
    ['a template', changed(`${lake.name}.template.json`, (text) => text.replace('raw', 'RAW')), /^DW320[78]: /m],
    ['an asset manifest', changed(`${lake.name}.assets.json`, (text) => text.replace('lake', 'LAKE')), /^DW320[78]: /m],
    ['the manifest of the assembly', changed('manifest.json', (text) => text.replace('lake', 'LAKE')), /^DW320[78]: /m],
    [
      'plan.json',
      changed('plan.json', (text) => text.replace('"dirty":false', '"dirty":true').replace('"dirty": false', '"dirty": true')),
      /^DW320[78]: /m,
    ],
    ['the digest itself', changed('plan.json', (text) => text.replaceAll(digest, 'ab'.repeat(32))), /^DW320[78]: /m],
    ['a file more', added, /^DW320[78]: /m],
  ])('%s: refused', async (_what, tamper, message) => {
    const restore = tamper();
    await expectNothingDone(shared, () => shared.apply(bundle), 4, message);
    restore();
  });

  test.each<[string, string, RegExp]>([
    [
      'an approval',
      `{"formatVersion":1,"digest":"${'ab'.repeat(32)}","environment":"dev","approver":"x","arn":"arn:x","at":"2026-11-24T00:00:00Z"}`,
      /of another digest/,
    ],
    ['no JSON', 'yes', /not JSON/],
  ])('%s in the bucket: refused', async (_what, Body, problem) => {
    const plan = await shared.plan(twoStacks().both);
    const Key = `${shared.names.approvalsPrefix}${plan}/1.json`;
    await shared.clients.s3.send(new PutObjectCommand({ Bucket: shared.names.stateBucket, Key, Body }));
    await expectNothingDone(shared, () => shared.apply(plan), 4, new RegExp(`^DW3305: .*${problem.source}`, 'm'));
  });

  test('the bundle in the bucket: refused', async () => {
    const plan = await shared.approved(twoStacks().both);
    const key = (one: string) => `${shared.names.plansPrefix}${one}/bundle.tgz`;
    const CopySource = `${shared.names.stateBucket}/${key(digest)}`;
    await shared.clients.s3.send(new CopyObjectCommand({ Bucket: shared.names.stateBucket, Key: key(plan), CopySource }));
    await expectNothingDone(shared, () => shared.apply(plan), 4, /^DW3209: /m);
  });

  test('untouched, the same bundle is applied', async () => {
    succeeded(await shared.apply(bundle));
    expect(await shared.record()).toMatchObject({ planDigest: digest });
  });
});

describe('smuggled in on the way to CloudFormation: diverged, before that stack is executed', () => {
  const { network, lake, both } = twoStacks();
  const adding = (call: Call) => {
    if (call.name !== 'cloudformation:CreateChangeSet') return true;
    const form = new URLSearchParams(call.body.toString());
    if (form.get('StackName') !== lake.name) return true;
    const template = JSON.parse(form.get('TemplateBody')!) as { Resources: Record<string, object> };
    template.Resources.Door = { Type: 'AWS::IAM::User' };
    form.set('TemplateBody', JSON.stringify(template));
    call.body = Buffer.from(form.toString());
    return true;
  };

  test('a resource in the template; the stack before it is done, and recorded', async () => {
    const digest = await shared.approved(both);
    const ended = await intercepted(digest, () => ({ before: adding }));
    expect(ended.code).toBe(4);
    expect(ended.err).toMatch(/^DW3308: .*the template is not that of the plan; AWS::IAM::User Door: add is not in the plan/m);
    expect(await shared.operations(lake.name)).toEqual([]);
    expect(await shared.changeSets(lake.name)).toEqual([]);
    expect((await shared.record())?.result).toBe('failed');
    expect((await shared.record())?.stacks.map(({ name, status }) => [name, status])).toEqual([
      [network.name, 'CREATE_COMPLETE'],
      [lake.name, 'notReached'],
    ]);
    expect(await shared.holder()).toBeUndefined();
    succeeded(await shared.apply(await shared.approved(both)));
  });

  test('a change of the stack after it was compared: taking it back was not approved', async () => {
    const { network: stack } = twoStacks();
    succeeded(await shared.apply(await shared.approved([{ ...stack, values: { range: 'a', other: 'b' } }])));
    const before = await shared.record();
    const digest = await shared.approved([{ ...stack, values: { range: 'c', other: 'b' } }]);
    const range = { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Name: `/${stack.name}/range`, Value: 'a' } };
    const between = async ({ name }: Call) => {
      if (name !== 'cloudformation:CreateChangeSet') return true;
      await updateBehindItsBack(stack.name, { TemplateBody: JSON.stringify({ Resources: { range } }) });
      return true;
    };
    const ended = await intercepted(digest, () => ({ before: between }));
    expect(ended.code).toBe(4);
    expect(ended.err).toMatch(/^DW3308: .*AWS::SSM::Parameter other: add is not in the plan/m);
    expect(await shared.record()).toEqual(before);
  });
});

test('a stack that fails: rolled back, its own resource named first, recorded, the lock released; the next plan is applied', async () => {
  const { network, lake, both } = twoStacks();
  const ssm = new SSMClient({
    endpoint: own.url,
    region: REGION,
    credentials: { accessKeyId: shared.place.account, secretAccessKey: 'test' },
  });
  const Name = `/${network.name}/range`;
  await ssm.send(new PutParameterCommand({ Name, Value: 'taken', Type: 'String' }));
  const digest = await shared.approved(both);
  const ended = await shared.apply(digest);
  expect(ended.code).toBe(6);
  expect(ended.err).toMatch(/^DW3321: .*network\d+ ended as ROLLBACK_COMPLETE \(AWS::SSM::Parameter range: .*already exists/m);
  expect(await shared.record()).toMatchObject({ result: 'failed', stacks: [{ status: 'ROLLBACK_COMPLETE' }, { status: 'notReached' }] });
  expect(await shared.holder()).toBeUndefined();
  expect(await shared.operations(lake.name)).toEqual([]);
  await expectNothingDone(shared, () => shared.apply(digest), 4, /^DW3309: /m);

  await ssm.send(new DeleteParameterCommand({ Name }));
  succeeded(await shared.apply(await shared.approved(both)));
  expect(await shared.record()).toMatchObject({
    result: 'succeeded',
    stacks: [{ status: 'CREATE_COMPLETE' }, { status: 'CREATE_COMPLETE' }],
  });
});

describe('interrupted', () => {
  test.each(Object.entries(PROTOCOL_STEPS))(
    'by kill -9 when %s: the next apply of the plan finishes it, each stack is changed once',
    async (_name, step) => {
      const { both } = twoStacks();
      const digest = await shared.approved(both);
      const serial = ((await shared.record())?.serial ?? 0) + 1;
      const ended = await intercepted(digest, killedAt(step));
      expect(ended.signal).toBe('SIGKILL');
      const holder = await shared.holder();
      if (holder !== undefined) expect(await shared.run('unlock', 'dev', holder)).toMatchObject({ code: 0 });
      succeeded(await shared.apply(digest));
      for (const { name } of both) {
        expect(await shared.status(name)).toBe('CREATE_COMPLETE');
        expect(await shared.operations(name)).toHaveLength(1);
        expect(await shared.changeSets(name)).toEqual([]);
      }
      expect(await shared.record()).toMatchObject({ serial, planDigest: digest, result: 'succeeded' });
      expect(await shared.keys(shared.names.historyPrefix)).toContain(
        `${shared.names.historyPrefix}${String(serial).padStart(8, '0')}.json`,
      );
      expect(await shared.holder()).toBeUndefined();
    },
  );

  test('by a lost answer: what was executed is seen to its end', async () => {
    const { both } = twoStacks();
    const digest = await shared.approved(both);
    let lost = 0;
    const ended = await intercepted(digest, () => ({
      after: ({ name }) => name !== 'cloudformation:ExecuteChangeSet' || (lost += 1) > 1,
    }));
    succeeded(ended);
    for (const { name } of both) expect(await shared.operations(name)).toHaveLength(1);
  });

  test('by a network that is away while CloudFormation works: it goes on when it is back', async () => {
    const { both } = twoStacks();
    const digest = await shared.approved(both);
    let cut = 0;
    const ended = await intercepted(digest, () => ({
      before: () => cut === 0 || cut > 6 || ((cut += 1), false),
      after: ({ name }) => {
        if (name === 'cloudformation:ExecuteChangeSet') cut ||= 1;
        return true;
      },
    }));
    expect(cut).toBe(7);
    succeeded(ended);
    for (const { name } of both) expect(await shared.operations(name)).toHaveLength(1);
    expect(await shared.record()).toMatchObject({ planDigest: digest, result: 'succeeded' });
  });

  test('by the end of whoever reads its words: it goes on to the end, and gives the lock back', async () => {
    const { lake, both } = twoStacks();
    const digest = await shared.approved(both);
    const ended = await dataworks(shared.place, ['apply', 'dev', digest], (_line, { stdout, stderr }) => {
      stdout.destroy();
      stderr.destroy();
    });
    succeeded(ended);
    expect(await shared.status(lake.name)).toBe('CREATE_COMPLETE');
    expect(await shared.record()).toMatchObject({ planDigest: digest, result: 'succeeded' });
    expect(await shared.holder()).toBeUndefined();
  });

  test('by SIGTERM twice while CloudFormation works: ended at once as unclear, the lock stays; the next apply finishes it', async () => {
    const { network, lake, both } = twoStacks();
    const digest = await shared.approved(both);
    let isExecuted = false;
    const ended = await intercepted(digest, (kill) => ({
      // Nobody tells it how far CloudFormation is; each time that it asks it is asked to end.
      before: ({ name }) => !isExecuted || !name.startsWith('cloudformation:') || (kill('SIGTERM'), sleep(500).then(() => false)),
      after: ({ name }) => {
        isExecuted ||= name === 'cloudformation:ExecuteChangeSet';
        return true;
      },
    }));
    expect(ended).toMatchObject({ code: 7, signal: null });
    expect(await shared.operations(network.name)).toHaveLength(1);
    expect(await shared.operations(lake.name)).toEqual([]);
    const holder = await shared.holder();
    expect(holder).toBeDefined();
    await shared.run('unlock', 'dev', holder!);
    succeeded(await shared.apply(digest));
    for (const { name } of both) expect(await shared.operations(name)).toHaveLength(1);
  });

  test('by SIGTERM while it waits for the lock: it waits no longer, and has changed nothing', async () => {
    const digest = await shared.approved(twoStacks().both);
    const locked = await shared.run('lock', 'dev', '--reason', 'maintenance', '--json');
    const { lock } = JSON.parse(locked.out) as { lock: { ID: string } };
    let isTold = false; // a second signal would end it at once
    const work = () =>
      intercepted(digest, (kill) => ({
        after: ({ name }) => {
          if (name === 'dynamodb:GetItem' && !isTold) kill('SIGTERM');
          isTold ||= name === 'dynamodb:GetItem';
          return true;
        },
      }));
    await expectNothingDone(shared, work, 5, /^DW3001: .*maintenance/m);
    expect(await shared.holder()).toBe(lock.ID);
    await shared.run('unlock', 'dev', lock.ID);
  });

  test('by SIGTERM: the running stack is seen to its end, nothing more is begun, and it is recorded', async () => {
    const { network, lake, both } = twoStacks();
    const digest = await shared.approved(both);
    const ended = await intercepted(digest, (kill) => ({
      after: ({ name }) => {
        if (name === 'cloudformation:ExecuteChangeSet') kill('SIGTERM');
        return true;
      },
    }));
    expect(ended).toMatchObject({ code: 6, signal: null });
    expect(ended.err).toMatch(/^DW3323: /m);
    expect(await shared.operations(network.name)).toHaveLength(1);
    expect(await shared.operations(lake.name)).toEqual([]);
    expect(await shared.record()).toMatchObject({
      planDigest: digest,
      result: 'failed',
      stacks: [{ status: 'CREATE_COMPLETE' }, { status: 'notReached' }],
    });
    expect(await shared.holder()).toBeUndefined();
  });
});
