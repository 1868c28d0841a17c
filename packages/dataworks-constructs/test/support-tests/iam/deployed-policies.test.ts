import { Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, ManagedPolicy, PermissionsBoundary, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnPolicy } from 'aws-cdk-lib/aws-organizations';
import { Bucket, BucketEncryption, BucketPolicy } from 'aws-cdk-lib/aws-s3';
import { App, Stack } from 'aws-cdk-lib/core';
import {
  administrator,
  assumeRole,
  callKey,
  DeployedPolicies,
  evaluate,
  FULL_ACCESS,
  putObject,
  request,
  role,
  useKeyThroughS3,
  type Template as DeployedTemplate,
} from '../../support/iam';

const ACCOUNT = '111122223333';

function deploy(build: (stack: Stack) => void): DeployedPolicies {
  const stack = new Stack(new App(), 'Stack');
  build(stack);
  return new DeployedPolicies(Template.fromStack(stack).toJSON() as DeployedTemplate, {
    account: ACCOUNT,
    region: 'eu-west-1',
  });
}

/** A bucket with its key, and a writer that is granted both, as CDK renders them. */
const policies = deploy((stack) => {
  const bucket = new Bucket(stack, 'Bucket', {
    encryption: BucketEncryption.KMS,
    encryptionKey: new Key(stack, 'Key'),
    enforceSSL: true,
    minimumTLSVersion: 1.2,
  });
  const writer = new Role(stack, 'Writer', { roleName: 'writer', assumedBy: new AccountPrincipal(ACCOUNT), externalIds: ['opensesame'] });
  bucket.grantWrite(writer);
  new BucketPolicy(stack, 'OtherPolicy', { bucket: new Bucket(stack, 'Other') }).document.addStatements(
    new PolicyStatement({ sid: 'Other', actions: ['s3:*'], resources: ['*'], principals: [new ServicePrincipal('backup.amazonaws.com')] }),
  );
});
const bucket = policies.logicalId('AWS::S3::Bucket', 'Bucket');
const key = policies.logicalId('AWS::KMS::Key');
const writer = policies.logicalId('AWS::IAM::Role', 'Writer');
const object = `${policies.arn(bucket)}/key`;

test('a granted role writes, and uses the key through S3', () => {
  const principal = role(ACCOUNT, policies.ref(writer), policies.identityPolicies(writer));
  expect(evaluate(putObject({ principal, object, account: ACCOUNT }), policies.bucketPolicy(bucket)).decision).toBe('allow');
  const data = useKeyThroughS3({ principal, action: 'kms:GenerateDataKey', key: policies.arn(key), encrypted: policies.arn(bucket) });
  expect(evaluate(data, policies.keyPolicy(key)).decision).toBe('allow');
});

test('a role that is granted nothing does neither', () => {
  const principal = role(ACCOUNT, 'other');
  expect(evaluate(putObject({ principal, object, account: ACCOUNT }), policies.bucketPolicy(bucket)).decision).toBe('implicitDeny');
  const decrypt = callKey({ principal, action: 'kms:Decrypt', key: policies.arn(key) });
  expect(evaluate(decrypt, policies.keyPolicy(key)).decision).toBe('implicitDeny');
});

test('the policy of the bucket is found, not that of another', () => {
  const call = putObject({ principal: administrator(ACCOUNT), object, account: ACCOUNT, tls: '1.1' });
  expect(evaluate(call, policies.bucketPolicy(bucket)).decision).toBe('explicitDeny');
  expect(
    evaluate({ ...call, resource: 'arn:aws:s3:::other/key' }, policies.bucketPolicy(policies.logicalId('AWS::S3::Bucket', 'Other')))
      .decision,
  ).toBe('allow');
});

test('the trust policy opens the role', () => {
  const call = { principal: administrator(ACCOUNT), role: policies.arn(writer) };
  expect(evaluate(assumeRole({ ...call, externalId: 'opensesame' }), policies.trustPolicy(writer)).decision).toBe('allow');
  expect(evaluate(assumeRole(call), policies.trustPolicy(writer)).decision).toBe('implicitDeny');
});

describe('policies of a role', () => {
  const attached = deploy((stack) => {
    const boundary = new ManagedPolicy(stack, 'Boundary', {
      statements: [new PolicyStatement({ actions: ['s3:*', 'sqs:*'], resources: ['*'] })],
    });
    const managed = new ManagedPolicy(stack, 'Managed', { statements: [new PolicyStatement({ actions: ['sqs:*'], resources: ['*'] })] });
    const own = new Role(stack, 'Own', { assumedBy: new AccountPrincipal(ACCOUNT), managedPolicies: [managed] });
    own.addToPolicy(new PolicyStatement({ actions: ['s3:*', 'sns:*'], resources: ['*'] }));
    PermissionsBoundary.of(own).apply(boundary);
    new ManagedPolicy(stack, 'Attached', {
      roles: [own],
      statements: [new PolicyStatement({ actions: ['sqs:DeleteQueue'], resources: ['*'] })],
    });
    const aws = (id: string, name: string) =>
      new Role(stack, id, { assumedBy: new AccountPrincipal(ACCOUNT), managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(name)] });
    aws('Admin', 'AdministratorAccess');
    aws('Unknown', 'ReadOnlyAccess');
  });
  const id = (prefix: string) => attached.logicalId('AWS::IAM::Role', prefix);
  const decide = (action: string, logicalId = id('Own')) =>
    evaluate(request({ principal: role(ACCOUNT, 'x', attached.identityPolicies(logicalId)), action, resource: '*', account: ACCOUNT }));

  test('a policy of its own', () => {
    expect(decide('s3:ListAllMyBuckets').decision).toBe('allow');
  });
  test('a managed policy that it names', () => {
    expect(decide('sqs:ListQueues').decision).toBe('allow');
  });
  test('its boundary', () => {
    expect(decide('sns:ListTopics')).toEqual({ decision: 'implicitDeny', by: ['boundary'] });
  });
  test('a managed policy that names it', () => {
    expect(decide('sqs:DeleteQueue').by).toHaveLength(2);
  });
  test('a managed policy of AWS that is known', () => {
    expect(decide('iam:CreateUser', id('Admin')).decision).toBe('allow');
  });
  test('one that is not', () => {
    expect(() => decide('iam:CreateUser', id('Unknown'))).toThrow('managed policy arn:aws:iam::aws:policy/ReadOnlyAccess is not known');
  });
  test('a logical id that is not the only one', () => {
    expect(() => attached.logicalId('AWS::IAM::Role')).toThrow("3 resources of type AWS::IAM::Role have a logical id like '…'");
  });
});

test('a policy of AWS Organizations limits whom it binds, beside what lets everything through', () => {
  const content = {
    Version: '2012-10-17',
    Statement: [{ Sid: 'NoStop', Effect: 'Deny', Action: 'cloudtrail:StopLogging', Resource: '*' }],
  };
  const organisation = deploy((stack) => {
    new CfnPolicy(stack, 'Scp', { name: 'scp', type: 'SERVICE_CONTROL_POLICY', content });
  });
  const limit = organisation.serviceControlPolicy(organisation.logicalId('AWS::Organizations::Policy'));
  const principal = role(ACCOUNT, 'x', { identity: [FULL_ACCESS], serviceControl: [FULL_ACCESS, limit] });
  const decide = (action: string) => evaluate(request({ principal, action, resource: '*', account: ACCOUNT })).decision;
  expect(decide('cloudtrail:StopLogging')).toBe('explicitDeny');
  expect(decide('cloudtrail:StartLogging')).toBe('allow');
});
