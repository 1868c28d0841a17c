/** `dataworks bootstrap` and `dataworks doctor`, as processes, against a local AWS of their own. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  ListStacksCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  PutItemCommand,
  PutResourcePolicyCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import {
  AttachRolePolicyCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeleteOpenIDConnectProviderCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  GetRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  DeletePublicAccessBlockCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketReplicationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { configuration, dataworks, environmentOf, killedAt, REGION, writeConfiguration, type Place } from './support/command-line';
import { aRecord } from './support/records';
import { QUIET, TERRAFORM, UNATTENDED } from './support/terraform';
import { ownServer } from '../../../local-aws/test/own-server';
import { compile } from '../../../local-aws/try/compile';
import { synthesise } from '../src/bootstrap/synthesis';
import { targetOf } from '../src/config/target';
import { FINDINGS } from '../src/doctor/findings';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const own = ownServer();
const { folder } = own;

beforeAll(async () => {
  await compile(() => {});
});

const ACCOUNTS = Array.from({ length: 120 }, (_, index) => String(700000000000 + index));

/** The environment dev in an account that nothing was done in yet. */
function newPlace(changes: object = {}): Place {
  const account = ACCOUNTS.shift()!;
  const place = { name: 'dev', account, folder: join(folder, account), url: own.url };
  writeConfiguration(place.folder, configuration([account], changes));
  return place;
}

/** Clients in the account of a place. */
function clients({ account }: Place) {
  const settings = { endpoint: own.url, region: REGION, credentials: { accessKeyId: account, secretAccessKey: 'test' } };
  return {
    cloudFormation: new CloudFormationClient(settings),
    dynamoDb: new DynamoDBClient(settings),
    iam: new IAMClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    ssm: new SSMClient(settings),
  };
}

const target = (place: Place) => targetOf(place.name, join(place.folder, 'dataworks.json'));
const bootstrap = (place: Place, ...options: string[]) => dataworks(place, ['bootstrap', place.name, '--yes', ...options]);

async function codesOf(place: Place): Promise<string[]> {
  const { out } = await dataworks(place, ['doctor', place.name, '--json']);
  return (JSON.parse(out) as { findings: Array<{ code: string }> }).findings.map(({ code }) => code);
}

async function expectInPlace(place: Place): Promise<void> {
  expect(await bootstrap(place)).toMatchObject({ code: 0 });
  expect(await dataworks(place, ['doctor', place.name])).toMatchObject({ code: 0 });
}

async function stackNames({ cloudFormation }: ReturnType<typeof clients>): Promise<string[]> {
  const { StackSummaries = [] } = await cloudFormation.send(new ListStacksCommand());
  return StackSummaries.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE').map(({ StackName }) => StackName!);
}

/** When each stack was last written to, and by how many events. */
async function writes(place: Place): Promise<unknown> {
  const { Stacks = [] } = await clients(place).cloudFormation.send(new DescribeStacksCommand());
  return Stacks.map(({ StackName, StackStatus, CreationTime, LastUpdatedTime }) => [StackName, StackStatus, CreationTime, LastUpdatedTime]);
}

test('three environments in three accounts; a second run changes nothing; the doctor finds nothing', async () => {
  const accounts = ACCOUNTS.splice(0, 3);
  const shared = join(folder, 'three');
  writeConfiguration(shared, configuration(accounts));
  for (const [index, name] of ['dev', 'test', 'prod'].entries()) {
    const place = { name, account: accounts[index], folder: shared, url: own.url };
    expect(await bootstrap(place)).toMatchObject({ code: 0 });
    const before = await writes(place);
    const again = await dataworks(place, ['bootstrap', name, '--json']); // without --yes: there is nothing to ask
    expect(again.code).toBe(0);
    expect(JSON.parse(again.out)).toMatchObject({ changed: false });
    expect(await writes(place)).toEqual(before);
    expect(await dataworks(place, ['doctor', name])).toMatchObject({ code: 0 });
  }
});

