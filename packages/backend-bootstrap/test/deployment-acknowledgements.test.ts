import { DataWorksChecks } from '@dataworks/constructs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { App, CfnResource, Stack, Validations, type PolicyViolation } from 'aws-cdk-lib/core';
import { acknowledgedIn, allViolationsIn, PACKS, violationsIn } from '../../dataworks-constructs/test/checks/packs';
import { newStack } from '../../dataworks-constructs/test/support/synth';
import { ExecutionPolicy, PermissionsBoundary, ToolkitStack } from '../src';
import { ACCOUNT, NAMES, NAMING, REGION } from './support/deployments';
import { acknowledge, DECISIONS, wildcardsOf } from '../src/private/deployment-decisions';
import { executionDocument } from '../src/private/execution-document';

function everything(): App {
  const app = new App();
  const env = { account: ACCOUNT, region: REGION };
  const stack = new Stack(app, 'Backend', { env });
  new PermissionsBoundary(stack, 'Boundary', { names: NAMES });
  new ExecutionPolicy(stack, 'Execution', { names: NAMES });
  new ToolkitStack(app, 'Toolkit', { ...NAMING, env, production: true });
  return app;
}

const findingsOf = (violations: readonly PolicyViolation[]): string[] =>
  violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
  );
const findings = (app: App): string[] => findingsOf(violationsIn(app));

test('the packs of cdk-nag find nothing that is not acknowledged, nor do our own checks', () => {
  const app = everything();
  Validations.of(app).addPlugins(new DataWorksChecks(), ...PACKS.map((Pack) => new Pack(app)));
  expect(() => app.synth()).not.toThrow();
  expect(findings(app)).toEqual([]);
});

test('the packs did look: a bucket beside them is found', () => {
  const app = everything();
  new Bucket(app.node.findChild('Backend'), 'Canary');
  const found = findings(app);
  expect(found.length).toBeGreaterThan(0);
  expect(found.every((finding) => finding.endsWith('Backend/Canary/Resource'))).toBe(true);
});

test('every acknowledgement is needed, stands on one resource and gives a reason', () => {
  const app = everything();
  const said = acknowledgedIn(app)
    .filter(([, id]) => !id.includes('DataWorks-'))
    .map(([node, id, reason]) => ({ id: `${id} at ${node.node.path}`, reason, node }));
  const found = findingsOf(allViolationsIn(app));
  // What a bucket acknowledges by itself, the library of its construct tests.
  expect(new Set(said.map(({ id }) => id))).toEqual(new Set(found));
  for (const { node, reason } of said) {
    expect(CfnResource.isCfnResource(node)).toBe(true);
    expect(reason.length).toBeGreaterThan(10);
  }
});

test('a wildcard that is added later is found', () => {
  const stack = newStack();
  const policy = new ExecutionPolicy(stack, 'Execution', { names: NAMES }).node.defaultChild as CfnResource;
  const document = executionDocument(NAMES, [...ExecutionPolicy.families(), { family: 'x', reason: 'x', actions: ['x:*'] }]);
  (policy as unknown as { policyDocument: unknown }).policyDocument = document;
  expect(findings(stack.node.root as App)).toEqual(['AwsSolutions-IAM5[Action::x:*] at Stack/Execution/Resource']);
});

test('an acknowledgement counts for its resource alone', () => {
  const stack = newStack();
  const policies = ['One', 'Other'].map((id) => new PermissionsBoundary(stack, id, { names: NAMES }).node.defaultChild!);
  acknowledge(policies[0], { ...DECISIONS.boundaryAllowsAll, ids: ['AwsSolutions-IAM5[Resource::arn:aws:s3:::mine/*]'] });
  expect(policies[1].node.metadata.map(({ data }) => JSON.stringify(data)).join()).not.toContain('mine');
});

test('wildcards are those of what is allowed', () => {
  expect(
    wildcardsOf({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'A', Effect: 'Allow', Action: ['s3:Get*', 's3:PutObject'], Resource: 'arn:aws:s3:::b/*' },
        { Sid: 'B', Effect: 'Deny', Action: '*', Resource: '*' },
      ],
    }),
  ).toEqual(['AwsSolutions-IAM5[Action::s3:Get*]', 'AwsSolutions-IAM5[Resource::arn:aws:s3:::b/*]']);
});
