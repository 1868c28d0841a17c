/** `dataworks drift`, as a process, against a local AWS of its own: what somebody changes by the API of a service is found. */
import { join } from 'node:path';
import { CreateStackCommand, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { GetBucketLifecycleConfigurationCommand, PutBucketLifecycleConfigurationCommand } from '@aws-sdk/client-s3';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { SmallStack } from './support/assembly';
import { REGION, type Ended } from './support/command-line';
import { workspace, type Workplace } from './support/workspace';
import { ownServer } from '../../../local-aws/test/own-server';
import { compile } from '../../../local-aws/try/compile';
import { untilDone } from '../src/aws/until-done';
import type { StackDrift } from '../src/drift/drift';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
process.env.CDK_VALIDATION = 'false';

const own = ownServer();
const ACCOUNT = '730000000001';
const BUCKET = 'drift-raw-730000000001';
const rule = (ExpirationInDays: number) => ({ Id: 'expire', Status: 'Enabled', ExpirationInDays });
const lake: SmallStack = {
  name: 'lake',
  values: { zone: 'raw', size: 'small' },
  resources: {
    raw: ['AWS::S3::Bucket', { BucketName: BUCKET, LifecycleConfiguration: { Rules: [rule(30)] } }],
    metadata: ['AWS::CDK::Metadata', { Analytics: 'v2:x' }],
  },
};
const audit: SmallStack = { name: 'audit', values: { trail: 'on' } };

let dev: Workplace;
let ssm: SSMClient;
beforeAll(async () => {
  await compile(() => {});
  [dev] = workspace(join(own.folder, 'dev'), [ACCOUNT], own.url);
  ssm = new SSMClient({ endpoint: own.url, region: REGION, credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'test' } });
  expect(await dev.run('bootstrap', 'dev', '--yes')).toMatchObject({ code: 0 });
});

interface Report {
  readonly serial: number;
  readonly drifted: boolean;
  readonly complete: boolean;
  readonly stacks: readonly StackDrift[];
}

async function found(code: number): Promise<Report> {
  const ended = await dev.run('drift', 'dev', '--json');
  expect(ended).toMatchObject({ code });
  return JSON.parse(ended.out) as Report;
}

test('without a record there is nothing that could have drifted, and that is said', async () => {
  const ended: Ended = await dev.run('drift', 'dev');
  expect(ended).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^DW3501: .*dev without a record/) });
});

describe('of what was applied', () => {
  beforeAll(async () => {
    const digest = await dev.approved([lake, audit]);
    expect(await dev.apply(digest)).toMatchObject({ code: 0 });
  });

  test('nothing has drifted; what nobody can compare is told', async () => {
    const before = await dev.object(dev.names.recordKey);
    const ended = await dev.run('drift', 'dev');
    expect(ended.code).toBe(0);
    expect(ended.out).toMatch(/^lake, eu-central-1: IN_SYNC\n {2}not checked, CloudFormation cannot: 1 AWS::CDK::Metadata\n/);
    expect(ended.out).toContain('audit, eu-central-1: IN_SYNC\n');
    expect(ended.out).toContain('No drift found in what was compared; 4 of 5 resources compared.');
    expect(ended.err).toContain('Checked lake: IN_SYNC.');
    expect(await found(0)).toMatchObject({ serial: 1, drifted: false, complete: true });
    expect(await dev.object(dev.names.recordKey)).toBe(before);
    expect(await dev.holder()).toBeUndefined();
  });

  test('a rule of a bucket and a parameter that somebody changed, each by its path; no plan sees them', async () => {
    const { s3 } = dev.clients;
    const { Rules = [] } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: BUCKET }));
    const changed = Rules.map((one) => ({ ...one, Expiration: { Days: 3650 } }));
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: BUCKET, LifecycleConfiguration: { Rules: changed } }));
    await ssm.send(new DeleteParameterCommand({ Name: '/lake/zone' }));

    const { stacks, drifted, complete } = await found(2);
    expect({ drifted, complete }).toEqual({ drifted: true, complete: true });
    expect(stacks.map(({ name, status }) => [name, status])).toEqual([
      ['lake', 'DRIFTED'],
      ['audit', 'IN_SYNC'],
    ]);
    const path = '/LifecycleConfiguration/Rules/0/ExpirationInDays';
    expect(stacks[0].resources.map(({ logicalId, status, differences }) => [logicalId, status, differences])).toEqual([
      ['metadata', 'NOT_CHECKED', []],
      ['raw', 'MODIFIED', [{ path, kind: 'NOT_EQUAL', expected: '30', actual: '3650' }]],
      ['size', 'IN_SYNC', []],
      ['zone', 'DELETED', []],
    ]);
    const { out, code } = await dev.run('drift', 'dev');
    expect(code).toBe(2);
    expect(out).toContain(`  MODIFIED AWS::S3::Bucket raw (${BUCKET})\n    ${path}: is 3650, applied was 30\n`);
    expect(out).toContain('  DELETED AWS::SSM::Parameter zone (/lake/zone)\n');
    expect(out).toContain('1 of 2 stacks drifted; 4 of 5 resources compared.');
    const planned = await dev.run('plan', 'dev', '--assembly', join(dev.place.folder, 'cdk.out'), '--json');
    expect(JSON.parse(planned.out)).toMatchObject({ changes: false });

    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: BUCKET, LifecycleConfiguration: { Rules } }));
    await ssm.send(new PutParameterCommand({ Name: '/lake/zone', Type: 'String', Value: 'raw' }));
    expect(await found(0)).toMatchObject({ drifted: false });
  });

  test('a stack that was deleted is drift, and so is another one in its place, although that is as its template says', async () => {
    const { cloudFormation } = dev.clients;
    await cloudFormation.send(new DeleteStackCommand({ StackName: 'audit' }));
    await untilDone(async () => (await dev.status('audit')) === undefined);
    expect((await found(2)).stacks[1]).toEqual({ name: 'audit', region: REGION, nested: [], status: 'DELETED', resources: [] });

    const trail = { Type: 'AWS::SSM::Parameter', Properties: { Name: '/audit/trail', Type: 'String', Value: 'on' } };
    await cloudFormation.send(new CreateStackCommand({ StackName: 'audit', TemplateBody: JSON.stringify({ Resources: { trail } }) }));
    await untilDone(async () => (await dev.status('audit')) === 'CREATE_COMPLETE');
    const [, other] = (await found(2)).stacks;
    expect(other).toMatchObject({ status: 'DRIFTED', note: expect.stringMatching(/^another stack .*stack\/audit\//) });
    expect(other.resources).toMatchObject([{ logicalId: 'trail', status: 'IN_SYNC' }]);
    await cloudFormation.send(new DeleteStackCommand({ StackName: 'audit' }));
    await untilDone(async () => (await dev.status('audit')) === undefined);
  });

  test('a stack that CloudFormation does not compare is a failure, not a stack in sync', async () => {
    const bad = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'NOT A NAME' } };
    await dev.clients.cloudFormation.send(
      new CreateStackCommand({ StackName: 'audit', TemplateBody: JSON.stringify({ Resources: { bad } }) }),
    );
    await untilDone(async () => (await dev.status('audit')) === 'ROLLBACK_COMPLETE');
    const ended = await dev.run('drift', 'dev', '--json');
    expect(ended).toMatchObject({ code: 1, err: expect.stringMatching(/^DW3502: .*Received: audit: .*ROLLBACK_COMPLETE/m) });
    expect(JSON.parse(ended.out)).toMatchObject({ complete: false, drifted: true, stacks: [{ status: 'IN_SYNC' }, { status: 'DRIFTED' }] });
  });
});
