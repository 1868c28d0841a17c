import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib/core';
import { createApp } from '../../../packages/dataworks-app/src/app';
import type { Json } from '../../try/json';
import { resolve, stacksOf, type Deployment } from '../../try/template';

const deployment: Deployment = {
  account: '111111111111',
  region: 'eu-central-1',
  partition: 'aws',
  physicalIds: { Key: 'abc', Bucket: 'my-bucket', Queue: 'my-queue', Table: 'locks', Provider: 'arn:of-the-provider' },
  parameters: { Stored: { value: '/lake/key', stored: 'arn:of-the-key' }, Plain: { value: 'x' }, Id: { value: '****', secret: /^x+$/ } },
  exports: { 'Logs:Bucket': 'the-logs' },
  resources: {
    Key: { Type: 'AWS::KMS::Key' },
    Bucket: { Type: 'AWS::S3::Bucket' },
    Queue: { Type: 'AWS::SQS::Queue' },
    Table: { Type: 'AWS::DynamoDB::Table' },
    Provider: { Type: 'AWS::IAM::OIDCProvider' },
  },
};

test('intrinsic functions are replaced by what they stand for', () => {
  const template: Json = {
    Account: { Ref: 'AWS::AccountId' },
    Bucket: { Ref: 'Bucket' },
    Target: { 'Fn::GetAtt': ['Key', 'Arn'] },
    Resources: [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':', { 'Fn::GetAtt': ['Bucket', 'Arn'] }, '/*']] }],
    Suffix: { Ref: 'AWS::URLSuffix' },
    Imported: { 'Fn::ImportValue': 'Logs:Bucket' },
    Stored: { Ref: 'Stored' },
    Parameter: { Ref: 'Plain' },
    Secret: { Ref: 'Id' },
    Domain: { 'Fn::GetAtt': ['Bucket', 'RegionalDomainName'] },
    Table: { 'Fn::GetAtt': ['Table', 'Arn'] },
    Provider: { 'Fn::GetAtt': ['Provider', 'Arn'] },
    Substituted: { 'Fn::Sub': 'arn:${AWS::Partition}:x:${Bucket}/${Key.Arn}/${!Literal}' },
    Plain: { Ref: 'Bucket', Other: 1 },
  };
  expect(resolve(template, deployment)).toEqual({
    Account: '111111111111',
    Bucket: 'my-bucket',
    Target: 'arn:aws:kms:eu-central-1:111111111111:key/abc',
    Resources: ['arn:aws:arn:aws:s3:::my-bucket/*'],
    Suffix: 'amazonaws.com',
    Imported: 'the-logs',
    Stored: 'arn:of-the-key',
    Parameter: 'x',
    Secret: '(secret Id)',
    Domain: 'my-bucket.s3.eu-central-1.amazonaws.com',
    Table: 'arn:aws:dynamodb:eu-central-1:111111111111:table/locks',
    Provider: 'arn:of-the-provider',
    Substituted: 'arn:aws:x:my-bucket/arn:aws:kms:eu-central-1:111111111111:key/abc/${Literal}',
    Plain: { Ref: 'Bucket', Other: 1 },
  });
});

test('China has a domain of its own', () => {
  expect(resolve({ Ref: 'AWS::URLSuffix' }, { ...deployment, partition: 'aws-cn' })).toBe('amazonaws.com.cn');
});

test.each([
  [{ Ref: 'Nobody' }, 'Nobody'],
  [{ 'Fn::Sub': ['${x}', { x: 'y' }] }, 'Fn::Sub with variables of its own'],
  [{ 'Fn::Sub': '${Nobody}' }, 'Nobody'],
  [{ 'Fn::ImportValue': 'Logs:Other' }, 'Fn::ImportValue Logs:Other: no stack exports it'],
  [{ 'Fn::GetStackOutput': {} }, 'Fn::GetStackOutput'],
  [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Queue.Arn (AWS::SQS::Queue)'],
  [{ 'Fn::GetAtt': ['Bucket', 'DomainName'] }, 'Bucket.DomainName'],
])('%j is an error, never a guess', (value, named) => {
  expect(() => resolve(value, deployment)).toThrow(named);
});

test('a stage of the cloud assembly gives its stacks with account, region, protection and template', () => {
  const assembly = mkdtempSync(join(tmpdir(), 'dataworks-'));
  createApp({ outdir: assembly }).synth();
  expect(stacksOf(assembly, 'prod')).toEqual([
    expect.objectContaining({ name: 'dataworks-prod-lake', account: '333333333333', region: 'eu-central-1', terminationProtection: true }),
  ]);
  expect(Object.values(stacksOf(assembly, 'dev')[0].template.Resources).filter(({ Type }) => Type === 'AWS::S3::Bucket')).toHaveLength(14);
});

test('without a stage it gives the stacks of the app itself', () => {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'dataworks-')) });
  new Stack(app, 'Plain', { env: { account: '111111111111', region: 'eu-central-1' } });
  new Stack(app, 'Named', { stackName: 'other', env: { account: '111111111111', region: 'eu-central-1' } });
  expect(stacksOf(app.synth().directory).map(({ name }) => name)).toEqual(['Plain', 'other']);
});
