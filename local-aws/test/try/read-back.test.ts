import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { STSClient } from '@aws-sdk/client-sts';
import { answering } from './answering';
import { readBack, type Services } from '../../try/read-back';
import type { Reader } from '../../try/readers/reader';
import { differences, totals, writeOnly } from '../../try/report';
import type { SynthesizedStack } from '../../try/template';

const template = {
  Parameters: { KeyArn: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/lake/key' }, Plain: { Type: 'String', Default: 'x' } },
  Outputs: { Name: { Value: { Ref: 'Raw' }, Export: { Name: 'lake:Raw' } }, Key: { Value: { Ref: 'KeyArn' } } },
  Resources: {
    Raw: { Type: 'AWS::S3::Bucket', Properties: { Tags: [{ Key: 'zone', Value: 'raw' }] } },
    Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Raw' } } },
    Key: { Type: 'AWS::KMS::Key', Properties: { Enabled: true, PendingWindowInDays: 7 } },
    Metadata: { Type: 'AWS::CDK::Metadata' },
  },
};
const synthesized: SynthesizedStack = {
  name: 'lake',
  account: '111111111111',
  region: 'eu-central-1',
  terminationProtection: true,
  tags: { project: 'x' },
  template,
};

const complete = {
  StackStatus: 'CREATE_COMPLETE',
  EnableTerminationProtection: true,
  Tags: [{ Key: 'project', Value: 'x' }],
  Parameters: [
    { ParameterKey: 'KeyArn', ParameterValue: '/lake/key', ResolvedValue: 'arn:of-the-key' },
    { ParameterKey: 'Plain', ParameterValue: 'x' },
  ],
  Outputs: [
    { OutputKey: 'Name', OutputValue: 'physical-Raw', ExportName: 'lake:Raw' },
    { OutputKey: 'Key', OutputValue: 'arn:of-the-key' },
  ],
};

function services(changes: Readonly<Record<string, object>> = {}, readers: Readonly<Record<string, Reader>> = {}): Services {
  const cloudFormation = answering({
    ListStackResources: {
      StackResourceSummaries: ['Raw', 'Policy', 'Key'].map((id) => ({ LogicalResourceId: id, PhysicalResourceId: `physical-${id}` })),
    },
    ListExports: { Exports: [{ Name: 'logs:Bucket', Value: 'the-logs' }] },
    DescribeStacks: { Stacks: [complete] },
    GetTemplate: { TemplateBody: JSON.stringify(template) },
    ...changes,
  });
  return {
    // The SDK's paginator asks for an instance of the client.
    cloudFormation: Object.assign(new CloudFormationClient({ region: 'eu-central-1' }), cloudFormation),
    ssm: answering({
      GetParameters: { Parameters: [{ Value: 'arn:of-the-key' }] },
      ...changes,
    }) as unknown as SSMClient,
    sts: answering({
      GetCallerIdentity: { Account: '111111111111', Arn: 'arn:aws:iam::111111111111:root' },
      ...changes,
    }) as unknown as STSClient,
    readers: new Map(
      Object.entries({
        'AWS::S3::Bucket': { read: () => Promise.resolve({ Tags: { zone: 'raw' } }) },
        'AWS::S3::BucketPolicy': { identifying: ['Bucket'], read: () => Promise.resolve({}) },
        'AWS::KMS::Key': { writeOnly: { PendingWindowInDays: 'no API' }, read: () => Promise.resolve({ Enabled: true }) },
        ...readers,
      }),
    ),
  };
}

test('what every service answers, and not what it is asked by, is held against the template, and the stack against what was synthesised', async () => {
  const report = await readBack(synthesized, services());
  expect(differences(report)).toEqual([]);
  expect(report.resources.map(({ logicalId, zone }) => [logicalId, zone])).toEqual([
    ['Raw', 'raw'],
    ['Policy', 'raw'],
    ['Key', undefined],
  ]);
  expect(totals([report])).toMatchObject({ services: 2, different: 0 });
  expect(writeOnly([report])).toEqual(['AWS::KMS::Key PendingWindowInDays: no API']);
});

test.each<[string, object, string]>([
  ['is still being created', { StackStatus: 'CREATE_IN_PROGRESS' }, 'Complete: template has "true", service has "false"'],
  ['lacks its protection', { EnableTerminationProtection: false }, 'TerminationProtection: template has "true", service has "false"'],
  ['lacks a tag', { Tags: [] }, 'Tags.project: template has "x", service has none'],
  ['lacks a parameter', { Parameters: [] }, 'Parameters.KeyArn.ResolvedValue: template has "arn:of-the-key", service has none'],
  [
    'has another output',
    { Outputs: [{ OutputKey: 'Name', OutputValue: 'other', ExportName: 'lake:Raw' }] },
    'Outputs.Name.OutputValue: template has "physical-Raw", service has "other"',
  ],
  [
    'exports under another name',
    { Outputs: [{ OutputKey: 'Name', OutputValue: 'physical-Raw', ExportName: 'other' }] },
    'Outputs.Name.ExportName: template has "lake:Raw", service has "other"',
  ],
])('a stack that %s is different', async (_name, change, difference) => {
  const report = await readBack(synthesized, services({ DescribeStacks: { Stacks: [{ ...complete, ...change }] } }));
  expect(differences(report)).toContainEqual(expect.stringContaining(difference));
});

test('a template that was changed on the way is different', async () => {
  const report = await readBack(synthesized, services({ GetTemplate: { TemplateBody: '{"Resources":{}}' } }));
  expect(differences(report)).toContainEqual(expect.stringContaining('Template.Resources.Raw.Type'));
});

test('a stored parameter that changed after the deployment is different', async () => {
  const report = await readBack(synthesized, services({ GetParameters: { Parameters: [{ Value: 'arn:of-another' }] } }));
  expect(differences(report)).toContainEqual(
    expect.stringContaining('Parameters.KeyArn.ResolvedValue: template has "arn:of-another", service has "arn:of-the-key"'),
  );
});

test('what a template imports is what the account exports under that name', async () => {
  const importing = {
    Resources: { Raw: { Type: 'AWS::S3::Bucket', Properties: { Logs: { 'Fn::ImportValue': 'logs:Bucket' } } } },
  };
  const reader = { 'AWS::S3::Bucket': { read: () => Promise.resolve({ Logs: 'the-logs' }) } };
  const { resources } = await readBack({ ...synthesized, template: importing }, services({}, reader));
  expect(resources[0].comparisons).toEqual([{ path: 'Logs', expected: 'the-logs', actual: 'the-logs' }]);
});

test('a parameter without a default is an error: nobody knows what was deployed', async () => {
  const open = { ...synthesized, template: { ...template, Parameters: { Size: { Type: 'String' } } } };
  await expect(readBack(open, services())).rejects.toThrow('Parameter Size has no default');
});

describe('a parameter that CloudFormation shows to nobody', () => {
  const parameter = { Type: 'String', NoEcho: true, MinLength: 8, AllowedPattern: '[a-z]*' };
  const role = { Type: 'AWS::IAM::Role', Properties: { Trust: { Id: { Ref: 'Id' } } } };
  const secretive = { Parameters: { Id: parameter }, Resources: { Raw: role } };
  const shown = { Stacks: [{ ...complete, Parameters: [{ ParameterKey: 'Id', ParameterValue: '****' }], Outputs: [] }] };
  const differencesWith = async (id: string) => {
    const reader = { 'AWS::IAM::Role': { read: () => Promise.resolve({ Trust: { Id: id } }) } };
    const changes = { DescribeStacks: shown, GetTemplate: { TemplateBody: JSON.stringify(secretive) } };
    const report = await readBack({ ...synthesized, template: secretive }, services(changes, reader));
    expect(JSON.stringify(report)).not.toContain('abcdefgh');
    return differences(report);
  };

  test('is held against what it may be, and is not kept', async () => {
    expect(await differencesWith('abcdefgh')).toEqual([]);
  });

  test.each(['abcdefg', 'ABCDEFGH', '****'])('is not %s', async (id) => {
    expect(await differencesWith(id)).toEqual([`Raw (AWS::IAM::Role) Trust.Id: template has "(secret Id)", service has "${id}"`]);
  });
});

test('a resource that is not in the stack, or cannot be read, hides nothing else', async () => {
  const report = await readBack(
    synthesized,
    services(
      { ListStackResources: { StackResourceSummaries: [{ LogicalResourceId: 'Raw', PhysicalResourceId: 'physical-Raw' }] } },
      { 'AWS::S3::Bucket': { read: () => Promise.reject(new Error('NoSuchBucket')) } },
    ),
  );
  expect(differences(report)).toEqual([
    'Raw (AWS::S3::Bucket) (resource): template has "readable", service has "Error: NoSuchBucket"',
    'Policy (AWS::S3::BucketPolicy) (resource): template has "deployed", service has "not in the stack"',
    'Key (AWS::KMS::Key) (resource): template has "deployed", service has "not in the stack"',
  ]);
});

test('credentials of another account are refused', async () => {
  const act = readBack(synthesized, services({ GetCallerIdentity: { Account: '999999999999', Arn: 'arn:aws:iam::999999999999:root' } }));
  await expect(act).rejects.toThrow('belongs to account 111111111111; the credentials are those of account 999999999999');
});

test('a type without a reader is an error: nothing passes unread', async () => {
  const queue = { ...synthesized, template: { Resources: { Queue: { Type: 'AWS::SQS::Queue' } } } };
  await expect(readBack(queue, services())).rejects.toThrow('No reader for AWS::SQS::Queue (Queue)');
});
