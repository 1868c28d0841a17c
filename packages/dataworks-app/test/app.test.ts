import { Template } from 'aws-cdk-lib/assertions';
import { Stack, Stage } from 'aws-cdk-lib/core';
import { createApp } from '../src/app';

const app = createApp();
const lakeOf = (environment: string) => (app.node.findChild(environment) as Stage).node.findChild('lake') as Stack;

test.each([
  ['dev', '111111111111', false],
  ['test', '222222222222', false],
  ['prod', '333333333333', true],
])('%s has its lake, in its account', (environment, account, terminationProtection) => {
  const stack = lakeOf(environment);
  expect(stack.stackName).toBe(`dataworks-${environment}-lake`);
  expect(stack.account).toBe(account);
  expect(stack.terminationProtection).toBe(terminationProtection);
  Template.fromStack(stack).resourceCountIs('AWS::S3::Bucket', 14);
});
