import { App, Stack } from 'aws-cdk-lib/core';
import { BackendNames, BackendParameter, type BackendNamesProps } from '../src';

const PLACE = { project: 'dataworks', environment: 'dev', account: '111122223333', region: 'eu-west-1' };

/** The longest values that dataworks.json may hold. Of the state's names it refuses those that make the bucket's longer than 63. */
const LONGEST: BackendNamesProps = {
  project: 'p'.repeat(20),
  environment: 'e'.repeat(10),
  stateName: 's'.repeat(31),
  stateNameSuffix: 'x'.repeat(20),
  stateKey: 'k'.repeat(128),
  qualifier: 'q'.repeat(10),
  account: '111122223333',
  region: 'ap-southeast-1',
};

test('the names, by default', () => {
  const names = new BackendNames(PLACE);
  expect(names).toMatchObject({
    ...PLACE,
    partition: 'aws',
    qualifier: 'dataworks',
    stateKey: 'dataworks-infra',
    stateBucket: 'dataworks-terraform-state-dev',
    stateTable: 'dataworks-terraform-state-dev',
    planRole: 'dataworks-dev-plan',
    applyRole: 'dataworks-dev-apply',
    deployerRole: 'dataworks-dev-deployer',
    boundary: 'dataworks-dev-boundary',
    executionPolicy: 'dataworks-dev-execution',
    cdkDeployRole: 'cdk-dataworks-deploy-role-111122223333-eu-west-1',
    cdkFilePublishingRole: 'cdk-dataworks-file-publishing-role-111122223333-eu-west-1',
    cdkImagePublishingRole: 'cdk-dataworks-image-publishing-role-111122223333-eu-west-1',
    cdkLookupRole: 'cdk-dataworks-lookup-role-111122223333-eu-west-1',
    cdkExecutionRole: 'cdk-dataworks-cfn-exec-role-111122223333-eu-west-1',
    cdkStagingBucket: 'cdk-dataworks-assets-111122223333-eu-west-1',
    cdkRepository: 'cdk-dataworks-container-assets-111122223333-eu-west-1',
    cdkVersionParameter: '/cdk-bootstrap/dataworks/version',
    backendStack: 'dataworks-dev-backend',
    toolkitStack: 'CDKToolkit-dataworks',
  });
  expect(names.recordKey).toBe('dataworks-infra/record.json');
  expect(names.historyPrefix).toBe('dataworks-infra/history/');
  expect(names.plansPrefix).toBe('dataworks-infra/plans/');
  expect(names.approvalsPrefix).toBe('dataworks-infra/approvals/');
  expect(names.lockFileKey).toBe('dataworks-infra.tflock');
  expect(names.lockId).toBe('dataworks-terraform-state-dev/dataworks-infra');
  expect(names.fenceId).toBe('dataworks-terraform-state-dev/dataworks-infra-fence');
});

test('one parameter for each thing that a tool must find', () => {
  expect(Object.values(BackendParameter).map((parameter) => new BackendNames(PLACE).parameter(parameter))).toEqual([
    '/dataworks/dev/backend/state-bucket',
    '/dataworks/dev/backend/state-table',
    '/dataworks/dev/backend/state-key',
    '/dataworks/dev/backend/plan-role-arn',
    '/dataworks/dev/backend/apply-role-arn',
    '/dataworks/dev/backend/deployer-role-arn',
    '/dataworks/dev/backend/boundary-name',
    '/dataworks/dev/backend/execution-policy-arn',
    '/dataworks/dev/backend/qualifier',
    '/dataworks/dev/backend/toolkit-stack-name',
  ]);
});

test('every part can be chosen', () => {
  const names = new BackendNames({ ...PLACE, stateName: 'state', stateNameSuffix: 'acme', stateKey: 'lake', qualifier: 'q' });
  expect(names.stateBucket).toBe('state-dev-acme');
  expect(names.lockId).toBe('state-dev-acme/lake');
  expect(names.cdkDeployRole).toBe('cdk-q-deploy-role-111122223333-eu-west-1');
  expect(names.toolkitStack).toBe('CDKToolkit-q');
});

