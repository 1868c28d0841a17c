/**
 * Plan, approve and apply by the roles that `dataworks bootstrap` makes, each taken as the pipeline's own steps take it, on a local AWS that
 * judges every call. Judged by what the servers hold, as the owner of each account sees it.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CreateRoleCommand, GetRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { synthesiseSmall, type SmallStack } from './support/assembly';
import { dataworks, type Ended } from './support/command-line';
import { interceptingProxy, type Call, type OwnAnswer } from './support/intercepting-proxy';
import { synthesiseLinked } from './support/linked-app';
import { commit, workspace, Workplace } from './support/workspace';
import {
  assumeByToken,
  assumeRole,
  clientOf,
  createUser,
  pipelineToken,
  rootOf,
  type Credentials,
  type PipelineJob,
} from '../../../local-aws/test/authorized';
import { cdk } from '../../../local-aws/test/cdk';
import { ownServer } from '../../../local-aws/test/own-server';
import { compile } from '../../../local-aws/try/compile';
import { becomeDeployer, becomePlanner } from '../../../projenrc/circleci/steps';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
process.env.CDK_VALIDATION = 'false';

/** As in the app's own dataworks.json: its lake is deployed here. */
const ACCOUNTS = { dev: '111111111111', test: '222222222222' } as const;
type Name = keyof typeof ACCOUNTS;
const PROJECT = {
  organizationId: '11111111-2222-4333-8444-555555555555',
  projectId: '66666666-7777-4888-9999-000000000000',
  repository: 'github.com/acme/lake',
};
const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const FEATURE: PipelineJob = { ref: 'refs/heads/feature/x' };
const MAIN: PipelineJob = { ref: 'refs/heads/main' };

const own = ownServer({ authorization: true });
const { folder } = own;
/** Each environment as the owner of its account sees it. */
const owner = {} as Record<Name, Workplace>;
const externalIds = {} as Record<Name, string>;
const administrators = {} as Record<Name, Credentials>;

type Variables = Readonly<Record<string, string | undefined>>;

/** The environment, with the command run by whoever these variables make it. */
function as(name: Name, variables: Variables): Workplace {
  const { place } = owner[name];
  const trusted = { AWS_CA_BUNDLE: own.server.authority!, NODE_EXTRA_CA_CERTS: own.server.authority! };
  return new Workplace({ ...place, variables: { ...trusted, ...variables } }, clientOf(own.server, rootOf(place.account)));
}

const keysOf = ({ accessKeyId, secretAccessKey, sessionToken }: Credentials): Variables => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_SESSION_TOKEN: sessionToken,
});

let jobs = 0;

/** A job of the pipeline after the step that takes its role: what the environment's contexts and that step have left in its environment. */
function inJob(name: Name, step: 'plan' | 'apply', on: PipelineJob): Workplace {
  const { names } = owner[name];
  const number = (jobs += 1);
  const handedOn = join(folder, `bash-env-${number}`);
  const job = {
    AWS_ROLE_ARN: names.roleArn(step === 'plan' ? names.planRole : names.applyRole),
    AWS_REGION: names.region,
    CIRCLECI: 'true',
    CIRCLE_BUILD_URL: `https://circleci.com/gh/acme/lake/${number}`,
    CIRCLE_JOB: `${step}-${name}`,
    CIRCLE_WORKFLOW_ID: `workflow-${number}`,
  };
  const secrets = {
    CIRCLE_OIDC_TOKEN_V2: pipelineToken(PROJECT, on),
    ...(step === 'apply' && { DEPLOYER_ROLE_ARN: names.roleArn(names.deployerRole), DEPLOYER_EXTERNAL_ID: externalIds[name] }),
  };
  writeFileSync(handedOn, '');
  const { run } = (step === 'plan' ? becomePlanner : becomeDeployer) as { readonly run: { readonly command: string } };
  const env = { ...process.env, ...job, ...secrets, BASH_ENV: handedOn, TMPDIR: folder };
  const { status, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', run.command], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const exported = [...readFileSync(handedOn, 'utf8').matchAll(/^export (\w+)=(.*)$/gm)].map(([, key, value]) => [key, value] as const);
  return as(name, { ...job, AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, ...Object.fromEntries(exported) });
}

const plannerOf = (name: Name): Workplace => inJob(name, 'plan', FEATURE);
const deployerOf = (name: Name): Workplace => inJob(name, 'apply', MAIN);

/** A session of the deployer as one that somebody has exported: nothing renews it. */
async function deployerSession(name: Name): Promise<Credentials> {
  const { names } = owner[name];
  const job = await assumeByToken(own.server, names.roleArn(names.applyRole), pipelineToken(PROJECT, MAIN));
  return assumeRole(own.server, job, names.roleArn(names.deployerRole), externalIds[name]);
}

const iam = (name: Name) => new IAMClient(clientOf(own.server, rootOf(ACCOUNTS[name])));
const trusting = (account: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' }],
  });

