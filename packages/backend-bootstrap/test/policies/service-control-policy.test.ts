import {
  FULL_ACCESS,
  request,
  evaluate,
  role,
  type DeployedPolicies,
  type IamPrincipal,
} from '../../../dataworks-constructs/test/support/iam';
import { newStack, synth } from '../../../dataworks-constructs/test/support/synth';
import { proves, type Row } from '../../../dataworks-constructs/test/support/truth-table';
import { ServiceControlPolicy, type ServiceControlPolicyProps } from '../../src';
import { ACCOUNT, iam, NAMES, REGION, stack } from '../support/deployments';

const ADMINISTRATORS = ['arn:*:iam::*:role/platform-admin', 'arn:*:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Platform_*'];

const template = synth((scope) => {
  new ServiceControlPolicy(scope, 'Scp', { project: 'sales', qualifier: 'sales', administrators: ADMINISTRATORS });
});

const LAKE = stack('sales-test-lake');
const TRAIL = `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/sales-test-audit`;

function rows(policies: DeployedPolicies): readonly Row[] {
  const content = policies.serviceControlPolicy(policies.logicalId('AWS::Organizations::Policy'));
  const session = (name: string): IamPrincipal => role(ACCOUNT, name, { identity: [FULL_ACCESS], serviceControl: [FULL_ACCESS, content] });
  const developer = session('developer');
  const admin = session('platform-admin');
  const admins = [admin, session('aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Platform_0123abcd')];
  const deploy = session(NAMES.cdkDeployRole);
  const execution = session(NAMES.cdkExecutionRole);
  const does =
    (principal: IamPrincipal, expected: Row[1], why: string) =>
    (action: string, resource: string): Row => [
      `${action} on ${resource} by ${principal.roleArn!.split('/').pop()}`,
      expected,
      why,
      () => evaluate(request({ principal, action, resource, account: ACCOUNT })),
    ];
  const only = (who: readonly IamPrincipal[], why: string, actions: readonly string[], resource: string): readonly Row[] =>
    actions.flatMap((action) => [
      does(developer, 'explicitDeny', why)(action, resource),
      ...who.map((principal) => does(principal, 'allow', 'it is for them')(action, resource)),
    ]);

  const deploying = [
    'ContinueUpdateRollback',
    'CreateChangeSet',
    'DeleteStack',
    'ExecuteChangeSet',
    'ExecuteStackRefactor',
    'RollbackStack',
    'UpdateStack',
  ].map((action) => `cloudformation:${action}`);
  return [
    ...only([deploy, execution, ...admins], 'it has the rights of the role that is stored with the stack', deploying, LAKE),
    does(developer, 'allow', 'reading is for everybody')('cloudformation:DescribeStacks', LAKE),
    does(developer, 'allow', 'a stack of something else')('cloudformation:UpdateStack', stack('reporting')),
    does(developer, 'allow', 'a policy would not be noticed')('cloudformation:SignalResource', LAKE),
    ...only([deploy], 'a stack of its own would have its rights', ['iam:PassRole'], iam(`role/${NAMES.cdkExecutionRole}`)),
    does(admin, 'explicitDeny', 'by way of the deployer, which is recorded')('iam:PassRole', iam(`role/${NAMES.cdkExecutionRole}`)),
    does(developer, 'allow', 'a role of a workload')('iam:PassRole', iam('role/sales-test-lake-Job')),

    ...only(
      admins,
      'it could become the pipeline',
      [
        'AttachRolePolicy',
        'CreateRole',
        'DeleteRolePermissionsBoundary',
        'DetachRolePolicy',
        'PutRolePolicy',
        'TagRole',
        'UntagRole',
        'UpdateAssumeRolePolicy',
      ].map((action) => `iam:${action}`),
      iam(`role/${NAMES.cdkExecutionRole}`),
    ),
    ...[NAMES.planRole, NAMES.applyRole, NAMES.deployerRole].flatMap((name) =>
      only(admins, 'it could become the pipeline', ['iam:UpdateAssumeRolePolicy'], iam(`role/${name}`)),
    ),
    ...[NAMES.boundary, NAMES.executionPolicy].flatMap((name) =>
      only(admins, 'it would free every role', ['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion'], iam(`policy/${name}`)),
    ),
    ...only(
      admins,
      'the pipeline would take other tokens',
      ['iam:AddClientIDToOpenIDConnectProvider', 'iam:RemoveClientIDFromOpenIDConnectProvider', 'iam:DeleteOpenIDConnectProvider'],
      NAMES.circleCiProviderArn('1'),
    ),
    ...['role/platform-admin', 'role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Platform_0123abcd'].flatMap((name) =>
      only(admins, 'it could become an administrator', ['iam:UpdateAssumeRolePolicy'], iam(name)),
    ),
    does(execution, 'explicitDeny', 'no deployment changes the bootstrap')('iam:PutRolePolicy', iam(`role/${NAMES.deployerRole}`)),
    does(execution, 'allow', 'a role of a deployment')('iam:CreateRole', iam('role/sales-test-lake-Reader')),
    does(developer, 'allow', 'reading is for everybody')('iam:GetRole', iam(`role/${NAMES.planRole}`)),

    ...[NAMES.backendStack, NAMES.toolkitStack].flatMap((name) => [
      ...only(
        admins,
        'it is for administrators',
        [...deploying, 'cloudformation:SetStackPolicy', 'cloudformation:UpdateTerminationProtection'],
        stack(name),
      ),
      does(deploy, 'explicitDeny', 'no deployment changes the bootstrap')('cloudformation:ExecuteChangeSet', stack(name)),
    ]),
    ...only(
      admins,
      'the state would be lost, or read by others',
      ['DeleteBucketPolicy', 'PutBucketVersioning', 'PutEncryptionConfiguration', 'PutLifecycleConfiguration'].map(
        (action) => `s3:${action}`,
      ),
      NAMES.stateBucketArn,
    ),
    ...only(
      admins,
      'the lock would be lost, or taken by others',
      ['DeleteTable', 'PutResourcePolicy', 'UpdateContinuousBackups', 'UpdateTable'].map((action) => `dynamodb:${action}`),
      NAMES.stateTableArn,
    ),
    does(session(NAMES.deployerRole), 'allow', 'it records')('s3:PutObject', NAMES.stateObjectArn(NAMES.recordKey)),
    does(session(NAMES.deployerRole), 'allow', 'it locks')('dynamodb:PutItem', NAMES.stateTableArn),
    ...[NAMES.parameterArn(NAMES.cdkVersionParameter), NAMES.parameterArn('/sales/test/backend/state-bucket')].flatMap((parameter) =>
      only(
        admins,
        'tools would look elsewhere',
        ['AddTagsToResource', 'DeleteParameters', 'PutParameter', 'RemoveTagsFromResource'].map((action) => `ssm:${action}`),
        parameter,
      ),
    ),

    ...only(
      admins,
      'nobody would see what follows',
      ['DeleteEventDataStore', 'DeleteTrail', 'StopEventDataStoreIngestion', 'StopLogging'].map((action) => `cloudtrail:${action}`),
      TRAIL,
    ),
    does(execution, 'explicitDeny', 'nobody would see what follows')('cloudtrail:StopLogging', TRAIL),
    ...only(
      [execution, ...admins],
      'less would be seen',
      ['PutEventSelectors', 'PutInsightSelectors', 'UpdateTrail'].map((action) => `cloudtrail:${action}`),
      TRAIL,
    ),
  ];
}

