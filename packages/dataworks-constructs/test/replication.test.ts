import { Match, Template } from 'aws-cdk-lib/assertions';
import { ArnPrincipal } from 'aws-cdk-lib/aws-iam';
import { App, Stack } from 'aws-cdk-lib/core';
import { DataWorksBucket, EncryptionKey, HardenedBucket, ObjectEncryption } from '../src';
import { ACCOUNT, newStack } from './support/synth';

const encrypted = (stack: Stack, id: string, replicateTo?: HardenedBucket) =>
  new DataWorksBucket(stack, id, { key: new EncryptionKey(stack, `${id}Key`, { alias: id }).key, replicateTo });
const sseS3 = ObjectEncryption.s3Managed('a test');
const RULE = { Status: 'Enabled', DeleteMarkerReplication: { Status: 'Disabled' } };

test('one rule copies every object, its encryption included, and no deletion', () => {
  const stack = newStack();
  encrypted(stack, 'Source', encrypted(stack, 'Copy'));
  Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
    ReplicationConfiguration: {
      Role: { 'Fn::GetAtt': [Match.stringLikeRegexp('^SourceReplicationRole'), 'Arn'] },
      Rules: [
        {
          ...RULE,
          Filter: { Prefix: '' },
          Destination: {
            Bucket: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Copy'), 'Arn'] },
            EncryptionConfiguration: { ReplicaKmsKeyID: { 'Fn::GetAtt': [Match.stringLikeRegexp('^CopyKey'), 'Arn'] } },
          },
          SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
        },
      ],
    },
  });
});

test('between buckets without a key it asks for none', () => {
  const stack = newStack();
  const replicateTo = new HardenedBucket(stack, 'Copy', { encryption: sseS3 });
  new HardenedBucket(stack, 'Source', { encryption: sseS3, replicateTo });
  Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
    ReplicationConfiguration: {
      Rules: [
        {
          ...RULE,
          Destination: { EncryptionConfiguration: Match.absent() },
          SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Disabled' } },
        },
      ],
    },
  });
});

test('to a bucket of another stack', () => {
  const app = new App();
  encrypted(new Stack(app, 'Here'), 'Source', encrypted(new Stack(app, 'There'), 'Copy'));
  expect(() => app.synth()).not.toThrow();
});

test('to a bucket in another region', () => {
  const app = new App();
  const there = new Stack(app, 'There', { env: { account: ACCOUNT, region: 'eu-central-1' }, crossRegionReferences: true });
  const here = new Stack(app, 'Here', { env: { account: ACCOUNT, region: 'eu-west-1' }, crossRegionReferences: true });
  encrypted(here, 'Source', encrypted(there, 'Copy'));
  expect(() => app.synth()).not.toThrow();
  const policies = JSON.stringify(Template.fromStack(here).findResources('AWS::IAM::Policy'));
  expect(policies).toContain('s3.eu-west-1.');
  expect(policies).toContain('s3.eu-central-1.');
});

test('with keys that decide alone, the role stands in both key policies', () => {
  const stack = newStack();
  const key = (id: string) =>
    new EncryptionKey(stack, id, {
      alias: id,
      keyPolicyOnly: true,
      administrators: [new ArnPrincipal(`arn:aws:iam::${ACCOUNT}:role/KeyAdmin`)],
    }).key;
  const replicateTo = new DataWorksBucket(stack, 'Copy', { key: key('CopyKey') });
  new DataWorksBucket(stack, 'Source', { key: key('SourceKey'), replicateTo });
  const result = Template.fromStack(stack);
  const role = { AWS: { 'Fn::GetAtt': [Match.stringLikeRegexp('^SourceReplicationRole'), 'Arn'] } };
  for (const Action of ['kms:Decrypt', ['kms:Encrypt', 'kms:GenerateDataKey']]) {
    result.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Action, Effect: 'Allow', Principal: role })]) },
    });
  }
});