test('a change of dataworks.json is shown by resource and property, and deployed', async () => {
  const place = newPlace();
  await bootstrap(place);
  const environments = [{ name: 'dev', account: place.account, region: REGION }]; // without administrators
  writeConfiguration(place.folder, configuration([place.account], { environments }));
  expect(await codesOf(place)).toContain(FINDINGS.stackOutdated.code);
  const run = await bootstrap(place, '--json');
  expect((JSON.parse(run.out) as { stacks: object[] }).stacks[0]).toEqual({
    name: target(place).names.backendStack,
    changes: [expect.stringMatching(/^change AWS::IAM::Role dataworks-dev-deployer: .*AssumeRolePolicyDocument/)],
  });
  await expectInPlace(place);
});

describe('an interrupted run', () => {
  const STEPS: ReadonlyArray<readonly [string, RegExp]> = [
    ['the change set of the backend is made', /-backend: change set made/],
    ['both change sets are made', /CDKToolkit-\S+: change set made/],
    ['the external id is shown', /external id, shown this once/],
    ['the change set of the backend executes', /-backend: change set executes/],
    ['the bucket is made', /CREATE_COMPLETE AWS::S3::Bucket /],
    ['the table is made', /CREATE_COMPLETE AWS::DynamoDB::Table/],
    ['the backend is deployed', /-backend: deployed/],
    ['the backend is protected', /-backend: termination protection/],
    ['the change set of the CDK bootstrap executes', /CDKToolkit-\S+: change set executes/],
    ['a role of the CDK bootstrap is made', /CREATE_COMPLETE AWS::IAM::Role Toolkit/],
    ['the CDK bootstrap is deployed', /CDKToolkit-\S+: deployed/],
    ['the CDK bootstrap is protected', /CDKToolkit-\S+: termination protection/],
  ];
  test.each(STEPS)('killed when %s, is finished by the next', async (_step, line) => {
    const place = newPlace();
    expect(await dataworks(place, ['bootstrap', 'dev', '--yes'], killedAt(line))).toMatchObject({ signal: 'SIGKILL' });
    await expectInPlace(place);
  });

  test('killed while it destroys, is finished by the next', async () => {
    for (const line of [
      /DELETE_COMPLETE AWS::CloudFormation::Stack CDKToolkit/,
      /DELETE_COMPLETE AWS::CloudFormation::Stack dataworks/,
      /^bucket \S+ removed/,
    ]) {
      const place = newPlace();
      await bootstrap(place);
      expect(await dataworks(place, ['bootstrap', 'dev', '--destroy', '--yes'], killedAt(line))).toMatchObject({ signal: 'SIGKILL' });
      expect(await dataworks(place, ['bootstrap', 'dev', '--destroy', '--yes'])).toMatchObject({ code: 0 });
      expect(await stackNames(clients(place))).toEqual([]);
      await expect(clients(place).s3.send(new HeadBucketCommand({ Bucket: target(place).names.stateBucket }))).rejects.toThrow();
    }
  });
});

