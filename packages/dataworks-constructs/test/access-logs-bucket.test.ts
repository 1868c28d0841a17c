import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { App, Duration, NestedStack, RemovalPolicy, Stack, type Environment } from 'aws-cdk-lib/core';
import { AccessLogsBucket, DataWorksBucket, HardenedBucket, ObjectEncryption, type AccessLogsBucketProps } from '../src';
import { ACCOUNT, newStack, REGION, rendered, synth, type Nothing } from './support/synth';

const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/own`;
const dataBucket = (stack: Stack, accessLogs: AccessLogsBucket, accessLogsPrefix?: string) =>
  new DataWorksBucket(stack, 'Data', { key: Key.fromKeyArn(stack, 'Key', KEY), accessLogs, accessLogsPrefix });

const template = (props?: AccessLogsBucketProps) =>
  synth((stack) => {
    new AccessLogsBucket(stack, 'Logs', props);
  });

test('by default: SSE-S3, expiring after a year, no log, no lock, kept with its stack', () => {
  Template.fromJSON(template()).hasResource('AWS::S3::Bucket', {
    Properties: {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
            BucketKeyEnabled: Match.absent(),
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
          },
        ],
      },
      LifecycleConfiguration: { Rules: Match.arrayWith([{ Id: 'expire-objects', ExpirationInDays: 365, Status: 'Enabled' }]) },
      LoggingConfiguration: Match.absent(),
      ObjectLockConfiguration: Match.absent(),
      ObjectLockEnabled: Match.absent(),
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      AccessControl: Match.absent(),
    },
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
  });
});

test('what is given replaces the defaults', () => {
  Template.fromJSON(template({ retention: Duration.days(90), removalPolicy: RemovalPolicy.DESTROY })).hasResource('AWS::S3::Bucket', {
    Properties: { LifecycleConfiguration: { Rules: Match.arrayWith([{ Id: 'expire-objects', ExpirationInDays: 90, Status: 'Enabled' }]) } },
    DeletionPolicy: 'Delete',
  });
});

test('undefined is as good as left out', () => {
  const nothing: Nothing<AccessLogsBucketProps> = { bucketName: undefined, retention: undefined, removalPolicy: undefined };
  expect(template(nothing)).toEqual(template());
});

test('a source logs below its prefix, with keys partitioned by event date', () => {
  const stack = newStack();
  dataBucket(stack, new AccessLogsBucket(stack, 'Logs'), 'data/');
  Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
    LoggingConfiguration: {
      DestinationBucketName: { Ref: Match.stringLikeRegexp('^Logs') },
      LogFilePrefix: 'data/',
      TargetObjectKeyFormat: { PartitionedPrefix: { PartitionDateSource: 'EventTime' } },
    },
  });
});

test.each([undefined, ''])('with the prefix %p a source logs to the root', (prefix) => {
  const stack = newStack();
  dataBucket(stack, new AccessLogsBucket(stack, 'Logs'), prefix);
  Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
    LoggingConfiguration: { DestinationBucketName: Match.anyValue(), LogFilePrefix: Match.absent() },
  });
});

/** `Fn::Sub` and `Fn::GetAtt` of the other stack would be exports and imports here. */
const isTiedTo = (stack: Stack, what: RegExp) => what.test(JSON.stringify(rendered(stack)));

test.each<[string, Environment | undefined]>([
  ['with an environment', { account: ACCOUNT, region: REGION }],
  ['without one', undefined],
])('serves a bucket of another stack, %s', (_, env) => {
  const app = new App();
  const logsStack = new Stack(app, 'Logs', { env });
  const dataStack = new Stack(app, 'Data', { env });
  dataBucket(dataStack, new AccessLogsBucket(logsStack, 'Logs'), 'data/');
  expect(() => app.synth()).not.toThrow();
  expect(isTiedTo(logsStack, /Fn::ImportValue/)).toBe(false);
  const deliveries = Object.values(Template.fromStack(logsStack).findResources('AWS::S3::BucketPolicy')).map((policy) =>
    JSON.stringify(policy),
  );
  expect(deliveries).toEqual([expect.stringContaining('logging.s3.amazonaws.com')]);
});

test('serves a bucket of a nested stack', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  dataBucket(new NestedStack(stack, 'Nested'), new AccessLogsBucket(stack, 'Logs'));
  expect(() => app.synth()).not.toThrow();
});

test('serves many buckets of another stack by one statement per prefix', () => {
  const app = new App();
  const stack = new Stack(app, 'Logs');
  const logs = new AccessLogsBucket(stack, 'Logs');
  const other = new Stack(app, 'Data');
  const key = Key.fromKeyArn(other, 'Key', KEY);
  for (const id of ['One', 'Two', 'Three']) new DataWorksBucket(other, id, { key, accessLogs: logs });
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::S3::BucketPolicy'));
  expect(JSON.stringify(policy).match(/logging\.s3\.amazonaws\.com/g)).toHaveLength(1);
});

test('takes the view of a bucket of the app as log bucket', () => {
  const stack = newStack();
  const logs = new Bucket(stack, 'Logs');
  const accessLogsBucket = Bucket.fromCfnBucket(logs.node.defaultChild as never);
  new HardenedBucket(stack, 'Data', { encryption: ObjectEncryption.s3Managed('a test'), accessLogsBucket });
  const policies = Object.values(Template.fromStack(stack).findResources('AWS::S3::BucketPolicy'));
  expect(policies.map((policy) => JSON.stringify(policy).includes('logging.s3.amazonaws.com'))).toContain(true);
});
