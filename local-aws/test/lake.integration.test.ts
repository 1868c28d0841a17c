/** The lake of dev, planned, approved and applied in a local AWS of its own, and held against what it must be. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient, CreateChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  DeleteBucketPolicyCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { cdk } from './cdk';
import { propertiesOf, ZONE_TABLE } from '../../packages/dataworks-constructs/test/zones/zone-table';
import { loadConfiguration } from '../../packages/dataworks-deploy/src';
import { Stacks } from '../../packages/dataworks-deploy/src/aws/cloudformation';
import { DriftDetection } from '../../packages/dataworks-deploy/src/aws/drift-detection';
import { targetOf } from '../../packages/dataworks-deploy/src/config/target';
import { driftOf } from '../../packages/dataworks-deploy/src/drift/detect';
import type { DeploymentRecord } from '../../packages/dataworks-deploy/src/record/record';
import { clientEnvironment } from '../cli/environment';
import { homeAt } from '../cli/paths';
import { isAlive } from '../cli/process-identity';
import { runningServer, startServer, stopServer } from '../cli/server';
import { bootstrapStacks } from '../try/bootstrap';
import { runTry } from '../try/command';
import { compare, isEqual } from '../try/compare';
import { compile } from '../try/compile';
import type { JsonObject } from '../try/json';
import { readBack, type StackReadBack } from '../try/read-back';
import { differences, totals } from '../try/report';
import { services } from '../try/services';
import { Steps } from '../try/steps';
import { stacksOf, type SynthesizedStack } from '../try/template';
import { tryLake, type TriedLake } from '../try/try-lake';
import { useEnvironment } from '../try/use-environment';

const CONFIGURATION = join(__dirname, '../../packages/dataworks-app/dataworks.json');
const { project, environments } = loadConfiguration(CONFIGURATION);
const TRUSTING_ANYBODY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
});
const dev = environments[0];
const folder = mkdtempSync(join(tmpdir(), 'dataworks-lake-'));
const home = homeAt(join(folder, 'home'));
const caller = { ...process.env };
let told: string[] = [];
let lake: TriedLake;
let synthesized: readonly SynthesizedStack[];

const deploy = () => tryLake(dev, folder, new Steps((line) => told.push(line)));
const bucketOf = (zone: string) =>
  lake.stacks.flatMap(({ resources }) => resources).find((resource) => resource.type === 'AWS::S3::Bucket' && resource.zone === zone)!;
const readAgain = (): Promise<StackReadBack[]> => Promise.all(synthesized.map((stack) => readBack(stack, services())));

beforeAll(async () => {
  const { server } = await startServer({ home, tied: true });
  useEnvironment(clientEnvironment({ url: server.url, account: dev.account, region: dev.region }, process.env));
  await leaveChangeSet();
  await compile(() => {});
  lake = await deploy();
  synthesized = [...bootstrapStacks(dev.name), ...stacksOf(lake.plan.assembly, dev.name)];
});
afterAll(async () => {
  await stopServer({ home });
  rmSync(folder, { recursive: true });
  useEnvironment({ ...Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined])), ...caller });
});

/** What `cdk deploy` leaves of a new stack when it is interrupted before it executes. */
async function leaveChangeSet(): Promise<void> {
  const StackName = `${project.name}-${dev.name}-lake`;
  const TemplateBody = JSON.stringify({ Resources: { Name: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'x' } } } });
  const change = { StackName, ChangeSetName: 'cdk-deploy-change-set', ChangeSetType: 'CREATE', TemplateBody } as const;
  await new CloudFormationClient().send(new CreateChangeSetCommand(change));
}

const { names } = targetOf(dev.name, CONFIGURATION);

async function stored(Key: string): Promise<string> {
  const { Body } = await new S3Client({ forcePathStyle: true }).send(new GetObjectCommand({ Bucket: names.stateBucket, Key }));
  return Body!.transformToString();
}

/** What was applied last, as the state bucket has it. */
const record = async () => JSON.parse(await stored(names.recordKey)) as DeploymentRecord;

