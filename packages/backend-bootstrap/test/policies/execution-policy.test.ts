import type { DeployedPolicies } from '../../../dataworks-constructs/test/support/iam';
import { proves, type Row } from '../../../dataworks-constructs/test/support/truth-table';
import { ACCOUNT, actors, assume, call, deploymentTemplate, iam, MANAGED_POLICIES, NAMES, REGION } from '../support/deployments';

/** What CloudFormation calls when it deploys a lake, typed by hand; at least one call for every pattern of the policy. */
const CALLED = {
  athena: [
    ...['CreateDataCatalog', 'CreateNamedQuery', 'CreatePreparedStatement', 'CreateWorkGroup', 'ListTagsForResource', 'TagResource'],
    'UntagResource',
  ],
  autoscaling: ['CreateAutoScalingGroup', 'PutScalingPolicy'],
  cloudtrail: ['AddTags', 'CreateTrail', 'DescribeTrails', 'GetTrailStatus', 'PutEventSelectors', 'StartLogging', 'UpdateTrail'],
  cloudwatch: ['ListTagsForResource', 'PutDashboard', 'PutMetricAlarm', 'TagResource', 'UntagResource'],
  ec2: [
    ...['AllocateAddress', 'AssociateSubnetCidrBlock', 'AttachInternetGateway', 'AttachVolume', 'AuthorizeSecurityGroupIngress'],
    ...['CreateFlowLogs', 'CreateLaunchTemplate', 'CreateManagedPrefixList', 'CreateNetworkAclEntry', 'CreateRouteTable', 'CreateTags'],
    ...['CreateVpcEndpoint', 'DescribeAvailabilityZones', 'RunInstances', 'TerminateInstances'],
  ],
  events: ['PutRule', 'PutTargets'],
  glue: [
    ...[
      'BatchGetPartition',
      'CreateDatabase',
      'DeleteCrawler',
      'GetSecurityConfiguration',
      'ListSchemas',
      'PutDataCatalogEncryptionSettings',
    ],
    ...['RegisterSchemaVersion', 'StartTrigger', 'TagResource', 'UntagResource', 'UpdateTable'],
  ],
  kms: [
    ...['CancelKeyDeletion', 'CreateAlias', 'CreateKey', 'DeleteAlias', 'DescribeKey', 'DisableKeyRotation', 'EnableKeyRotation'],
    ...['GetKeyPolicy', 'ListResourceTags', 'PutKeyPolicy', 'ScheduleKeyDeletion', 'TagResource', 'UntagResource', 'UpdateAlias'],
  ],
  lakeformation: ['CreateDataCellsFilter', 'CreateLFTag', 'GrantPermissions', 'PutDataLakeSettings', 'RegisterResource'],
  lambda: ['AddPermission', 'CreateFunction', 'InvokeFunction'],
  logs: [
    ...['AssociateKmsKey', 'CreateLogGroup', 'DeleteRetentionPolicy', 'DescribeLogGroups', 'ListTagsForResource', 'PutRetentionPolicy'],
    ...['TagResource', 'UntagResource'],
  ],
  s3: [
    ...['CreateAccessPoint', 'CreateBucket', 'DeleteBucketPolicy', 'ListTagsForResource', 'PutBucketPolicy', 'PutBucketVersioning'],
    ...['PutEncryptionConfiguration', 'PutLifecycleConfiguration', 'PutReplicationConfiguration', 'TagResource', 'UntagResource'],
  ],
  scheduler: ['CreateSchedule'],
  secretsmanager: [
    ...['CancelRotateSecret', 'CreateSecret', 'DeleteSecret', 'DescribeSecret', 'GetRandomPassword', 'ListSecrets', 'PutResourcePolicy'],
    ...['PutSecretValue', 'RotateSecret', 'TagResource', 'UntagResource', 'UpdateSecret'],
  ],
  sns: ['AddPermission', 'CreateTopic', 'ListTagsForResource', 'Subscribe', 'TagResource', 'Unsubscribe', 'UntagResource'],
  sqs: ['AddPermission', 'CreateQueue', 'SetQueueAttributes'],
  ssm: ['AddTagsToResource', 'GetParameters', 'PutParameter'],
  states: ['CreateActivity', 'CreateStateMachine', 'ListTagsForResource', 'TagResource', 'UntagResource'],
} as const;