test.each([
  ['eu-west-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
])('ARNs in %s are of the partition %s', (region, partition) => {
  const names = new BackendNames({ ...PLACE, region });
  expect(names.roleArn(names.planRole)).toBe(`arn:${partition}:iam::111122223333:role/dataworks-dev-plan`);
  expect(names.policyArn(names.boundary)).toBe(`arn:${partition}:iam::111122223333:policy/dataworks-dev-boundary`);
  expect(names.circleCiProviderArn('o')).toBe(`arn:${partition}:iam::111122223333:oidc-provider/oidc.circleci.com/org/o`);
  expect(names.parameterArn('/a/b')).toBe(`arn:${partition}:ssm:${region}:111122223333:parameter/a/b`);
  expect(names.stateTableArn).toBe(`arn:${partition}:dynamodb:${region}:111122223333:table/dataworks-terraform-state-dev`);
  expect(names.stateObjectArn('a/b')).toBe(`arn:${partition}:s3:::dataworks-terraform-state-dev/a/b`);
});

test('in a stack, they are those of its account, region and partition', () => {
  const stack = new Stack(new App(), 'Stack', { env: { account: '444455556666', region: 'cn-north-1' } });
  const names = BackendNames.forStackOf(stack, { ...PLACE, stateNameSuffix: 'acme' });
  expect(stack.resolve(names.roleArn(names.planRole))).toEqual({
    'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::444455556666:role/dataworks-dev-plan']],
  });
  expect(names.cdkStagingBucket).toBe('cdk-dataworks-assets-444455556666-cn-north-1');
  expect(names.stateBucket).toBe('dataworks-terraform-state-dev-acme');
});

test('another environment of the project has the same names, but for its own and its account', () => {
  const names = new BackendNames({ ...PLACE, stateNameSuffix: 'acme' }).elsewhere({ environment: 'test', account: '444455556666' });
  expect(names.stateBucket).toBe('dataworks-terraform-state-test-acme');
  expect(names.roleArn(names.deployerRole)).toBe('arn:aws:iam::444455556666:role/dataworks-test-deployer');
});

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html and the quotas of the other services */
test.each<[string, number, (names: BackendNames) => readonly string[]]>([
  ['S3 bucket', 63, (names) => [names.stateBucket, names.cdkStagingBucket]],
  ['DynamoDB table', 255, (names) => [names.stateTable]],
  ['object key', 1024, (names) => [names.recordKey, names.lockFileKey]],
  ['partition key', 2048, (names) => [names.lockId, names.fenceId]],
  ['managed policy', 128, (names) => [names.boundary, names.executionPolicy]],
  ['ECR repository', 256, (names) => [names.cdkRepository]],
  ['stack', 128, (names) => [names.backendStack, names.toolkitStack]],
  ['parameter', 1011 - 'arn:aws-us-gov:ssm:ap-southeast-1:111122223333:parameter'.length, allParameters],
  [
    'role',
    64,
    (names) => [
      names.planRole,
      names.applyRole,
      names.deployerRole,
      names.cdkDeployRole,
      names.cdkFilePublishingRole,
      names.cdkImagePublishingRole,
      names.cdkLookupRole,
      names.cdkExecutionRole,
    ],
  ],
])('the longest name of a %s stays within %d characters', (_kind, limit, namesOf) => {
  expect(Math.max(...namesOf(new BackendNames(LONGEST)).map(({ length }) => length))).toBeLessThanOrEqual(limit);
});

function allParameters(names: BackendNames): readonly string[] {
  return [names.cdkVersionParameter, ...Object.values(BackendParameter).map((parameter) => names.parameter(parameter))];
}