let pairs = 0;

/** Two stacks that depend on each other, and that no other test has. */
function twoStacks(): readonly [SmallStack, SmallStack] {
  const number = (pairs += 1);
  const network: SmallStack = { name: `dataworks-dev-network${number}`, values: { range: '10.0.0.0/16' } };
  return [network, { name: `dataworks-dev-tables${number}`, values: { zone: 'raw' }, after: network.name }];
}

function succeeded({ code, err }: Ended): void {
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
}

/** Everything that a command could have changed. */
async function contents(name: Name): Promise<unknown> {
  const { clients, names, ...there } = owner[name];
  const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket: names.stateBucket }));
  const { Stacks = [] } = await clients.cloudFormation.send(new DescribeStacksCommand());
  return {
    objects: Contents.map(({ Key, ETag }) => [Key, ETag]),
    stacks: Stacks.map(({ StackName, StackStatus, LastUpdatedTime }) => [StackName, StackStatus, LastUpdatedTime]),
    holder: await owner[there.place.name as Name].holder(),
  };
}

async function refused(name: Name, work: () => Promise<Ended>, code: number, message: RegExp): Promise<void> {
  const before = await contents(name);
  const ended = await work();
  expect({ code: ended.code, err: ended.err }).toEqual({ code, err: expect.stringMatching(message) as string });
  expect(ended.err).not.toMatch(/^\s+at /m);
  expect(await contents(name)).toEqual(before);
}

beforeAll(async () => {
  await compile(() => {});
  const environments = workspace(join(folder, 'app'), Object.values(ACCOUNTS), own.url);
  for (const { place } of environments) {
    const name = place.name as Name;
    owner[name] = new Workplace(place, clientOf(own.server, rootOf(place.account)));
    administrators[name] = await createUser(own.server, place.account, 'administrator', EVERYTHING);
    const run = await as(name, keysOf(administrators[name])).run('bootstrap', name, '--yes', '--json');
    if (run.code !== 0) throw new Error(run.err);
    ({ externalId: externalIds[name] } = JSON.parse(run.out) as { externalId: string });
  }
});

/** The assembly of an application with an asset. */
function withAsset(name: Name): string {
  const assembly = join(folder, `asset-${name}.out`);
  synthesiseLinked(assembly, { environment: name, account: ACCOUNTS[name], content: join(__dirname, 'foreign-app/function') });
  return assembly;
}