describe('what a failed run has left', () => {
  test('a creation that failed after the table was made: the table, which its protection kept, is adopted', async () => {
    const place = newPlace();
    const { cloudFormation } = clients(place);
    const { backend } = synthesise(target(place), { existingProvider: false });
    const table = Object.entries(backend.template.Resources).find(([, { Type }]) => Type === 'AWS::DynamoDB::Table')![0];
    const late = {
      Type: 'AWS::IAM::Role',
      DependsOn: table,
      Properties: { RoleName: target(place).names.deployerRole, AssumeRolePolicyDocument: {} },
    };
    const failing = { ...backend.template, Resources: { ...backend.template.Resources, Late: late } };
    const name = { StackName: backend.name };
    await cloudFormation.send(
      new CreateStackCommand({
        ...name,
        TemplateBody: JSON.stringify(failing),
        Capabilities: ['CAPABILITY_NAMED_IAM'],
        Parameters: [{ ParameterKey: 'ExternalId', ParameterValue: 'x'.repeat(43) }],
      }),
    );
    let status: string | undefined;
    do {
      await sleep(200);
      status = (await cloudFormation.send(new DescribeStacksCommand(name))).Stacks![0].StackStatus;
    } while (status!.endsWith('_IN_PROGRESS'));
    expect(status).toMatch(/^ROLLBACK_/);
    const run = await bootstrap(place);
    expect(run).toMatchObject({ code: 0 });
    expect(run.err).toContain(`${status}, left by a failed run: clearing`);
    expect(run.err).toContain(`adopt AWS::DynamoDB::Table ${target(place).names.stateTable}`);
    await expectInPlace(place);
  });

  test('a name that was taken: the first run says so, the second clears the stack and goes on', async () => {
    const place = newPlace();
    const { iam } = clients(place);
    const RoleName = target(place).names.cdkLookupRole;
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: '{"Version":"2012-10-17","Statement":[]}' }));
    const failed = await bootstrap(place);
    expect(failed).toMatchObject({ code: 1 });
    expect(failed.err).toMatch(/^DW21(17|18): .*already exist/m);
    await iam.send(new DeleteRoleCommand({ RoleName }));
    await expectInPlace(place);
  });

  test('bucket and table of a deleted stack are adopted, with what is in them', async () => {
    const place = newPlace();
    const { cloudFormation, s3 } = clients(place);
    const { names } = target(place);
    await bootstrap(place);
    await s3.send(new PutObjectCommand({ Bucket: names.stateBucket, Key: names.recordKey, Body: JSON.stringify(aRecord()) }));
    for (const StackName of [names.toolkitStack, names.backendStack]) {
      await cloudFormation.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false }));
      await cloudFormation.send(new DeleteStackCommand({ StackName }));
    }
    while ((await stackNames(clients(place))).length > 0) await sleep(200);
    const run = await bootstrap(place);
    expect(run.err).toContain(`adopt AWS::S3::Bucket ${names.stateBucket}`);
    await expectInPlace(place);
    expect((await dataworks(place, ['bootstrap', 'dev', '--destroy', '--yes'])).err).toContain(`DW2123`);
  });

  test('change sets of an interrupted run are discarded, those of others stay', async () => {
    const place = newPlace();
    const { cloudFormation } = clients(place);
    const { backend } = synthesise(target(place), { existingProvider: false });
    await cloudFormation.send(
      new CreateChangeSetCommand({
        StackName: backend.name,
        ChangeSetName: 'dataworks-bootstrap-of-an-earlier-run',
        ChangeSetType: 'CREATE',
        TemplateBody: backend.body,
        Capabilities: ['CAPABILITY_NAMED_IAM'],
        Parameters: [{ ParameterKey: 'ExternalId', ParameterValue: 'x'.repeat(43) }],
      }),
    );
    await expectInPlace(place);
  });
});

describe('what is in the way', () => {
  test('a bucket of a stranger: nothing is created, and the suffix is explained', async () => {
    const [place, stranger] = [newPlace(), newPlace()];
    await clients(stranger).s3.send(new CreateBucketCommand({ Bucket: target(place).names.stateBucket }));
    const run = await bootstrap(place);
    expect(run).toMatchObject({ code: 1 });
    expect(run.err).toMatch(/^DW2112: .*stateNameSuffix/m);
    expect(await stackNames(clients(place))).toEqual([]);
  });

  test('a table with another key', async () => {
    const place = newPlace();
    await clients(place).dynamoDb.send(
      new CreateTableCommand({
        TableName: target(place).names.stateTable,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      }),
    );
    expect((await bootstrap(place)).err).toMatch(/^DW2114: .*id:S/m);
    expect(await stackNames(clients(place))).toEqual([]);
  });

  test("the CDK's own bootstrap under the same name or qualifier", async () => {
    for (const [StackName, received] of [
      ['CDKToolkit-dataworks', 'CDKToolkit-dataworks, variant "AWS CDK: Default Resources"'],
      ['CDKToolkit', 'bootstrap version 25, of'],
    ]) {
      const place = newPlace();
      const { cloudFormation } = clients(place);
      const Resources = {
        Version: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Name: '/cdk-bootstrap/dataworks/version', Value: '25' } },
      };
      const Parameters = { BootstrapVariant: { Type: 'String', Default: 'AWS CDK: Default Resources' } };
      await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify({ Parameters, Resources }) }));
      while ((await cloudFormation.send(new DescribeStacksCommand({ StackName }))).Stacks![0].StackStatus !== 'CREATE_COMPLETE') {
        await sleep(100);
      }
      const run = await bootstrap(place);
      expect(run.err).toMatch(/^DW2115: /m);
      expect(run.err).toContain(`Received: ${received}`);
      expect(await stackNames(clients(place))).toEqual([StackName]);
    }
  });

  test('an identity provider of the organisation is used, not made again', async () => {
    const place = newPlace();
    const organization = target(place).configuration.circleci!.organizationId;
    const provider = { Url: `https://oidc.circleci.com/org/${organization}`, ClientIDList: [organization] };
    await clients(place).iam.send(new CreateOpenIDConnectProviderCommand(provider));
    const run = await bootstrap(place);
    expect(run).toMatchObject({ code: 0 });
    expect(run.err).not.toContain('AWS::IAM::OIDCProvider');
    await expectInPlace(place);
  });

  test('without a terminal and without --yes, nothing is left of the proposal', async () => {
    const place = newPlace();
    const run = await dataworks(place, ['bootstrap', 'dev']);
    expect(run).toMatchObject({ code: 1 });
    expect(run.err).toMatch(/^DW2102: /m);
    while ((await stackNames(clients(place))).length > 0) await sleep(200);
  });
});