describe('the service control policy', () => {
  proves(template, rows, () => true, { documents: { 'AWS::Organizations::Policy': 'Content' } });
});

const policyOf = (props: Partial<ServiceControlPolicyProps>) => () =>
  new ServiceControlPolicy(newStack(), 'Scp', { project: 'sales', administrators: ADMINISTRATORS, ...props });

test('keeps within the limit of AWS Organizations, with the longest names and both kinds of administrators', () => {
  expect(policyOf({ project: 'p'.repeat(20), qualifier: 'q'.repeat(10), stateName: 's'.repeat(31) })).not.toThrow();
});

test('is attached to its targets', () => {
  const scp = synth(
    (scope) => new ServiceControlPolicy(scope, 'Scp', { project: 'sales', administrators: ADMINISTRATORS, targets: ['ou-1'] }),
  );
  expect(Object.values(scp.Resources)[0]!.Properties).toMatchObject({ Type: 'SERVICE_CONTROL_POLICY', TargetIds: ['ou-1'] });
});

test('one that is too long is refused', () => {
  expect(policyOf({ administrators: Array.from({ length: 30 }, (_, index) => `arn:*:iam::*:role/administrator-${index}`) })).toThrow(
    'DW2035',
  );
});

test.each([[[]], [['*']], [['arn:*:iam::*:role/*']], [['platform-admin']]])('administrators %j are refused', (administrators) => {
  expect(policyOf({ administrators })).toThrow('DW2036');
});