/** What the services hold: neither read nor used by a deployment. */
const DATA = [
  ...[
    'athena:GetQueryResults',
    'athena:StartQueryExecution',
    'cloudtrail:LookupEvents',
    'cloudtrail:StopLogging',
    'cloudtrail:DeleteTrail',
  ],
  ...[
    'ec2:GetConsoleOutput',
    'ec2:GetPasswordData',
    'glue:StartJobRun',
    'kms:Decrypt',
    'kms:Encrypt',
    'kms:CreateGrant',
    'kms:GenerateDataKey',
  ],
  ...[
    'lakeformation:GetDataAccess',
    'logs:FilterLogEvents',
    'logs:GetLogEvents',
    'logs:StartQuery',
    's3:DeleteObject',
    's3:GetObject',
    's3:PutObject',
  ],
  ...['secretsmanager:GetSecretValue', 'sns:Publish', 'sqs:ReceiveMessage', 'sqs:SendMessage', 'states:StartExecution'],
  ...['dynamodb:CreateTable', 'ecr:PutImage', 'organizations:LeaveOrganization', 'rds:CreateDBInstance', 'cloudformation:UpdateStack'],
];

const SERVICES_OF_ROLES = [
  ...['cloudtrail', 'ec2', 'events', 'glue', 'lakeformation', 'lambda', 's3', 'scheduler', 'states', 'vpc-flow-logs'],
].map((name) => `${name}.amazonaws.com`);

const OWN_ROLE = iam('role/sales-test-lake-Reader');
const boundary = (arn: string) => ({ 'iam:PermissionsBoundary': arn });
const OURS = boundary(NAMES.policyArn(NAMES.boundary));