describe('the external id', () => {
  test('is shown once, is in force, and is not told again; --rotate makes another', async () => {
    const place = newPlace();
    const first = await bootstrap(place, '--json');
    const { externalId } = JSON.parse(first.out) as { externalId: string };
    expect(externalId).toMatch(/^[\w-]{43}$/);
    expect(first.err.split(externalId)).toHaveLength(2);
    expect(await trustOf(place)).toContain(externalId);

    const second = await bootstrap(place, '--json');
    expect(second.out + second.err).not.toContain(externalId);
    expect(JSON.parse(second.out)).not.toHaveProperty('externalId');

    const rotated = JSON.parse((await bootstrap(place, '--json', '--rotate')).out) as { externalId: string };
    expect(rotated.externalId).not.toBe(externalId);
    expect(await trustOf(place)).toContain(rotated.externalId);
    expect(await trustOf(place)).not.toContain(externalId);
    const doctor = await dataworks(place, ['doctor', 'dev', '--json']);
    expect(doctor).toMatchObject({ code: 0 });
    expect(doctor.out + doctor.err).not.toContain(rotated.externalId);
  });

  async function trustOf(place: Place): Promise<string> {
    const { Role } = await clients(place).iam.send(new GetRoleCommand({ RoleName: target(place).names.deployerRole }));
    return decodeURIComponent(Role!.AssumeRolePolicyDocument!);
  }
});

test('--write-backend writes the block once, and leaves another file alone', async () => {
  const place = newPlace();
  const file = join(place.folder, 'backend.tf');
  await bootstrap(place, '--write-backend', 'backend.tf');
  expect(readFileSync(file, 'utf8')).toContain(`bucket              = "${target(place).names.stateBucket}"`);
  expect(await bootstrap(place, '--write-backend', 'backend.tf')).toMatchObject({ code: 0 });
  expect((await bootstrap(place, '--write-backend', 'dataworks.json')).err).toMatch(/^DW2124: .*dataworks\.json/m);
});