describe('a job of a feature branch, as the plan role,', () => {
  const legacy: SmallStack = { name: 'legacy', values: { owner: 'somebody else' } };
  let digest: string;

  beforeAll(async () => {
    const Name = '/legacy/owner';
    const TemplateBody = JSON.stringify({
      Resources: { owner: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Name, Value: 'x' } } },
    });
    await owner.dev.clients.cloudFormation.send(new CreateStackCommand({ StackName: legacy.name, TemplateBody }));
  });

  test('plans, also a stack that somebody else made; without --upload nothing is stored', async () => {
    const planner = plannerOf('dev');
    const assembly = join(folder, 'legacy.out');
    synthesiseSmall(assembly, ACCOUNTS.dev, [legacy]);
    const before = await contents('dev');
    const planned = await planner.run('plan', 'dev', '--assembly', assembly, '--detailed-exitcode');
    expect(planned).toMatchObject({
      code: 2,
      out: expect.stringMatching(/~ change AWS::SSM::Parameter owner\n {6}~ \/Properties\/Value: /) as string,
    });
    expect(await contents('dev')).toEqual(before);
  });

  test('stores the plan, and shows it', async () => {
    const planner = plannerOf('dev');
    digest = await planner.planOf(withAsset('dev'));
    expect(await owner.dev.keys(`${owner.dev.names.plansPrefix}${digest}/`)).toContain(
      `${owner.dev.names.plansPrefix}${digest}/bundle.tgz`,
    );
    const shown = await planner.run('show', 'dev', digest);
    expect(shown).toMatchObject({ code: 0, out: expect.stringContaining(digest) as string });
    expect(await planner.run('show', 'dev', 'ab'.repeat(32))).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^DW3231: /m) as string,
    });
  });

  test('plans nothing whose value it may not read, for nobody could approve it', async () => {
    const assembly = join(folder, 'payroll.out');
    const app = { environment: 'dev', account: ACCOUNTS.dev, content: join(__dirname, 'foreign-app/function') };
    synthesiseLinked(assembly, { ...app, reads: '/payroll/key' });
    const work = () => plannerOf('dev').run('plan', 'dev', '--assembly', assembly, '--upload');
    await refused('dev', work, 1, /^DW3235: .*Received: \/payroll\/key, of stack dataworks-dev-user/m);
  });

  test('reads record and history, and does not see the lock', async () => {
    const planner = plannerOf('dev');
    expect(await planner.run('status', 'dev')).toMatchObject({
      code: 0,
      out: 'dev: nothing was applied yet.\nLock: these credentials may not see it.',
    });
    expect(await planner.run('history', 'dev')).toMatchObject({ code: 0, out: 'dev: nothing was applied yet.' });
  });

  test.each<[string, () => string[], string]>([
    ['approves nothing', () => ['approve', 'dev', digest], 's3:ListBucket'],
    ['applies nothing', () => ['apply', 'dev', digest], 's3:ListBucket'],
    ['does not lock', () => ['lock', 'dev', '--reason', 'x'], 's3:PutObject'],
    ['does not unlock', () => ['unlock', 'dev', 'x'], '(s3:ListBucket|dynamodb:GetItem)'],
    ['releases no lock', () => ['release-own', 'dev'], '(s3:ListBucket|dynamodb:GetItem)'],
    ['bootstraps nothing', () => ['bootstrap', 'dev', '--yes'], '\\w+:\\w+'],
  ])('%s, and is told which permission it lacks', async (_what, args, action) => {
    const planner = plannerOf('dev');
    await refused(
      'dev',
      () => planner.run(...args()),
      1,
      new RegExp(`^DW2109: .*Received: ${action}( on \\S+)? for \\S+:assumed-role/dataworks-dev-plan/`, 'm'),
    );
  });

  test('does not become the deployer: its token does not open the apply role', async () => {
    const job = inJob('dev', 'apply', FEATURE);
    await refused('dev', () => job.apply(digest), 1, /^DW2109: .*sts:AssumeRoleWithWebIdentity/m);
  });
});

