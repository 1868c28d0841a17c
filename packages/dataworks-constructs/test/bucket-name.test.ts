import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnParameter, type Stack } from 'aws-cdk-lib/core';
import { AccessLogsBucket, BucketName } from '../src';
import { newStack } from './support/synth';

const named = (name: (stack: Stack) => BucketName | undefined) => {
  const stack = newStack();
  new AccessLogsBucket(stack, 'Bucket', { bucketName: name(stack) });
  return Template.fromStack(stack);
};

test('CloudFormation makes the name by default', () => {
  named(() => undefined).hasResourceProperties('AWS::S3::Bucket', {
    BucketName: Match.absent(),
    BucketNamePrefix: Match.absent(),
    BucketNamespace: Match.absent(),
  });
});

test.each(['abc', 'a'.repeat(63), '1-2', 'a--b'])('%p is taken as it is', (name) => {
  named(() => BucketName.explicit(name)).hasResourceProperties('AWS::S3::Bucket', { BucketName: name, BucketNamespace: Match.absent() });
});

test.each(['a', 'a'.repeat(31)])('%p begins a name that no other account can take', (prefix) => {
  named(() => BucketName.accountRegional(prefix)).hasResourceProperties('AWS::S3::Bucket', {
    BucketName: Match.absent(),
    BucketNamePrefix: prefix,
    BucketNamespace: 'account-regional',
  });
});

test('a name may be a token', () => {
  const parameter = (stack: Stack) => new CfnParameter(stack, 'Name').valueAsString;
  named((stack) => BucketName.explicit(parameter(stack))).hasResourceProperties('AWS::S3::Bucket', { BucketName: { Ref: 'Name' } });
  named((stack) => BucketName.accountRegional(parameter(stack))).hasResourceProperties('AWS::S3::Bucket', {
    BucketNamePrefix: { Ref: 'Name' },
  });
});