(TERRAFORM === undefined ? test.skip : test)(
  'a real Terraform keeps its state there, by the block as it was written (skipped where there is none)',
  async () => {
    const place = newPlace();
    await bootstrap(place, '--write-backend', 'backend.tf');
    writeFileSync(join(place.folder, 'main.tf'), 'resource "terraform_data" "it" { input = "kept" }\n');
    const run = (...args: string[]) => {
      const env = { ...environmentOf(place), ...QUIET };
      const { status, stderr } = spawnSync(TERRAFORM!, [...args, ...UNATTENDED], { cwd: place.folder, env, encoding: 'utf8' });
      expect({ status, stderr }).toMatchObject({ status: 0 });
    };
    run('init', '-backend-config=use_path_style=true'); // the embedded AWS has no name of its own for each bucket
    run('apply', '-auto-approve');
    const { stateBucket: Bucket, stateKey: Key, lockFileKey } = target(place).names;
    const { s3 } = clients(place);
    const { Body, ServerSideEncryption } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await Body!.transformToString()).toContain('"value": "kept"');
    expect(ServerSideEncryption).toBe('AES256');
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: lockFileKey }));
    expect([Versions.length, DeleteMarkers.length]).toEqual([1, 1]); // it took the lock, and gave it back
    expect(await dataworks(place, ['doctor', place.name])).toMatchObject({ code: 0 });
  },
);

describe('--destroy', () => {
  test.each([
    ['a record', (place: Place) => putObject(place, target(place).names.recordKey)],
    ['the state of somebody else', (place: Place) => putObject(place, 'network/terraform.tfstate')],
    ['a lock', (place: Place) => putLock(place, target(place).names.lockId)],
  ])('refuses while there is %s', async (_what, use) => {
    const place = newPlace();
    await bootstrap(place);
    await use(place);
    const run = await dataworks(place, ['bootstrap', 'dev', '--destroy', '--yes']);
    expect(run).toMatchObject({ code: 1 });
    expect(run.err).toMatch(/^DW2123: /m);
    expect(await codesOf(place)).toEqual([]);
  });

  test('removes what was removed in it too: old versions, plans and the fencing counter', async () => {
    const place = newPlace();
    const { s3 } = clients(place);
    const { names } = target(place);
    await bootstrap(place);
    await putObject(place, `${names.stateKey}/plans/abc/bundle.tgz`);
    await putObject(place, names.lockFileKey);
    await s3.send(new DeleteObjectCommand({ Bucket: names.stateBucket, Key: names.lockFileKey }));
    await putLock(place, names.fenceId);
    expect(await dataworks(place, ['bootstrap', 'dev', '--destroy', '--yes'])).toMatchObject({ code: 0 });
    await expectInPlace(place);
  });
});

async function putObject(place: Place, Key: string): Promise<void> {
  await clients(place).s3.send(new PutObjectCommand({ Bucket: target(place).names.stateBucket, Key, Body: JSON.stringify(aRecord()) }));
}

async function putLock(place: Place, id: string): Promise<void> {
  const info = JSON.stringify({ ID: 'b1b6', Operation: 'OperationTypeApply', Who: 'ada@host', Created: '2026-01-02T03:04:05Z' });
  await clients(place).dynamoDb.send(
    new PutItemCommand({ TableName: target(place).names.stateTable, Item: { LockID: { S: id }, Info: { S: info } } }),
  );
}

