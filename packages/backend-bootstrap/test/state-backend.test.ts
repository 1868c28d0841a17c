import { AccessLogsBucket, EncryptionKey } from '@dataworks/constructs';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { Stack } from 'aws-cdk-lib/core';
import { newStack } from '../../dataworks-constructs/test/support/synth';
import { StateBackend, type StateBackendProps } from '../src';
import { NAMES } from './support/calls';

function stateBackend(props: (stack: Stack) => Partial<StateBackendProps> = () => ({})): Template {
  const stack = newStack();
  new StateBackend(stack, 'State', { names: NAMES, ...props(stack) });
  return Template.fromStack(stack);
}

test('the bucket keeps every version for 90 days, and the newest 30 longer; those of the lock for a day', () => {
  stateBackend().hasResource('AWS::S3::Bucket', {
    Properties: {
      BucketName: 'dataworks-terraform-state-test',
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          {
            Id: 'expire-noncurrent-versions',
            Status: 'Enabled',
            NoncurrentVersionExpiration: { NoncurrentDays: 90, NewerNoncurrentVersions: 30 },
          },
          {
            Id: 'expire-lock-versions',
            Status: 'Enabled',
            Prefix: 'dataworks-infra.tflock',
            NoncurrentVersionExpiration: { NoncurrentDays: 1 },
          },
        ]),
      },
    },
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
  });
});

test("the bucket is encrypted by S3's own keys, or by the key that is passed", () => {
  const algorithm = (SSEAlgorithm: string) => ({
    BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm } }] },
  });
  stateBackend().hasResourceProperties('AWS::S3::Bucket', algorithm('AES256'));
  stateBackend((stack) => ({ encryptionKey: new EncryptionKey(stack, 'Key', { alias: 'state' }).key })).hasResourceProperties(
    'AWS::S3::Bucket',
    algorithm('aws:kms'),
  );
});

test('access is logged where it is said', () => {
  stateBackend().allResourcesProperties('AWS::S3::Bucket', { LoggingConfiguration: Match.absent() });
  stateBackend((stack) => ({
    accessLogs: new AccessLogsBucket(stack, 'Logs'),
    accessLogsPrefix: 'state/',
  })).hasResourceProperties('AWS::S3::Bucket', { LoggingConfiguration: { LogFilePrefix: 'state/' } });
});

test("the table is that of Terraform's S3 backend, billed by use, recoverable, encrypted, and not to be deleted", () => {
  stateBackend().hasResource('AWS::DynamoDB::Table', {
    Properties: {
      TableName: 'dataworks-terraform-state-test',
      KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'LockID', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      DeletionProtectionEnabled: true,
    },
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
  });
});