describe('a job of main', () => {
  test('without the external id is the apply role alone, which may do nothing', async () => {
    const digest = await plannerOf('dev').plan(twoStacks());
    const { place } = deployerOf('dev');
    const applier = as('dev', { ...place.variables, AWS_PROFILE: 'apply' });
    for (const args of [
      ['approve', 'dev', digest],
      ['apply', 'dev', digest],
      ['status', 'dev'],
      ['lock', 'dev', '--reason', 'x'],
    ]) {
      await refused(
        'dev',
        () => applier.run(...args),
        1,
        /^DW2109: .*Received: \w+:\w+( on \S+)? for \S+:assumed-role\/dataworks-dev-apply\//m,
      );
    }
  });

  test('does not apply test before dev, of which its deployer sees no record yet', async () => {
    const digest = await plannerOf('test').planOf(withAsset('test'));
    const deployer = deployerOf('test');
    succeeded(await deployer.run('approve', 'test', digest));
    await refused('test', () => deployer.apply(digest), 4, /^DW3307: .*dev has no record yet/m);
  });

  test('as the deployer approves and applies: assets by the publishing role, stacks by the execution role; a second plan is empty', async () => {
    const assembly = withAsset('dev');
    const digest = await plannerOf('dev').planOf(assembly);
    const deployer = deployerOf('dev');
    succeeded(await deployer.run('approve', 'dev', digest));
    const applied = await deployer.apply(digest, '--json');
    succeeded(applied);
    const { names, clients } = owner.dev;
    expect(await owner.dev.record()).toMatchObject({
      serial: 1,
      result: 'succeeded',
      planDigest: digest,
      by: {
        arn: expect.stringMatching(/:assumed-role\/dataworks-dev-deployer\/circleci-workflow-\d+$/) as string,
        job: deployer.place.variables!.CIRCLE_BUILD_URL,
      },
      approvals: [{ approver: 'unknown' }],
    });
    expect(await owner.dev.keys(names.historyPrefix)).toEqual([`${names.historyPrefix}00000001.json`]);
    expect(await owner.dev.holder()).toBeUndefined();
    const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket: names.cdkStagingBucket }));
    expect(Contents.map(({ Key }) => Key)).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.zip$/)]);
    for (const StackName of ['dataworks-dev-base', 'dataworks-dev-user']) {
      const { Stacks = [] } = await clients.cloudFormation.send(new DescribeStacksCommand({ StackName }));
      expect(Stacks).toMatchObject([{ StackStatus: 'CREATE_COMPLETE', RoleARN: names.roleArn(names.cdkExecutionRole) }]);
    }
    const { Role } = await iam('dev').send(new GetRoleCommand({ RoleName: names.cdkExecutionRole }));
    expect(Role!.PermissionsBoundary?.PermissionsBoundaryArn).toBe(names.policyArn(names.boundary));

    const planner = plannerOf('dev');
    expect(await planner.run('plan', 'dev', '--assembly', assembly, '--detailed-exitcode')).toMatchObject({ code: 0 });
    for (const who of [planner, deployerOf('dev')]) {
      expect(await who.run('status', 'dev')).toMatchObject({ code: 0, out: expect.stringMatching(/^dev: #1 .* applied /) as string });
      expect(await who.run('history', 'dev')).toMatchObject({ code: 0, out: expect.stringMatching(/^#1 .* applied /) as string });
    }
  });

  test('test comes after dev, whose record its deployer reads in the other account by the policy of the bucket', async () => {
    const { dev, test: later } = owner;
    writeFileSync(join(dev.place.folder, 'more'), '');
    commit(dev.place.folder);
    const digest = await plannerOf('test').planOf(withAsset('test'));
    const deployer = deployerOf('test');
    succeeded(await deployer.run('approve', 'test', digest));
    await refused('test', () => deployer.apply(digest), 4, /^DW3307: .*dev has commit [0-9a-f]{40} \(serial 1\)/m);

    const before = await plannerOf('dev').planOf(withAsset('dev'));
    const earlier = deployerOf('dev');
    succeeded(await earlier.run('approve', 'dev', before));
    succeeded(await earlier.apply(before));
    expect(await dev.record()).toMatchObject({ serial: 2, result: 'noChanges' });

    succeeded(await deployer.apply(digest));
    expect(await later.record()).toMatchObject({ serial: 1, result: 'succeeded', planDigest: digest });
    expect(await later.status('dataworks-test-user')).toBe('CREATE_COMPLETE');
  });

  test('locks and unlocks', async () => {
    const deployer = deployerOf('dev');
    succeeded(await deployer.run('lock', 'dev', '--reason', 'moving'));
    const id = await owner.dev.holder();
    expect(id).toBeDefined();
    expect(await deployer.run('status', 'dev')).toMatchObject({ out: expect.stringContaining(id!) as string });
    await refused('dev', () => deployerOf('dev').run('lock', 'dev', '--reason', 'me too'), 5, /^DW3001: .*dataworks-dev-deployer/m);
    succeeded(await deployer.run('unlock', 'dev', id!, '--reason', 'moved'));
    expect(await owner.dev.holder()).toBeUndefined();
    expect(await plannerOf('dev').run('history', 'dev')).toMatchObject({
      out: expect.stringMatching(/^lock .* unlocked: .*moving/m) as string,
    });
    expect(await deployer.run('release-own', 'dev')).toMatchObject({ code: 0, out: 'This job holds no lock of dev.' });
  });

  test('deploys no role without the boundary: rolled back, the permission named, recorded', async () => {
    const name = 'dataworks-dev-free';
    const properties = { AssumeRolePolicyDocument: JSON.parse(trusting(ACCOUNTS.dev)) as unknown };
    const digest = await plannerOf('dev').plan([{ name, values: {}, resources: { Role: ['AWS::IAM::Role', properties] } }]);
    const deployer = deployerOf('dev');
    succeeded(await deployer.run('approve', 'dev', digest));
    const ended = await deployer.apply(digest);
    expect(ended).toMatchObject({
      code: 6,
      err: expect.stringMatching(/^DW3321: .*AWS::IAM::Role Role: .*not authorized to perform: iam:CreateRole/m) as string,
    });
    expect(await owner.dev.record()).toMatchObject({ result: 'failed', stacks: [{ name, status: 'ROLLBACK_COMPLETE' }] });
    expect(await owner.dev.holder()).toBeUndefined();
  });

  test('the lake of the application, too', async () => {
    const assembly = join(folder, 'lake.out');
    await cdk(['synth', '--quiet', '--output', assembly, 'dev/*'], () => {});
    const digest = await plannerOf('dev').planOf(assembly);
    const deployer = deployerOf('dev');
    succeeded(await deployer.run('approve', 'dev', digest));
    succeeded(await deployer.apply(digest));
    expect(await owner.dev.status('dataworks-dev-lake')).toBe('CREATE_COMPLETE');
    expect(await plannerOf('dev').run('plan', 'dev', '--assembly', assembly, '--detailed-exitcode')).toMatchObject({ code: 0 });
  });
});

describe('people', () => {
  /** The policy that the README gives to an approver, for this environment. */
  function approverPolicy(): object {
    const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');
    const [, policy] = /```json approver\n([^]*?)```/.exec(readme)!;
    return JSON.parse(policy.replaceAll('dataworks-terraform-state-dev', owner.dev.names.stateBucket)) as object;
  }

  const platformAdmin = async (): Promise<Credentials> => {
    const RoleName = 'platform-admin';
    await iam('dev').send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trusting(ACCOUNTS.dev) }));
    await iam('dev').send(new PutRolePolicyCommand({ RoleName, PolicyName: 'everything', PolicyDocument: JSON.stringify(EVERYTHING) }));
    return assumeRole(own.server, administrators.dev, owner.dev.names.roleArn(RoleName));
  };

  test('an approver reads the plan and approves it, and does nothing else; the deployer applies what he approved', async () => {
    const ada = as('dev', keysOf(await createUser(own.server, ACCOUNTS.dev, 'ada', approverPolicy())));
    const digest = await plannerOf('dev').plan(twoStacks());
    expect(await ada.run('show', 'dev', digest)).toMatchObject({ code: 0, out: expect.stringContaining(digest) as string });
    const approver = `arn:aws:iam::${ACCOUNTS.dev}:user/ada`;
    expect(await ada.run('approve', 'dev', digest)).toMatchObject({
      code: 0,
      out: expect.stringContaining(`: 1 of 1 (${approver})`) as string,
    });
    for (const args of [
      ['apply', 'dev', digest],
      ['lock', 'dev', '--reason', 'x'],
      ['status', 'dev'],
      ['plan', 'dev', '--assembly', join(owner.dev.place.folder, 'cdk.out')],
    ]) {
      await refused('dev', () => ada.run(...args), 1, /^DW2109: .*Received: \w+:\w+.* for \S+:user\/ada/m);
    }
    succeeded(await deployerOf('dev').apply(digest));
    expect(await owner.dev.record()).toMatchObject({ result: 'succeeded', approvals: [{ approver, arn: approver }] });
  });

  test('an administrator ends a lock, and applies only as the deployer: break glass, which the record shows', async () => {
    const bootstrapper = as('dev', keysOf(administrators.dev));
    const digest = await plannerOf('dev').plan(twoStacks());
    succeeded(await deployerOf('dev').run('lock', 'dev', '--reason', 'left behind'));
    succeeded(await bootstrapper.run('unlock', 'dev', (await owner.dev.holder())!));
    expect(await owner.dev.holder()).toBeUndefined();

    const credentials = await platformAdmin();
    const admin = as('dev', keysOf(credentials));
    succeeded(await admin.run('approve', 'dev', digest));
    await refused('dev', () => admin.apply(digest), 1, /^DW2109: .*Received: sts:AssumeRole .*cdk-dataworks-deploy-role/m);

    const { names } = owner.dev;
    const glass = as('dev', keysOf(await assumeRole(own.server, credentials, names.roleArn(names.deployerRole))));
    succeeded(await glass.apply(digest));
    const record = await owner.dev.record();
    expect(record).toMatchObject({ result: 'succeeded', approvals: [{ approver: names.roleArn('platform-admin') }] });
    expect(record!.by).toEqual({ arn: `arn:aws:sts::${ACCOUNTS.dev}:assumed-role/${names.deployerRole}/test` });
  });
});

