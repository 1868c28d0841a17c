import { AccessLogsBucket, DataWorksBucket, EncryptionKey } from '@dataworks/constructs';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { createApp } from '../src/app';

/** A stack beside the lake with a role of every origin: CDK's, a bare one, and that by which a bucket of ours is replicated. */
function withRoles(environment: string): Template {
  const stack = new Stack(createApp().node.findChild(environment), 'roles');
  new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  new CfnRole(stack, 'CfnRole', { assumeRolePolicyDocument: {} });
  const accessLogs = new AccessLogsBucket(stack, 'Logs');
  const { key } = new EncryptionKey(stack, 'Key', { alias: 'roles' });
  const replica = new DataWorksBucket(stack, 'Replica', { key, accessLogs });
  new DataWorksBucket(stack, 'Replicated', { key, accessLogs, accessLogsPrefix: 'replicated/', replicateTo: replica });
  return Template.fromStack(stack);
}

test.each([
  ['dev', '111111111111'],
  ['prod', '333333333333'],
])('every role of %s carries the boundary of its environment, without which CloudFormation may not create it', (environment, account) => {
  const roles = Object.values(withRoles(environment).findResources('AWS::IAM::Role')) as Array<{
    Properties: { PermissionsBoundary?: unknown };
  }>;
  expect(roles).toHaveLength(3);
  for (const { Properties } of roles) {
    expect(JSON.stringify(Properties.PermissionsBoundary)).toContain(`:iam::${account}:policy/dataworks-${environment}-boundary`);
  }
});