async function runs(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runTry(args, { home, out: (text) => out.push(text), err: (text) => err.push(text) });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

test('every value that the template claims is what the services answer', () => {
  expect(lake.changed).toBe(true);
  expect(lake.stacks.flatMap(differences)).toEqual([]);
  expect(lake.stacks.map(({ name }) => name)).toEqual(['dataworks-dev-backend', 'CDKToolkit-dataworks', 'dataworks-dev-lake']);
  expect(totals(lake.stacks).services).toBeGreaterThan(2250);
});

test.each(ZONE_TABLE)('the bucket of $zone has what the table of zones says', async (row) => {
  const expected = propertiesOf(row);
  const actual = await services()
    .readers.get('AWS::S3::Bucket')!
    .read({ physicalId: bucketOf(row.zone).physicalId, properties: {} });
  const claimed = JSON.parse(JSON.stringify(expected)) as JsonObject; // without what is undefined: not there
  const answered = Object.fromEntries(Object.entries(actual).filter(([name]) => name in expected));
  expect(compare(claimed, answered).filter((comparison) => !isEqual(comparison))).toEqual([]);
});

test("an object that names no encryption comes back encrypted with the lake's key", () => {
  expect(lake.object).toHaveLength(4);
  expect(lake.object.filter((comparison) => !isEqual(comparison))).toEqual([]);
});

test('nothing of that object is left, no version and no marker', async () => {
  const found = await new S3Client({ forcePathStyle: true }).send(new ListObjectVersionsCommand({ Bucket: bucketOf('raw').physicalId }));
  expect([...(found.Versions ?? []), ...(found.DeleteMarkers ?? [])]).toEqual([]);
});

test('what was deployed is what was planned and approved, and is recorded', async () => {
  const approver = `arn:aws:iam::${dev.account}:root`;
  const { digest } = lake.plan;
  expect(await record()).toMatchObject({ serial: 1, result: 'succeeded', planDigest: digest, approvals: [{ approver }] });
  const commands = told.filter((line) => line.includes('$ npx projen dataworks ')).map((line) => line.trim().split(' ').slice(4).join(' '));
  expect(commands).toEqual(['bootstrap dev', 'plan dev --upload', `approve dev ${digest}`, `apply dev ${digest}`]);
});

test('the plan is told, and its report is the one in the state bucket', async () => {
  expect(told.join('\n')).toMatch(
    /dataworks-dev-lake, eu-central-1: is created \(\d+ to add\)\n[^]*\+ add AWS::S3::Bucket dev\/lake\/Lake\/raw\n/,
  );
  const { plansPrefix } = names;
  const page = readFileSync(lake.plan.report, 'utf8');
  expect(page).toContain('<title>Plan for dev: ');
  expect(await stored(`${plansPrefix}${lake.plan.digest}/report.html`)).toBe(page);
});

test('a second run changes nothing, says so, and records that', async () => {
  told = [];
  expect((await deploy()).changed).toBe(false);
  expect(told.join('\n')).toContain('No changes: what is deployed is as the application says.');
  expect(told.join('\n')).toContain('The plan changes nothing: serial 2 of dev.');
  expect(await record()).toMatchObject({ serial: 2, result: 'noChanges' });
});

test('list, synth, diff and deploy work from the folder of the app', async () => {
  const stage = `${dev.name}/*`;
  expect(await cdk(['list'], () => {})).toEqual(
    expect.arrayContaining(environments.map(({ name }): unknown => expect.stringContaining(`${name}/lake`))),
  );
  const said = async (...args: string[]) => (await cdk([...args, stage], () => {})).join('\n');
  expect(await said('synth')).toContain('Resources:');
  expect(await said('diff')).toContain('Number of stacks with differences: 0');
  expect(await said('deploy', '--require-approval', 'never')).toContain('(no changes)');
});

test("the CDK's own bootstrap does not overwrite ours", async () => {
  const said = await cdk(['bootstrap', `aws://${dev.account}/${dev.region}`], () => {});
  expect(said.join('\n')).toContain("Not overwriting it with a template containing 'AWS CDK: Default Resources'");
  expect((await readAgain()).flatMap(differences)).toEqual([]);
});

test('drift detection compares every resource of the three stacks, and finds nothing', async () => {
  const stacks = new Stacks(dev.region);
  const recorded = lake.stacks.map(async ({ name }) => ({
    name,
    region: dev.region,
    id: (await stacks.find(name))!.id,
    templateHash: '',
    status: '',
  }));
  const found = await driftOf(
    await Promise.all(recorded),
    (region) => ({ stacks, detection: new DriftDetection(region) }),
    () => {},
  );
  const others = found.flatMap(({ resources }) => resources).filter(({ status }) => status !== 'IN_SYNC');
  expect(found.map(({ name, status }) => [name, status])).toEqual(lake.stacks.map(({ name }) => [name, 'IN_SYNC']));
  expect(others.map(({ type, status }) => [type, status])).toEqual([['AWS::CDK::Metadata', 'NOT_CHECKED']]);
});

test('what somebody changes behind the back of the stack is found', async () => {
  const s3 = new S3Client({ forcePathStyle: true });
  const [raw, domain, temp] = ['raw', 'domain', 'temp-reload'].map((zone) => bucketOf(zone));
  await s3.send(new DeleteBucketPolicyCommand({ Bucket: raw.physicalId }));
  await s3.send(new PutBucketTaggingCommand({ Bucket: domain.physicalId, Tagging: { TagSet: [{ Key: 'zone', Value: 'raw' }] } }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: temp.physicalId, VersioningConfiguration: { Status: 'Enabled' } }));

  const found = (await readAgain()).flatMap(differences);
  expect(found).toContainEqual(expect.stringMatching(/\(AWS::S3::BucketPolicy\) PolicyDocument\.Statement\.0\.Effect: .*service has none/));
  expect(found).toContainEqual(
    expect.stringContaining(`${domain.logicalId} (AWS::S3::Bucket) Tags.zone: template has "domain", service has "raw"`),
  );
  expect(found).toContainEqual(
    expect.stringContaining(`${temp.logicalId} (AWS::S3::Bucket) VersioningConfiguration.Status: template has none, service has "Enabled"`),
  );
});

