import { Match, Template } from 'aws-cdk-lib/assertions';
import { Stage } from 'aws-cdk-lib/core';
import { DeployedPolicies } from '../../dataworks-constructs/test/support/iam';
import type { BackendStackProps } from '../src';
import { ACCOUNT, ADMINISTRATOR, backendStack, backendTemplate, EXTERNAL_ID, LONGEST } from './support/backend';

const templateOf = (props?: Partial<BackendStackProps>) => Template.fromStack(backendStack(props));

const WITHOUT_CIRCLECI = { circleCi: undefined };

test('the stack needs nothing that is not there yet: no asset, no role, no version of a CDK bootstrap', () => {
  const stack = backendStack();
  const assembly = Stage.of(stack)!.synth().getStackByName(stack.stackName);
  expect(assembly.assumeRoleArn).toBeUndefined();
  expect(assembly.cloudFormationExecutionRoleArn).toBeUndefined();
  expect(assembly.requiresBootstrapStackVersion).toBeUndefined();
  expect(Object.keys(backendTemplate().Parameters ?? {})).toEqual(['ExternalId']);
  expect(backendTemplate()).not.toHaveProperty('Rules');
  expect(backendTemplate()).not.toHaveProperty('Conditions');
});

test('the stack has the name that tools look for, says what it is, and is protected against termination', () => {
  const stack = backendStack();
  expect(stack.stackName).toBe('sales-test-backend');
  expect(stack.terminationProtection).toBe(true);
  expect(stack.templateOptions.description).toBe('State backend and pipeline identities of sales test');
});

test('every resource that can be tagged says whose it is, and whether people depend on it', () => {
  const tags = { project: 'sales', environment: 'test', owner: 'sales-data', production: 'false' };
  const expected = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const template = templateOf();
  for (const type of ['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::IAM::Role', 'AWS::IAM::OIDCProvider']) {
    template.allResourcesProperties(type, { Tags: Match.arrayWith(expected.sort((one, other) => one.Key.localeCompare(other.Key))) });
  }
  template.allResourcesProperties('AWS::SSM::Parameter', { Tags: tags });
});

test('production is said by a tag', () => {
  templateOf({ production: true }).hasResourceProperties('AWS::S3::Bucket', {
    Tags: Match.arrayWith([{ Key: 'production', Value: 'true' }]),
  });
});

test('parameters tell where everything is', () => {
  const parameters = Object.values(templateOf().findResources('AWS::SSM::Parameter')).map(
    ({ Properties }) => Properties as { readonly Name: string; readonly Value: string },
  );
  expect(Object.fromEntries(parameters.map(({ Name, Value }) => [Name, Value]))).toEqual({
    '/sales/test/backend/state-bucket': 'dataworks-terraform-state-test',
    '/sales/test/backend/state-table': 'dataworks-terraform-state-test',
    '/sales/test/backend/state-key': 'dataworks-infra',
    '/sales/test/backend/plan-role-arn': `arn:aws:iam::${ACCOUNT}:role/sales-test-plan`,
    '/sales/test/backend/apply-role-arn': `arn:aws:iam::${ACCOUNT}:role/sales-test-apply`,
    '/sales/test/backend/deployer-role-arn': `arn:aws:iam::${ACCOUNT}:role/sales-test-deployer`,
    '/sales/test/backend/boundary-name': 'sales-test-boundary',
    '/sales/test/backend/execution-policy-arn': `arn:aws:iam::${ACCOUNT}:policy/sales-test-execution`,
    '/sales/test/backend/qualifier': 'dataworks',
    '/sales/test/backend/toolkit-stack-name': 'CDKToolkit-dataworks',
  });
});

test('the external id has no default, is not shown, and cannot be guessed', () => {
  expect(backendTemplate().Parameters).toEqual({
    ExternalId: expect.objectContaining({
      Type: 'String',
      NoEcho: true,
      MinLength: 32,
      MaxLength: 1224,
      AllowedPattern: '[\\w+=,.@:/-]*',
    }) as object,
  });
});

test('without CircleCI there is neither its provider nor its roles, nor an external id', () => {
  const template = templateOf(WITHOUT_CIRCLECI);
  template.resourceCountIs('AWS::IAM::OIDCProvider', 0);
  template.resourceCountIs('AWS::IAM::Role', 1);
  template.hasResourceProperties('AWS::IAM::Role', {
    RoleName: 'sales-test-deployer',
    AssumeRolePolicyDocument: { Statement: [{ Condition: { ArnLike: { 'aws:PrincipalArn': [ADMINISTRATOR] } } }] },
  });
  template.resourceCountIs('AWS::SSM::Parameter', 8);
  expect(backendTemplate(WITHOUT_CIRCLECI)).not.toHaveProperty('Parameters');
});

test("CircleCI's provider is made by IAM itself, for the organisation's own tokens", () => {
  templateOf().hasResourceProperties('AWS::IAM::OIDCProvider', {
    Url: 'https://oidc.circleci.com/org/11111111-2222-3333-4444-555555555555',
    ClientIdList: ['11111111-2222-3333-4444-555555555555'],
    ThumbprintList: Match.absent(),
  });
});

test('a provider that exists is trusted instead of one that is created', () => {
  const circleCi = { organizationId: '11111111-2222-3333-4444-555555555555', projectId: '66666666-7777-8888-9999-000000000000' };
  const template = templateOf({ circleCi: { ...circleCi, repository: 'github.com/acme/lake', existingProvider: true } });
  template.resourceCountIs('AWS::IAM::OIDCProvider', 0);
  template.hasResourceProperties('AWS::IAM::Role', {
    RoleName: 'sales-test-plan',
    AssumeRolePolicyDocument: {
      Statement: [
        { Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.circleci.com/org/11111111-2222-3333-4444-555555555555` } },
      ],
    },
  });
});

test('no session outlives an hour', () => {
  templateOf().allResourcesProperties('AWS::IAM::Role', { MaxSessionDuration: 3600 });
});

describe('the longest names that dataworks.json may hold', () => {
  const template = backendTemplate(LONGEST);

  /** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
  test('fit into a template that needs no bucket to be deployed from', () => {
    expect(JSON.stringify(template).length).toBeLessThan(51_200);
  });

  /** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
  test.each(['CircleCiPlanRole', 'CircleCiApplyRole', 'DeployerRole'])('fit into the inline policies of %s', (prefix) => {
    const policies = new DeployedPolicies(template, { account: ACCOUNT, region: LONGEST.env.region, values: { ExternalId: EXTERNAL_ID } });
    const { identity } = policies.identityPolicies(policies.logicalId('AWS::IAM::Role', prefix));
    expect(JSON.stringify(identity).length).toBeLessThan(10_240);
  });
});