/** What a job of a feature branch plans, the deployer approves and applies. Gives the serial of its record. */
async function deployed(stacks: readonly SmallStack[]): Promise<number> {
  const digest = await plannerOf('dev').plan(stacks);
  const deployer = deployerOf('dev');
  succeeded(await deployer.run('approve', 'dev', digest));
  succeeded(await deployer.apply(digest));
  return (await owner.dev.record())!.serial;
}

const ssm = () => new SSMClient(clientOf(own.server, rootOf(ACCOUNTS.dev)));

describe('a rollback', () => {
  const name = 'dataworks-dev-zones';
  const zones = (first: string): SmallStack[] => [{ name, values: { first } }];
  let serial: number;

  beforeAll(async () => {
    serial = await deployed(zones('raw'));
    await deployed(zones('curated'));
  });

  test('is planned by the plan role, which changes nothing by it; the deployer approves and applies it', async () => {
    const before = await owner.dev.record();
    const planned = await plannerOf('dev').run('rollback', 'dev', '--to', String(serial), '--json');
    succeeded(planned);
    const { digest } = JSON.parse(planned.out) as { digest: string };
    expect(await owner.dev.record()).toEqual(before);
    expect(await owner.dev.operations(name)).toHaveLength(2);

    const deployer = deployerOf('dev');
    succeeded(await deployer.run('approve', 'dev', digest));
    succeeded(await deployer.apply(digest));
    expect(await owner.dev.record()).toMatchObject({ serial: serial + 2, result: 'succeeded', planDigest: digest });
    expect((await ssm().send(new GetParameterCommand({ Name: `/${name}/first` }))).Parameter?.Value).toBe('raw');
  });

  test('is not planned by the deployer, who may store no plan', async () => {
    const work = () => deployerOf('dev').run('rollback', 'dev', '--to', String(serial + 1));
    await refused('dev', work, 1, /^DW2109: .*Received: s3:PutObject .*dataworks-dev-deployer/m);
  });
});