test('what differs is the last word of a run, which fails', async () => {
  const { code, out } = await runs();
  expect(code).toBe(1);
  expect(out.split('\n').at(-1)).toMatch(/^FAILED: \d+ values differ \(first: .+\)\. `npx projen local:reset` starts afresh\.$/);
});

test('so is what somebody changes in the backend; and the command that made it ends the run', async () => {
  const { stateTable, deployerRole } = names;
  await new DynamoDBClient().send(new UpdateTableCommand({ TableName: stateTable, DeletionProtectionEnabled: false }));
  await new IAMClient().send(new UpdateAssumeRolePolicyCommand({ RoleName: deployerRole, PolicyDocument: TRUSTING_ANYBODY }));

  const found = (await readAgain()).flatMap(differences);
  expect(found).toContainEqual(
    expect.stringMatching(/\(AWS::DynamoDB::Table\) DeletionProtectionEnabled: template has "true", service has none/),
  );
  expect(found).toContainEqual(
    expect.stringMatching(
      /\(AWS::IAM::Role\) AssumeRolePolicyDocument\..*sts:ExternalId: template has "\(secret ExternalId\)", service has none/,
    ),
  );

  const { code, err, out } = await runs();
  expect(code).toBe(1);
  expect(out).toMatch(/DW2121: .*DW2222 .*DW2231 /);
  expect(err).toMatch(/^DW6204 dataworks bootstrap dev: ended with 1\. /);
});

test('after a crash of the server a run starts from an empty state, and prints nothing but JSON when asked', async () => {
  const server = await runningServer({ home });
  process.kill(server.pid, 'SIGKILL');
  while (isAlive(server)) await sleep(20);

  const { code, out, err } = await runs('--json');
  expect(err).toContain('DW6007: The local AWS was not stopped cleanly, so it starts from an empty state.');
  expect(JSON.parse(out)).toMatchObject({ environment: dev.name, changed: true, differences: [] });
  expect(code).toBe(0);
});
