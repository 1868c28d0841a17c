import type { DeployedPolicies } from '../../../dataworks-constructs/test/support/iam';
import { proves, type Row } from '../../../dataworks-constructs/test/support/truth-table';
import {
  ACCOUNT,
  actors,
  assume,
  call,
  deploymentTemplate,
  iam,
  MANAGED_POLICIES,
  NAMES,
  namesOf,
  OTHER_ACCOUNT,
  REGION,
  stack,
} from '../support/deployments';

const OWN_ROLE = iam('role/sales-test-lake-Reader');
const ADMIN_ROLE = iam('role/OrganizationAccountAccessRole');
const BOUNDARY = { 'iam:PermissionsBoundary': NAMES.policyArn(NAMES.boundary) };
const OTHER_BOUNDARY = { 'iam:PermissionsBoundary': 'arn:aws:iam::aws:policy/PowerUserAccess' };

/** Whatever its own policies say: here they allow everything. */
function rows(policies: DeployedPolicies): readonly Row[] {
  const { workload, deployment } = actors(policies);
  const staging = `arn:aws:s3:::${NAMES.cdkStagingBucket}`;
  const images = `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${NAMES.cdkRepository}`;
  const version = NAMES.parameterArn(NAMES.cdkVersionParameter);
  const denied = (action: string, resource: string, why: string, what = action): Row => [
    `${what} by a deployment`,
    'explicitDeny',
    why,
    call(deployment, action, resource),
  ];
  const works = (action: string, resource: string, context = {}): Row => [
    `${action} by a deployment`,
    'allow',
    'deployments do it',
    call(deployment, action, resource, context),
  ];

  return [
    ['a workload reads the lake', 'allow', 'its own policy decides', call(workload, 's3:GetObject', 'arn:aws:s3:::lake/a')],
    works('iam:CreatePolicyVersion', iam('policy/sales-test-lake-Reading')),
    works('iam:AddRoleToInstanceProfile', iam('instance-profile/sales-test-platform-Node')),
    works('iam:CreateServiceLinkedRole', iam('role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling')),

    denied('iam:CreateUser', iam('user/mallory'), 'users have keys, and no pipeline'),
    denied('iam:CreateAccessKey', iam('user/ann'), 'it could be anybody who has a user'),
    denied('iam:CreateLoginProfile', iam('user/ann'), 'the same'),
    denied('iam:CreateOpenIDConnectProvider', iam('oidc-provider/example.org'), 'whoever owns a provider says who comes in'),
    denied('iam:AddClientIDToOpenIDConnectProvider', NAMES.circleCiProviderArn('1'), 'the pipeline would take more tokens'),
    denied('iam:ListRoles', '*', 'it shows the external id'),
    denied('iam:GetAccountAuthorizationDetails', '*', 'it shows the external id'),
    denied('iam:UpdateAssumeRolePolicy', ADMIN_ROLE, 'then it could assume it', 're-trusting an administrator'),
    denied('iam:PassRole', ADMIN_ROLE, 'a function of its own would be an administrator', 'passing an administrator'),
    denied('iam:PutRolePolicy', iam(`role/${NAMES.cdkExecutionRole}`), 'it could deploy anything', "widening CloudFormation's role"),
    denied('iam:DeleteRole', iam(`role/${NAMES.cdkDeployRole}`), 'nobody could deploy', "deleting the CDK's deploy role"),

    ['a workload assumes a role of a deployment', 'allow', 'both are bounded', assume(workload, OWN_ROLE)],
    ['a workload assumes an administrator', 'explicitDeny', 'it would be rid of the boundary', assume(workload, ADMIN_ROLE)],
    ["a workload assumes the CDK's deploy role", 'explicitDeny', 'it would deploy', assume(workload, iam(`role/${NAMES.cdkDeployRole}`))],
    [
      'a workload assumes a role of another account that trusts this one',
      'allow',
      'that account decides',
      assume(workload, iam('role/partner', OTHER_ACCOUNT)),
    ],

    ...['CreateRole', 'PutRolePermissionsBoundary', 'AttachRolePolicy', 'PutRolePolicy', 'UpdateAssumeRolePolicy'].flatMap(
      (action): Row[] => [
        [`${action} with the boundary`, 'allow', 'bounded', call(deployment, `iam:${action}`, OWN_ROLE, BOUNDARY)],
        [
          `${action} with another boundary`,
          'explicitDeny',
          'it would have another limit',
          call(deployment, `iam:${action}`, OWN_ROLE, OTHER_BOUNDARY),
        ],
        [`${action} without a boundary`, 'explicitDeny', 'it would have no limit', call(deployment, `iam:${action}`, OWN_ROLE)],
      ],
    ),
    [
      'taking the boundary away',
      'explicitDeny',
      'it would have no limit',
      call(deployment, 'iam:DeleteRolePermissionsBoundary', OWN_ROLE, BOUNDARY),
    ],

    ...[NAMES.planRole, NAMES.applyRole, NAMES.deployerRole].flatMap((name): Row[] => [
      denied('iam:UpdateAssumeRolePolicy', iam(`role/${name}`), 'it could let itself in', `re-trusting ${name}`),
      [
        `attaching AdministratorAccess to ${name}`,
        'explicitDeny',
        'it is not its own',
        call(deployment, 'iam:AttachRolePolicy', iam(`role/${name}`), BOUNDARY),
      ],
      denied('iam:PassRole', iam(`role/${name}`), 'a function of its own would be it', `passing ${name}`),
      [`a workload assumes ${name}`, 'explicitDeny', 'it is for the pipeline', assume(workload, iam(`role/${name}`))],
    ]),
    denied('iam:GetRole', iam(`role/${NAMES.deployerRole}`), 'it shows the external id', 'reading the trust of the deployer'),
    ...[NAMES.boundary, NAMES.executionPolicy].flatMap((name): Row[] =>
      ['CreatePolicyVersion', 'SetDefaultPolicyVersion', 'DeletePolicyVersion', 'DeletePolicy', 'TagPolicy'].map((action) =>
        denied(`iam:${action}`, iam(`policy/${name}`), 'it would free itself', `${action} of ${name}`),
      ),
    ),

    [
      'a workload reads state',
      'explicitDeny',
      'it tells what is where',
      call(workload, 's3:GetObject', NAMES.stateObjectArn('dataworks-infra/record.json')),
    ],
    denied('s3:GetObject', NAMES.stateObjectArn('dataworks-infra/record.json'), 'no deployment needs it', 'reading state'),
    denied('s3:PutObject', NAMES.stateObjectArn('dataworks-infra/approvals/1/1.json'), 'it would approve itself', 'writing state'),
    denied('s3:PutObject', NAMES.stateObjectArn(NAMES.lockFileKey), 'it would lock', 'writing the lock'),
    denied('s3:PutBucketPolicy', NAMES.stateBucketArn, 'it would let others in', 'opening the state bucket'),
    denied('dynamodb:PutItem', NAMES.stateTableArn, 'it would lock', 'writing the lock item'),
    denied('dynamodb:RestoreTableFromBackup', `${NAMES.stateTableArn}/backup/1`, 'it would have a copy', 'restoring the lock table'),
    denied('cloudformation:UpdateStack', stack(NAMES.backendStack), 'the stack made all of this', 'updating the backend'),
    denied('cloudformation:UpdateStack', stack(NAMES.toolkitStack), 'the stack made its own role', 'updating the bootstrap'),

    ...['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:DescribeImages', 'ecr:GetDownloadUrlForLayer', 'ecr:ListImages'].map(
      (action) => works(action, images),
    ),
    works('s3:GetObject', `${staging}/code.zip`),
    works('s3:ListBucket', staging),
    works('ssm:GetParameter', version),
    works('ssm:ListTagsForResource', version),
    denied('s3:PutBucketPolicy', staging, 'it would let others replace what is deployed', 'opening the staging bucket'),
    denied('s3:PutObject', `${staging}/code.zip`, 'it would replace what is deployed next', 'writing assets'),
    denied('ecr:PutImage', images, 'the same', 'writing images'),
    denied('ssm:PutParameter', version, 'the CDK would refuse to deploy', 'changing the version of the bootstrap'),
    denied('ssm:PutParameter', NAMES.parameterArn('/sales/test/backend/state-bucket'), 'tools would look elsewhere', 'moving the backend'),
    works('ssm:PutParameter', NAMES.parameterArn('/sales/test/lake/raw')),

    ...['DeleteTrail', 'StopLogging', 'DeleteEventDataStore', 'StopEventDataStoreIngestion'].map((action) =>
      denied(`cloudtrail:${action}`, `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/sales-test-audit`, 'nobody would see what follows'),
    ),
    ...['cloudtrail:CreateTrail', 'cloudtrail:StartLogging'].map((action) => works(action, '*')),
    ...[
      ...['cloudtrail:PutEventSelectors', 'cloudtrail:PutInsightSelectors', 'cloudtrail:UpdateTrail'],
      ...[
        'ContinueUpdateRollback',
        'CreateChangeSet',
        'DeleteStack',
        'ExecuteChangeSet',
        'ExecuteStackRefactor',
        'RollbackStack',
        'UpdateStack',
        'CreateStackInstances',
        'UpdateStackSet',
      ].map((action) => `cloudformation:${action}`),
    ].flatMap((action): Row[] => [
      works(action, action.startsWith('cloudtrail') ? '*' : stack('sales-test-lake')),
      [
        `${action} by a workload`,
        'explicitDeny',
        'past plan and approval',
        call(workload, action, action.startsWith('cloudtrail') ? '*' : stack('sales-test-lake')),
      ],
    ]),

    ...['cloudtrail:LookupEvents', 'cloudtrail:StartQuery', 'config:GetResourceConfigHistory', 'securityhub:GetFindings'].map((action) =>
      denied(action, '*', 'it shows the external id'),
    ),
    ...['account:EnableRegion', 'organizations:LeaveOrganization', 'rolesanywhere:CreateTrustAnchor', 's3:PutAccountPublicAccessBlock'].map(
      (action) => denied(action, '*', 'it is about the account as a whole'),
    ),
    ['describing the organisation', 'allow', 'data is shared by it', call(workload, 'organizations:DescribeOrganization')],
  ];
}

describe('the boundary', () => {
  // In a project that is not called cdk, these roles are no deployment's anyway.
  proves(
    deploymentTemplate(),
    rows,
    ({ logicalId, name }) => logicalId.startsWith('Boundary') && !name.endsWith(`role/cdk-${NAMES.qualifier}-*"`),
    {
      documents: MANAGED_POLICIES,
    },
  );
});

describe("the boundary of a project whose roles are named like the CDK's", () => {
  const names = namesOf({ project: 'cdk', environment: 'test', qualifier: 'test' });
  const table = (policies: DeployedPolicies): readonly Row[] => [
    [
      "passing the CDK's deploy role",
      'explicitDeny',
      'it is not its own',
      call(actors(policies, names).deployment, 'iam:PassRole', iam(`role/${names.cdkDeployRole}`)),
    ],
  ];
  proves(
    deploymentTemplate(names),
    table,
    ({ logicalId, name }) => logicalId.startsWith('Boundary') && /HandsOff.*role\/cdk-test-\*/.test(name),
    {
      documents: MANAGED_POLICIES,
    },
  );
});