describe('drift', () => {
  /** What the command itself asks; what CloudFormation reads for it, a local AWS reads in the name of the account. */
  const RIGHTS = [
    's3:ListBucket',
    's3:GetObject',
    'cloudformation:DescribeStacks',
    'cloudformation:DetectStackDrift',
    'cloudformation:DescribeStackDriftDetectionStatus',
    'cloudformation:ListStackResources',
    'cloudformation:DescribeStackResourceDrifts',
  ];
  const stacks = twoStacks();
  let people = 0;

  async function personWith(rights: readonly string[]): Promise<Workplace> {
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: rights, Resource: '*' }] };
    return as('dev', keysOf(await createUser(own.server, ACCOUNTS.dev, `inspector${(people += 1)}`, policy)));
  }

  beforeAll(async () => {
    await deployed(stacks);
  });

  test('is found by whoever has the rights of drift detection and may read the record, and nothing else', async () => {
    const inspector = await personWith(RIGHTS);
    expect(await inspector.run('drift', 'dev')).toMatchObject({ code: 0, out: expect.stringContaining('No drift found') as string });

    const Name = `/${stacks[0].name}/range`;
    const put = (Value: string) => ssm().send(new PutParameterCommand({ Name, Value, Overwrite: true }));
    await put('0.0.0.0/0');
    expect(await inspector.run('drift', 'dev')).toMatchObject({
      code: 2,
      out: expect.stringContaining(`MODIFIED AWS::SSM::Parameter range (${Name})`) as string,
    });
    await put(stacks[0].values.range);
    await refused('dev', () => inspector.run('lock', 'dev', '--reason', 'x'), 1, /^DW2109: .*Received: s3:PutObject/m);
  });

  test.each(RIGHTS)('without %s is not looked for: the right is named', async (missing) => {
    const inspector = await personWith(RIGHTS.filter((right) => right !== missing));
    await refused(
      'dev',
      () => inspector.run('drift', 'dev'),
      1,
      new RegExp(`^DW2109: .*Received: ${missing}( on \\S+)? for \\S+:user/`, 'm'),
    );
  });

  test.each([
    ['plan', plannerOf],
    ['deployer', deployerOf],
  ] as const)('is not for the %s role: no role of the pipeline reads what drift detection reads', async (role, by) => {
    const work = () => by('dev').run('drift', 'dev');
    await refused(
      'dev',
      work,
      1,
      new RegExp(`^DW2109: .*Received: cloudformation:\\w+( on \\S+)? for \\S+:assumed-role/dataworks-dev-${role}/`, 'm'),
    );
  });
});

