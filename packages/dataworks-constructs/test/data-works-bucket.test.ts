import { Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnParameter, type Stack } from 'aws-cdk-lib/core';
import { AccessLogsBucket, DataWorksBucket, type DataWorksBucketProps } from '../src';
import { DeployedPolicies } from './support/iam';
import { ACCOUNT, newStack, REGION, rendered, synth, type Nothing } from './support/synth';

const arnOf = (id: string) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`;
const keyOf = (stack: Stack, id = 'own') => Key.fromKeyArn(stack, id, arnOf(id));

const template = (props: Partial<DataWorksBucketProps> = {}) =>
  synth((stack) => {
    new DataWorksBucket(stack, 'Data', { key: keyOf(stack), ...props });
  });

test('it is encrypted by its key, which can be read', () => {
  const stack = newStack();
  const key = keyOf(stack);
  expect(new DataWorksBucket(stack, 'Data', { key }).key).toBe(key);
  Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { KMSMasterKeyID: arnOf('own'), SSEAlgorithm: 'aws:kms' } },
      ],
    },
  });
});

test('the ARN of a key may be a token', () => {
  const stack = newStack();
  const key = Key.fromKeyArn(stack, 'Key', new CfnParameter(stack, 'KeyArn').valueAsString);
  new DataWorksBucket(stack, 'Data', { key }).grantRead(new Role(stack, 'Reader', { assumedBy: new AccountRootPrincipal() }));
  const policies = new DeployedPolicies(rendered(stack), { account: ACCOUNT, region: REGION, values: { KeyArn: arnOf('x') } });
  const bucket = policies.logicalId('AWS::S3::Bucket');
  expect(JSON.stringify(policies.bucketPolicy(bucket))).toContain(arnOf('x'));
  expect(JSON.stringify(policies.identityPolicies(policies.logicalId('AWS::IAM::Role')))).toContain(arnOf('x'));
});

test('a grant includes the use of additional keys', () => {
  const stack = newStack();
  const data = new DataWorksBucket(stack, 'Data', { key: keyOf(stack), additionalKeys: [keyOf(stack, 'secret')] });
  data.grantRead(new Role(stack, 'Reader', { assumedBy: new AccountRootPrincipal() })).assertSuccess();
  const policies = new DeployedPolicies(rendered(stack), { account: ACCOUNT, region: REGION });
  const { identity } = policies.identityPolicies(policies.logicalId('AWS::IAM::Role'));
  expect(identity).toMatchObject([
    {
      Statement: expect.arrayContaining([
        expect.objectContaining({ Action: 'kms:Decrypt', Resource: arnOf('own') }),
        expect.objectContaining({ Action: 'kms:Decrypt', Resource: arnOf('secret') }),
      ]),
    },
  ]);
});

test('log, events and everything else come to the bucket', () => {
  const stack = newStack();
  const accessLogs = new AccessLogsBucket(stack, 'Logs');
  new DataWorksBucket(stack, 'Data', { key: keyOf(stack), accessLogs, accessLogsPrefix: 'data/', events: true });
  Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
    LoggingConfiguration: { LogFilePrefix: 'data/' },
    NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
  });
});

test('undefined is as good as left out', () => {
  const nothing: Nothing<DataWorksBucketProps> = {
    accessLogs: undefined,
    accessLogsPrefix: undefined,
    additionalKeys: undefined,
    archiveTiers: undefined,
    bucketName: undefined,
    events: undefined,
    objectLock: undefined,
    removalPolicy: undefined,
    replicateTo: undefined,
    restrictedPrefixes: undefined,
    retention: undefined,
    transitionMinimumObjectSize: undefined,
    transitions: undefined,
    versioning: undefined,
  };
  expect(template(nothing)).toEqual(template());
});