describe('the doctor', () => {
  type Clients = ReturnType<typeof clients>;
  type Names = ReturnType<typeof target>['names'];
  const ALLOW_ALL = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
  const trusting = (Principal: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }] });
  const loosened = (role: (names: Names) => string) => (to: Clients, names: Names) =>
    to.iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName: role(names), PolicyDocument: trusting({ AWS: `arn:aws:iam::${names.account}:root` }) }),
    );
  const onBucket = (names: Names) => ({ Bucket: names.stateBucket });

  const SABOTAGES: ReadonlyArray<readonly [string, (to: Clients, names: Names) => Promise<unknown>, { readonly code: string }]> = [
    [
      'versioning suspended',
      (to, names) => to.s3.send(new PutBucketVersioningCommand({ ...onBucket(names), VersioningConfiguration: { Status: 'Suspended' } })),
      FINDINGS.bucketVersioning,
    ],
    [
      'public access no longer blocked',
      (to, names) => to.s3.send(new DeletePublicAccessBlockCommand(onBucket(names))),
      FINDINGS.bucketPublicAccess,
    ],
    ['the bucket policy deleted', (to, names) => to.s3.send(new DeleteBucketPolicyCommand(onBucket(names))), FINDINGS.bucketPolicy],
    ['the lifecycle rules deleted', (to, names) => to.s3.send(new DeleteBucketLifecycleCommand(onBucket(names))), FINDINGS.bucketLifecycle],
    [
      'another default encryption',
      (to, names) =>
        to.s3.send(
          new PutBucketEncryptionCommand({
            ...onBucket(names),
            ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }] },
          }),
        ),
      FINDINGS.bucketEncryption,
    ],
    [
      'the bucket copied to another',
      async (to, names) => {
        const Bucket = `elsewhere-${names.account}`;
        await to.s3.send(new CreateBucketCommand({ Bucket }));
        await to.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
        await to.s3.send(
          new PutBucketReplicationCommand({
            ...onBucket(names),
            ReplicationConfiguration: {
              Role: names.roleArn('copier'),
              Rules: [{ Status: 'Enabled', Priority: 1, Filter: { Prefix: '' }, Destination: { Bucket: `arn:aws:s3:::${Bucket}` } }],
            },
          }),
        );
      },
      FINDINGS.bucketReplication,
    ],
    [
      'ACLs in force',
      (to, names) =>
        to.s3.send(
          new PutBucketOwnershipControlsCommand({
            ...onBucket(names),
            OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
          }),
        ),
      FINDINGS.bucketOwnership,
    ],
    [
      'deletion protection off',
      (to, names) => to.dynamoDb.send(new UpdateTableCommand({ TableName: names.stateTable, DeletionProtectionEnabled: false })),
      FINDINGS.tableUnprotected,
    ],
    [
      'point-in-time recovery off',
      (to, names) =>
        to.dynamoDb.send(
          new UpdateContinuousBackupsCommand({
            TableName: names.stateTable,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
          }),
        ),
      FINDINGS.tableUnrecoverable,
    ],
    [
      'the table opened to another account',
      (to, names) =>
        to.dynamoDb.send(
          new PutResourcePolicyCommand({
            ResourceArn: names.stateTableArn,
            Policy: JSON.stringify({
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Principal: { AWS: '999988887777' }, Action: 'dynamodb:*', Resource: names.stateTableArn }],
            }),
          }),
        ),
      FINDINGS.tablePolicy,
    ],
    [
      'the table deleted',
      async (to, names) => {
        await to.dynamoDb.send(new UpdateTableCommand({ TableName: names.stateTable, DeletionProtectionEnabled: false }));
        await to.dynamoDb.send(new DeleteTableCommand({ TableName: names.stateTable }));
      },
      FINDINGS.tableMissing,
    ],
    [
      'the table made again with another key',
      async (to, names) => {
        await to.dynamoDb.send(new UpdateTableCommand({ TableName: names.stateTable, DeletionProtectionEnabled: false }));
        await to.dynamoDb.send(new DeleteTableCommand({ TableName: names.stateTable }));
        await to.dynamoDb.send(
          new CreateTableCommand({
            TableName: names.stateTable,
            BillingMode: 'PAY_PER_REQUEST',
            KeySchema: [{ AttributeName: 'lock', KeyType: 'HASH' }],
            AttributeDefinitions: [{ AttributeName: 'lock', AttributeType: 'S' }],
          }),
        );
      },
      FINDINGS.tableKey,
    ],
    ['the trust of the plan role loosened', loosened((names) => names.planRole), FINDINGS.roleTrust],
    ['the trust of the apply role loosened', loosened((names) => names.applyRole), FINDINGS.roleTrust],
    ['the trust of the deployer role loosened', loosened((names) => names.deployerRole), FINDINGS.roleTrust],
    ["the trust of the CDK's deploy role loosened", loosened((names) => names.cdkDeployRole), FINDINGS.roleTrust],
    ["the trust of the CDK's lookup role loosened", loosened((names) => names.cdkLookupRole), FINDINGS.roleTrust],
    [
      'another inline policy',
      (to, names) => to.iam.send(new PutRolePolicyCommand({ RoleName: names.planRole, PolicyName: 'more', PolicyDocument: ALLOW_ALL })),
      FINDINGS.rolePolicies,
    ],
    [
      'a managed policy attached',
      (to, names) =>
        to.iam.send(new AttachRolePolicyCommand({ RoleName: names.cdkLookupRole, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' })),
      FINDINGS.rolePolicies,
    ],
    [
      'no boundary on the execution role',
      (to, names) => to.iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: names.cdkExecutionRole })),
      FINDINGS.roleBoundary,
    ],
    [
      'the boundary edited',
      (to, names) =>
        to.iam.send(
          new CreatePolicyVersionCommand({ PolicyArn: names.policyArn(names.boundary), PolicyDocument: ALLOW_ALL, SetAsDefault: true }),
        ),
      FINDINGS.policyChanged,
    ],
    [
      'the execution policy edited',
      (to, names) =>
        to.iam.send(
          new CreatePolicyVersionCommand({
            PolicyArn: names.policyArn(names.executionPolicy),
            PolicyDocument: ALLOW_ALL,
            SetAsDefault: true,
          }),
        ),
      FINDINGS.policyChanged,
    ],
    [
      'no identity provider',
      (to, names) =>
        to.iam.send(
          new DeleteOpenIDConnectProviderCommand({
            OpenIDConnectProviderArn: names.circleCiProviderArn('11111111-2222-4333-8444-555555555555'),
          }),
        ),
      FINDINGS.providerMissing,
    ],
    [
      'a parameter with another value',
      (to, names) =>
        to.ssm.send(
          new PutParameterCommand({ Name: `/dataworks/dev/backend/state-bucket`, Value: `${names.stateBucket}-2`, Overwrite: true }),
        ),
      FINDINGS.parameterWrong,
    ],
    [
      'a parameter deleted',
      (to) => to.ssm.send(new DeleteParameterCommand({ Name: `/dataworks/dev/backend/qualifier` })),
      FINDINGS.parameterWrong,
    ],
    [
      'a CDK bootstrap that is too old',
      (to, names) => to.ssm.send(new PutParameterCommand({ Name: names.cdkVersionParameter, Value: '5', Overwrite: true })),
      FINDINGS.toolkitVersion,
    ],
    [
      'termination protection off',
      (to, names) =>
        to.cloudFormation.send(
          new UpdateTerminationProtectionCommand({ StackName: names.toolkitStack, EnableTerminationProtection: false }),
        ),
      FINDINGS.stackUnprotected,
    ],
  ];

  test.each(SABOTAGES)('finds %s', async (_name, sabotage, { code }) => {
    const place = newPlace();
    await bootstrap(place);
    await sabotage(clients(place), target(place).names);
    const run = await dataworks(place, ['doctor', 'dev', '--json']);
    expect(run.code).toBe(3);
    expect([...new Set((JSON.parse(run.out) as { findings: Array<{ code: string }> }).findings.map((finding) => finding.code))]).toEqual([
      code,
    ]);
  });

  test('finds a record that nobody can read', async () => {
    const place = newPlace();
    await bootstrap(place);
    const { stateBucket, recordKey } = target(place).names;
    await clients(place).s3.send(new PutObjectCommand({ Bucket: stateBucket, Key: recordKey, Body: '{"bad' }));
    expect(await codesOf(place)).toEqual(['DW3101']);
    expect(await bootstrap(place)).toMatchObject({ code: 0 }); // which did not write it
  });

  test('finds a missing stack, once', async () => {
    expect(await codesOf(newPlace())).toEqual([FINDINGS.stackMissing.code, FINDINGS.stackMissing.code]);
  });

  test('tells of a lock, and does not fail for it', async () => {
    const place = newPlace();
    await bootstrap(place);
    await putLock(place, target(place).names.lockId);
    const run = await dataworks(place, ['doctor', 'dev']);
    expect(run.code).toBe(0);
    expect(run.out).toMatch(
      /^Note DW2250 .*Terraform \(ada@host\), OperationTypeApply, since 2026-01-02T03:04:05Z, ID .*Fix: .*dataworks unlock dev /m,
    );
  });

  test('says what is wrong with credentials of another account', async () => {
    const place = newPlace();
    expect(await codesOf({ ...place, account: ACCOUNTS.shift()! })).toEqual(['DW2107']);
  });
});
