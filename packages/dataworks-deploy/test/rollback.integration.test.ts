/** `dataworks rollback`, then `approve` and `apply`, as processes, against a local AWS of their own. Judged by what the servers hold. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteObjectCommand, PutBucketPolicyCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { extract } from 'tar';
import { synthesiseSmall, type SmallStack } from './support/assembly';
import { REGION, type Ended } from './support/command-line';
import { commit, workspace, type Workplace } from './support/workspace';
import { ownServer } from '../../../local-aws/test/own-server';
import { compile } from '../../../local-aws/try/compile';
import { readAssembly } from '../src/plan/assembly/assembly';
import { packBundle, readBundle, writeBundle } from '../src/plan/bundle/bundle';
import type { Plan } from '../src/plan/plan';
import { undigested } from '../src/plan/plan-format';
import type { Summary } from '../src/plan/summary';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
process.env.CDK_VALIDATION = 'false';

const own = ownServer();
const { folder } = own;
let accounts = 0;
const newAccount = () => String(720000000000 + (accounts += 1));

beforeAll(async () => {
  await compile(() => {});
});

async function environments(name: string, count: number): Promise<Workplace[]> {
  const places = workspace(join(folder, name), Array.from({ length: count }, newAccount), own.url);
  for (const place of places) succeeded(await place.run('bootstrap', place.place.name, '--yes'));
  return places;
}

function succeeded({ code, err }: Ended): void {
  expect({ code, err }).toEqual({ code: 0, err });
}

const lake = (zone: string): SmallStack => ({ name: 'lake', values: { zone } });
const audit: SmallStack = { name: 'audit', values: { trail: 'on' } };

async function applied(place: Workplace, ...stacks: readonly SmallStack[]): Promise<void> {
  succeeded(await place.apply(await place.approved(stacks)));
}

/** Make the commit of the next plan another one. */
function nextCommit({ place }: Workplace): void {
  writeFileSync(join(place.folder, 'version'), String(Math.random()));
  commit(place.folder);
}

async function value({ place }: Workplace, name: string): Promise<string | undefined> {
  const credentials = { accessKeyId: place.account, secretAccessKey: 'test' };
  const ssm = new SSMClient({ endpoint: place.url, region: REGION, credentials });
  return (await ssm.send(new GetParameterCommand({ Name: name }))).Parameter?.Value;
}

async function rolledBack(place: Workplace, to: number): Promise<Summary & Pick<Plan, 'digest'>> {
  const ended = await place.run('rollback', place.place.name, '--to', String(to), '--json');
  succeeded(ended);
  return JSON.parse(ended.out) as Summary & Pick<Plan, 'digest'>;
}

/** Everything that an apply could have changed. */
async function traces(place: Workplace): Promise<unknown> {
  const { names } = place;
  return {
    record: await place.object(names.recordKey),
    history: await place.keys(names.historyPrefix),
    plans: await place.keys(names.plansPrefix),
    operations: await place.operations('lake'),
    holder: await place.holder(),
  };
}

async function expectRefused(place: Workplace, work: () => Promise<Ended>, code: number, message: RegExp): Promise<void> {
  const before = await traces(place);
  const ended = await work();
  expect({ code: ended.code, err: ended.err }).toEqual({ code, err: expect.stringMatching(message) as string });
  expect(ended.err).not.toMatch(/^\s+at /m);
  expect(await traces(place)).toEqual(before);
}