/** The policy by itself: what it does not allow, the boundary does not have to deny. */
function rows(policies: DeployedPolicies): readonly Row[] {
  const { unbounded } = actors(policies);
  const may = (action: string, resource: string, context = {}): Row => [
    `${action} on ${resource}`,
    'allow',
    'deployed',
    call(unbounded, action, resource, context, REGION),
  ];
  const mayNot = (action: string, resource: string, why: string, context = {}): Row => [
    `${action} on ${resource} ${JSON.stringify(context)}`,
    'implicitDeny',
    why,
    call(unbounded, action, resource, context, REGION),
  ];
  const through = (service: string) => ({ 'kms:ViaService': `${service}.${REGION}.amazonaws.com` });

  return [
    ...Object.entries(CALLED).flatMap(([service, actions]) => actions.map((action) => may(`${service}:${action}`, '*'))),
    ...DATA.map((action) => mayNot(action, '*', 'it is no part of a deployment')),
    [
      'CreateBucket in another region',
      'implicitDeny',
      'the environment has one',
      call(unbounded, 's3:CreateBucket', 'arn:aws:s3:::x', {}, 'us-east-1'),
    ],

    ...['CreateGrant', 'Decrypt', 'Encrypt', 'GenerateDataKeyWithoutPlaintext', 'ReEncryptFrom'].map((action) =>
      may(`kms:${action}`, '*', through('secretsmanager')),
    ),
    mayNot('kms:Decrypt', '*', 'it would read the lake', through('s3')),

    may('s3:GetObject', `arn:aws:s3:::${NAMES.cdkStagingBucket}/code.zip`),
    ...['BatchGetImage', 'GetDownloadUrlForLayer', 'GetRepositoryPolicy'].map((action) =>
      may(`ecr:${action}`, `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${NAMES.cdkRepository}`),
    ),
    mayNot('s3:GetObject', 'arn:aws:s3:::lake/a', 'data'),

    ...[
      'AttachRolePolicy',
      'CreateRole',
      'DeleteRolePolicy',
      'DetachRolePolicy',
      'PutRolePermissionsBoundary',
      'PutRolePolicy',
      'UpdateAssumeRolePolicy',
    ].flatMap((action): Row[] => [
      may(`iam:${action}`, OWN_ROLE, OURS),
      mayNot(`iam:${action}`, OWN_ROLE, 'no boundary'),
      mayNot(`iam:${action}`, OWN_ROLE, 'another boundary', boundary('arn:aws:iam::aws:policy/PowerUserAccess')),
      mayNot(`iam:${action}`, iam('role/Admin'), 'not named after a stack', OURS),
    ]),
    ...['DeleteRole', 'GetRole', 'ListAttachedRolePolicies', 'TagRole', 'UntagRole', 'UpdateRole'].flatMap((action): Row[] => [
      may(`iam:${action}`, OWN_ROLE),
      mayNot(`iam:${action}`, iam('role/Admin'), 'not named after a stack'),
    ]),
    ...['CreatePolicyVersion', 'DeletePolicy', 'SetDefaultPolicyVersion'].flatMap((action): Row[] => [
      may(`iam:${action}`, iam('policy/sales-test-lake-Reading')),
      mayNot(`iam:${action}`, iam('policy/admins'), 'not named after a stack'),
    ]),
    may('iam:AddRoleToInstanceProfile', iam('instance-profile/sales-test-platform-Node')),
    mayNot('iam:AddRoleToInstanceProfile', iam('instance-profile/bastion'), 'not named after a stack'),
    mayNot('iam:DeleteRolePermissionsBoundary', OWN_ROLE, 'no limit', OURS),
    ...['CreateUser', 'CreateAccessKey', 'CreateLoginProfile', 'AddUserToGroup'].map((action) =>
      mayNot(`iam:${action}`, iam('user/ann'), 'no users'),
    ),
    mayNot('iam:CreateOpenIDConnectProvider', iam('oidc-provider/example.org'), 'no providers'),
    ['assuming a role', 'implicitDeny', 'CloudFormation assumes none', assume(unbounded, OWN_ROLE)],

    ...SERVICES_OF_ROLES.map((service) => may('iam:PassRole', OWN_ROLE, { 'iam:PassedToService': service })),
    mayNot('iam:PassRole', OWN_ROLE, 'not a service of the lake', { 'iam:PassedToService': 'sagemaker.amazonaws.com' }),
    mayNot('iam:PassRole', iam('role/Admin'), 'not named after a stack', { 'iam:PassedToService': 'lambda.amazonaws.com' }),
    may('iam:CreateServiceLinkedRole', iam('role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling'), {
      'iam:AWSServiceName': 'autoscaling.amazonaws.com',
    }),
    mayNot('iam:CreateServiceLinkedRole', iam('role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie'), 'not listed', {
      'iam:AWSServiceName': 'macie.amazonaws.com',
    }),

    ...[NAMES.planRole, NAMES.applyRole, NAMES.deployerRole].flatMap((name): Row[] => [
      [
        `passing ${name}`,
        'explicitDeny',
        'it is not its own',
        call(unbounded, 'iam:PassRole', iam(`role/${name}`), { 'iam:PassedToService': 'lambda.amazonaws.com' }),
      ],
      [`re-trusting ${name}`, 'explicitDeny', 'it could let itself in', call(unbounded, 'iam:UpdateAssumeRolePolicy', iam(`role/${name}`))],
    ]),
    [
      "passing CloudFormation's role",
      'explicitDeny',
      'it is not its own',
      call(unbounded, 'iam:PassRole', iam(`role/${NAMES.cdkExecutionRole}`)),
    ],
  ];
}

describe('the execution policy', () => {
  proves(deploymentTemplate(), rows, ({ logicalId }) => logicalId.startsWith('Execution'), { documents: MANAGED_POLICIES });
});