describe('credentials that end', () => {
  /** As each protocol of AWS says it. */
  function expired({ name }: Call): OwnAnswer {
    const message = 'The security token included in the request is expired';
    if (name.startsWith('dynamodb:')) {
      return {
        status: 400,
        type: 'application/x-amz-json-1.0',
        body: JSON.stringify({ __type: 'com.amazon.coral.service#ExpiredTokenException', message }),
      };
    }
    const error = `<Code>ExpiredToken</Code><Message>${message}</Message>`;
    if (/^[A-Z]+ /.test(name)) return { status: 400, type: 'application/xml', body: `<Error>${error}</Error>` };
    return { status: 403, type: 'text/xml', body: `<ErrorResponse><Error><Type>Sender</Type>${error}</Error></ErrorResponse>` };
  }

  interface End {
    readonly when: 'before' | 'after';
    readonly call: RegExp;
    /** A session that was made of another one goes on for as long as it was made for. */
    readonly whose: 'the deployer alone' | 'everybody';
    readonly code: number;
    readonly message: RegExp;
  }

  const ROWS: ReadonlyArray<readonly [string, End]> = [
    ['the lock is taken', { when: 'before', call: /^PUT dataworks-infra\.tflock$/, whose: 'everybody', code: 1, message: /^DW2105: /m }],
    ['the deploy role is taken', { when: 'before', call: /^sts:AssumeRole$/, whose: 'everybody', code: 7, message: /^DW3004: .*expired/m }],
    [
      'a change set is made',
      { when: 'before', call: /^cloudformation:CreateChangeSet$/, whose: 'everybody', code: 1, message: /^DW2105: /m },
    ],
    [
      'the first stack is changed',
      { when: 'after', call: /^cloudformation:ExecuteChangeSet$/, whose: 'everybody', code: 7, message: /^DW3330: .*expired/m },
    ],
    [
      'the first stack is changed',
      {
        when: 'after',
        call: /^cloudformation:ExecuteChangeSet$/,
        whose: 'the deployer alone',
        code: 7,
        message: /^DW3330: .*could not be recorded .*expired/m,
      },
    ],
    [
      'the lock is given back',
      { when: 'before', call: /^dynamodb:DeleteItem$/, whose: 'the deployer alone', code: 7, message: /^DW3004: .*expired/m },
    ],
  ];

  test.each(ROWS.map(([step, end]) => [end.when, step, end.whose, end] as const))(
    '%s %s, of %s: said with its code; with new ones the same job goes on, and nothing is done twice',
    async (_when, _step, _whose, { when, call, whose, code, message }) => {
      const stacks = twoStacks();
      const digest = await plannerOf('dev').plan(stacks);
      const { variables } = deployerOf('dev').place;
      const session = await deployerSession('dev');
      const job = (credentials: Credentials) =>
        as('dev', { ...variables, AWS_CONFIG_FILE: undefined, AWS_PROFILE: undefined, ...keysOf(credentials) });
      succeeded(await job(session).run('approve', 'dev', digest));

      let isOver = false;
      const proxy = await interceptingProxy(
        own.url,
        {
          before: (made) => {
            isOver ||= when === 'before' && call.test(made.name);
            return isOver && (whose === 'everybody' || made.accessKeyId === session.accessKeyId) ? expired(made) : true;
          },
          after: ({ name }) => {
            isOver ||= when === 'after' && call.test(name);
            return true;
          },
        },
        own.server.authority,
      );
      const ended = await dataworks({ ...job(session).place, url: proxy.url }, ['apply', 'dev', digest]);
      proxy.close();
      expect({ code: ended.code, err: ended.err }).toEqual({ code, err: expect.stringMatching(message) as string });
      expect(ended.err).not.toMatch(/^\s+at /m);

      for (const { name } of stacks) while (/^(CREATE|UPDATE)_IN_PROGRESS$/.test((await owner.dev.status(name)) ?? '')) await sleep(50);
      const again = job(await deployerSession('dev'));
      succeeded(await again.run('release-own', 'dev'));
      expect(await owner.dev.holder()).toBeUndefined();
      succeeded(await again.apply(digest));
      for (const { name } of stacks) {
        expect(await owner.dev.status(name)).toBe('CREATE_COMPLETE');
        expect(await owner.dev.operations(name)).toHaveLength(1);
        expect(await owner.dev.changeSets(name)).toEqual([]);
      }
      expect(await owner.dev.record()).toMatchObject({ planDigest: digest, result: 'succeeded' });
      expect(await owner.dev.holder()).toBeUndefined();
    },
  );

  test('a token of the job that has expired is said so', async () => {
    const job = inJob('dev', 'apply', { ...MAIN, claims: { exp: Math.floor(Date.now() / 1000) - 60 } });
    await refused('dev', () => job.run('status', 'dev'), 1, /^DW2105: .*ExpiredTokenException/m);
  });
});