describe('in one environment', () => {
  let dev: Workplace;
  beforeAll(async () => {
    [dev] = await environments('one', 1);
    await applied(dev, lake('raw'));
    nextCommit(dev);
    await applied(dev, lake('curated'), audit);
  });

  test('what was applied before comes back by a plan that passes the same gates; the history goes on', async () => {
    const first = await dev.object(`${dev.names.historyPrefix}00000001.json`);
    const [{ commit: old, planDigest }] = [JSON.parse(first!) as { commit: string; planDigest: string }];
    const planned = await dev.run('rollback', 'dev', '--to', '1', '--detailed-exitcode');
    expect(planned.code).toBe(2);
    expect(planned.out).toMatch(
      new RegExp(
        `commit ${old.slice(0, 12)}.*; ROLLBACK to serial 1, plan ${planDigest.slice(0, 12)}; .*left as they are: ${REGION}/audit`,
      ),
    );
    expect(planned.out).toContain('~ change AWS::SSM::Parameter zone\n      ~ /Properties/Value: curated -> raw\n');
    const [, digest] = /dataworks apply dev ([0-9a-f]{64})$/.exec(planned.out)!;
    expect(await value(dev, '/lake/zone')).toBe('curated');

    await expectRefused(dev, () => dev.apply(digest), 4, /^DW3304: /m);
    succeeded(await dev.run('approve', 'dev', digest));
    succeeded(await dev.apply(digest));
    expect(await value(dev, '/lake/zone')).toBe('raw');
    expect(await value(dev, '/audit/trail')).toBe('on');
    expect(await dev.record()).toMatchObject({
      serial: 3,
      commit: old,
      assemblyGiven: true,
      planDigest: digest,
      rollbackTo: 1,
      result: 'succeeded',
    });
    expect((await dev.run('history', 'dev')).out).toMatch(/^#3 .* applied, rollback to #1 .*\n#2 .* applied {2}commit/);
    expect(await dev.object(`${dev.names.historyPrefix}00000001.json`)).toBe(first);
    expect(await dev.keys(dev.names.historyPrefix)).toHaveLength(3);
  });

  test('a rollback can be rolled back, and brought back again; planned twice it is the same plan', async () => {
    const { digest, rollback, counts } = await rolledBack(dev, 2);
    expect({ rollback, counts }).toMatchObject({ rollback: { serial: 2, remaining: [] }, counts: { modify: 1, remove: 0 } });
    expect((await rolledBack(dev, 2)).digest).toBe(digest);
    succeeded(await dev.run('approve', 'dev', digest));
    succeeded(await dev.apply(digest));
    expect(await value(dev, '/lake/zone')).toBe('curated');
    const again = await rolledBack(dev, 3);
    succeeded(await dev.run('approve', 'dev', again.digest));
    succeeded(await dev.apply(again.digest));
    expect(await value(dev, '/lake/zone')).toBe('raw');
    expect(await dev.record()).toMatchObject({ serial: 5 });
  });

  test('something applied in between makes it stale', async () => {
    const { digest } = await rolledBack(dev, 2);
    succeeded(await dev.run('approve', 'dev', digest));
    nextCommit(dev);
    await applied(dev, lake('trusted'), audit);
    await expectRefused(dev, () => dev.apply(digest), 4, /^DW3306: .*serial is 6, planned was 5/m);
  });

  test('what cannot be brought back is refused, and nothing is stored', async () => {
    await expectRefused(dev, () => dev.run('rollback', 'dev', '--to', '99'), 1, /^DW3401: .*serial 99, the current one is 6/m);
    await expectRefused(dev, () => dev.run('rollback', 'dev', '--to', '6'), 1, /^DW3402: .*serial 6, /m);
    const broken: SmallStack = { ...lake('broken'), resources: { bad: ['AWS::S3::Bucket', { BucketName: 'NOT A NAME' }] } };
    expect((await dev.apply(await dev.approved([broken]))).code).toBe(6);
    await expectRefused(dev, () => dev.run('rollback', 'dev', '--to', '7'), 1, /^DW3402: /m);
    await applied(dev, lake('trusted'));
    await expectRefused(dev, () => dev.run('rollback', 'dev', '--to', '7'), 1, /^DW3403: .*serial 7, /m);
  });

  test('the bundle of then is verified: tampered or gone, nothing is planned', async () => {
    const { planDigest } = JSON.parse((await dev.object(`${dev.names.historyPrefix}00000002.json`))!) as { planDigest: string };
    const Bucket = dev.names.stateBucket;
    const Key = `${dev.names.plansPrefix}${planDigest}/bundle.tgz`;
    const files = join(folder, 'tampered');
    mkdirSync(files);
    const archive = join(folder, 'tampered.tgz');
    writeFileSync(archive, await dev.bytes(Key));
    await extract({ file: archive, cwd: files });
    const template = join(files, 'assembly/lake.template.json');
    writeFileSync(template, readFileSync(template, 'utf8').replace('curated', 'stolen!'));
    await packBundle(files, archive);
    await dev.clients.s3.send(new PutObjectCommand({ Bucket, Key, Body: readFileSync(archive) }));
    await expectRefused(dev, () => dev.run('rollback', 'dev', '--to', '2'), 4, /^DW3207: .*lake.template.json is missing or changed/m);
    await dev.clients.s3.send(new DeleteObjectCommand({ Bucket, Key }));
    await expectRefused(dev, () => dev.run('rollback', 'dev', '--to', '2'), 1, /^DW3231: .*check commit [0-9a-f]{40} out/m);
  });
});

describe('in an environment after another one, which has moved on', () => {
  let dev: Workplace;
  let inTest: Workplace;
  beforeAll(async () => {
    [dev, inTest] = await environments('two', 2);
    await letIn(dev, inTest);
    for (const zone of ['raw', 'curated']) {
      for (const place of [dev, inTest]) await applied(place, lake(zone));
      nextCommit(dev);
    }
    await applied(dev, lake('ahead'));
  });

  test('a plan that only says that it is a rollback is out of order', async () => {
    const assembly = join(folder, 'forged.out');
    synthesiseSmall(assembly, inTest.place.account, [lake('forged')]);
    const bundle = join(folder, 'forged');
    succeeded(await inTest.run('plan', 'test', '--assembly', assembly, '--out', bundle));
    const honest = (await readBundle(bundle)).plan;
    const past = JSON.parse((await inTest.object(`${inTest.names.historyPrefix}00000001.json`))!) as { planDigest: string; commit: string };
    const rollback = { serial: 1, digest: past.planDigest, remaining: [] };
    const never = await forged(bundle, { ...honest, rollback });
    await expectRefused(inTest, () => inTest.apply(never), 4, /^DW3307: .*serial 1 is of commit/m);
    const other = await forged(bundle, { ...honest, commit: past.commit, rollback });
    await expectRefused(inTest, () => inTest.apply(other), 4, /^DW3307: .*something else than serial 1: template of lake/m);
    const unknown = await forged(bundle, { ...honest, commit: past.commit, rollback: { ...rollback, serial: 9 } });
    await expectRefused(inTest, () => inTest.apply(unknown), 4, /^DW3307: .*the history has no serial 9/m);
  });

  /** Write a plan over the bundle that it is forged from, and have it approved: the approvers were deceived. */
  async function forged(bundle: string, plan: Plan): Promise<string> {
    const assembly = join(folder, 'forged-assembly');
    rmSync(assembly, { recursive: true, force: true });
    cpSync(join(bundle, 'assembly'), assembly, { recursive: true });
    rmSync(bundle, { recursive: true });
    mkdirSync(bundle);
    const { sources } = readAssembly(assembly, { name: plan.environment, account: plan.account, region: plan.region });
    const { digest } = writeBundle(bundle, JSON.parse(undigested(plan).toString()) as Omit<Plan, 'digest'>, sources);
    const archive = join(folder, 'forged.tgz');
    await packBundle(bundle, archive);
    const put = (key: string, Body: Buffer | string) =>
      inTest.clients.s3.send(
        new PutObjectCommand({ Bucket: inTest.names.stateBucket, Key: `${inTest.names.plansPrefix}${digest}/${key}`, Body }),
      );
    await put('bundle.tgz', readFileSync(archive));
    await put('planned/now.json', '{}');
    succeeded(await inTest.run('approve', 'test', digest));
    return digest;
  }

  test('the commit was applied here: that is the proof', async () => {
    nextCommit(inTest);
    const plain = await inTest.approved([lake('raw')]);
    await expectRefused(inTest, () => inTest.apply(plain), 4, /^DW3307: .*dev has /m);
    const { digest } = await rolledBack(inTest, 1);
    succeeded(await inTest.run('approve', 'test', digest));
    succeeded(await inTest.apply(digest));
    expect(await value(inTest, '/lake/zone')).toBe('raw');
    expect(await inTest.record()).toMatchObject({ serial: 3, result: 'succeeded' });
  });
});

/** As the bucket's own policy does in authorization mode, which alone knows the deployer of the next environment by its ARN. */
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
