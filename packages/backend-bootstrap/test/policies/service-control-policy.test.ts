import {
  FULL_ACCESS,
  request,
  evaluate,
  role,
  type DeployedPolicies,
  type IamPrincipal,
  type Template,
} from '../../../dataworks-constructs/test/support/iam';
import { proves, type Row } from '../../../dataworks-constructs/test/support/truth-table';
import { ServiceControlPolicy } from '../../src';
import { ACCOUNT, iam, MANAGED_POLICIES, NAMES, REGION, stack } from '../support/deployments';

const ADMINISTRATORS = ['arn:*:iam::*:role/platform-admin', 'arn:*:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Platform_*'];
const POLICY = new ServiceControlPolicy({ project: 'sales', qualifier: 'sales', administrators: ADMINISTRATORS }).toJson();

/** The policy as if it were a managed one of a role, from which the rows take it: templates know no organisation's. */
const template: Template = {
  Resources: {
    Scp: { Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: 'scp', PolicyDocument: JSON.parse(POLICY) as unknown } },
    Holder: { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns: [{ Ref: 'Scp' }] } },
  },
};

const LAKE = stack('sales-test-lake');
const TRAIL = `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/sales-test-audit`;

function rows(policies: DeployedPolicies): readonly Row[] {
  const { identity = [] } = policies.identityPolicies('Holder');
  const session = (name: string): IamPrincipal =>
    role(ACCOUNT, name, { identity: [FULL_ACCESS], serviceControl: [FULL_ACCESS, ...identity] });
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
  proves(template, rows, () => true, { documents: MANAGED_POLICIES });
});

test('keeps within the limit of AWS Organizations, with the longest names and ten administrators', () => {
  const longest = new ServiceControlPolicy({
    project: 'p'.repeat(20),
    qualifier: 'q'.repeat(10),
    stateName: 's'.repeat(40),
    administrators: Array.from(
      { length: 4 },
      (_, index) => `arn:*:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Administrator${index}_*`,
    ),
  });
  expect(longest.toJson().length).toBeLessThanOrEqual(5120);
});
