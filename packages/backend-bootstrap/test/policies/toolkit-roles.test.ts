import { FULL_ACCESS, role, type DeployedPolicies, type IamPrincipal } from '../../../dataworks-constructs/test/support/iam';
import { proves, type Row } from '../../../dataworks-constructs/test/support/truth-table';
import { ACCOUNT, call, iam, NAMES, OTHER_ACCOUNT, REGION, stack } from '../support/deployments';
import { toolkitTemplate, unfolded } from '../support/toolkit';

const STAGING = `arn:aws:s3:::${NAMES.cdkStagingBucket}`;
const OBJECT = `${STAGING}/template.json`;
const IMAGES = `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${NAMES.cdkRepository}`;
const LAKE = stack('sales-test-lake');

type Decide = (action: string, resource: string, context?: Record<string, string>) => Row;

/** How the role decides alone, and when somebody attaches AdministratorAccess to it. */
function sessions(policies: DeployedPolicies, logicalId: string, name: string) {
  const { identity = [] } = policies.identityPolicies(policies.logicalId('AWS::IAM::Role', `Toolkit${logicalId}`));
  const rowsOf =
    (principal: IamPrincipal, expected: Row[1], why: string): Decide =>
    (action, resource, context) => [`${action} on ${resource}`, expected, why, call(principal, action, resource, context, REGION)];
  return {
    may: rowsOf(role(ACCOUNT, name, { identity }), 'allow', 'it is for that'),
    mayNot: (why: string) => rowsOf(role(ACCOUNT, name, { identity }), 'implicitDeny', why),
    never: (why: string) => rowsOf(role(ACCOUNT, name, { identity: [...identity, FULL_ACCESS] }), 'explicitDeny', why),
  };
}

const bootstrapOutOfReach = (never: (why: string) => Decide): readonly Row[] =>
  [NAMES.backendStack, NAMES.toolkitStack].flatMap((name) =>
    ['CreateChangeSet', 'DeleteStack', 'UpdateStack', 'UpdateTerminationProtection', 'GetTemplate', 'DescribeStackResourceDrifts'].map(
      (action) => never('it is for administrators')(`cloudformation:${action}`, stack(name)),
    ),
  );

const TABLES: Readonly<Record<string, (policies: DeployedPolicies) => readonly Row[]>> = {
  FilePublishingRole: (policies) => {
    const { may, mayNot } = sessions(policies, 'FilePublishingRole', NAMES.cdkFilePublishingRole);
    return [
      ...['AbortMultipartUpload', 'DeleteObjectVersion', 'GetObject', 'PutObject'].map((action) => may(`s3:${action}`, OBJECT)),
      ...['GetBucketLocation', 'GetEncryptionConfiguration', 'ListBucket'].map((action) => may(`s3:${action}`, STAGING)),
      mayNot('it publishes assets only')('s3:PutObject', 'arn:aws:s3:::lake/a'),
      mayNot('it publishes, and opens nothing')('s3:PutBucketPolicy', STAGING),
      mayNot('a stranger could have the name')('s3:PutObject', OBJECT, { 'aws:ResourceAccount': OTHER_ACCOUNT }),
      mayNot('it publishes assets only')('cloudformation:CreateChangeSet', LAKE),
    ];
  },
  ImagePublishingRole: (policies) => {
    const { may, mayNot } = sessions(policies, 'ImagePublishingRole', NAMES.cdkImagePublishingRole);
    return [
      ...['BatchCheckLayerAvailability', 'BatchGetImage', 'CompleteLayerUpload', 'DescribeImages', 'DescribeRepositories'].map((action) =>
        may(`ecr:${action}`, IMAGES),
      ),
      ...['GetDownloadUrlForLayer', 'InitiateLayerUpload', 'PutImage', 'UploadLayerPart'].map((action) => may(`ecr:${action}`, IMAGES)),
      may('ecr:GetAuthorizationToken', '*'),
      mayNot('it publishes, and opens nothing')('ecr:SetRepositoryPolicy', IMAGES),
      mayNot('another repository')('ecr:PutImage', IMAGES.replace('container-assets', 'other')),
    ];
  },
  DeploymentActionRole: (policies) => {
    const { may, mayNot, never } = sessions(policies, 'DeploymentActionRole', NAMES.cdkDeployRole);
    const execution = iam(`role/${NAMES.cdkExecutionRole}`);
    return [
      ...['ContinueUpdateRollback', 'DeleteChangeSet', 'DeleteStack', 'ExecuteChangeSet', 'RollbackStack'].map((action) =>
        may(`cloudformation:${action}`, LAKE),
      ),
      may('cloudformation:CreateChangeSet', LAKE, { 'cloudformation:RoleArn': execution }),
      mayNot('the stack may have a role of an administrator stored with it')('cloudformation:CreateChangeSet', stack('theirs')),
      mayNot('another role')('cloudformation:CreateChangeSet', LAKE, { 'cloudformation:RoleArn': iam('role/admin') }),
      ...['UpdateTerminationProtection', 'DescribeStacks', 'DetectStackDrift', 'GetTemplate', 'ListStackResources', 'ValidateTemplate'].map(
        (action) => may(`cloudformation:${action}`, LAKE),
      ),
      may('iam:PassRole', execution),
      ...['s3:GetBucketLocation', 's3:ListBucket'].map((action) => may(action, STAGING)),
      may('s3:GetObject', OBJECT),
      ...['ssm:GetParameter', 'ssm:GetParameters'].map((action) => may(action, NAMES.parameterArn(NAMES.cdkVersionParameter))),
      mayNot('no change set would show it')('cloudformation:UpdateStack', LAKE),
      mayNot('no change set would show it')('cloudformation:CreateStack', LAKE),
      mayNot('another role')('iam:PassRole', iam(`role/${NAMES.deployerRole}`)),
      mayNot('it deploys what was published')('s3:PutObject', OBJECT),
      mayNot('data')('s3:GetObject', 'arn:aws:s3:::lake/a'),
      mayNot('data of other accounts')('s3:GetObject', 'arn:aws:s3:::theirs/a', { 'aws:ResourceAccount': OTHER_ACCOUNT }),
      ...bootstrapOutOfReach(never),
    ];
  },
  LookupRole: (policies) => {
    const { may, mayNot, never } = sessions(policies, 'LookupRole', NAMES.cdkLookupRole);
    return [
      ...['DescribeStacks', 'GetTemplate', 'ListStackResources'].map((action) => may(`cloudformation:${action}`, LAKE)),
      may('cloudformation:ListStacks', '*'),
      ...['AvailabilityZones', 'Images', 'RouteTables', 'SecurityGroups', 'Subnets', 'VpcEndpointServices', 'Vpcs', 'VpnGateways'].map(
        (what) => may(`ec2:Describe${what}`, '*'),
      ),
      ...['Listeners', 'LoadBalancers', 'Tags'].map((what) => may(`elasticloadbalancing:Describe${what}`, '*')),
      ...['kms:DescribeKey', 'kms:ListAliases', 'route53:GetHostedZone', 'route53:ListHostedZonesByName'].map((action) => may(action, '*')),
      ...['ssm:GetParameter', 'ssm:GetParameters'].map((action) => may(action, NAMES.parameterArn('/sales/test/lake/raw'))),
      may('ssm:GetParameter', NAMES.parameterArn(NAMES.cdkVersionParameter)),
      may('ssm:GetParameter', `arn:aws:ssm:${REGION}::parameter/aws/service/ami-amazon-linux-latest/al2023`),
      mayNot('of another team')('ssm:GetParameter', NAMES.parameterArn('/payroll/prod/database')),
      mayNot('it only reads')('ssm:PutParameter', NAMES.parameterArn('/sales/test/lake/raw')),
      mayNot('it only reads')('cloudformation:CreateChangeSet', LAKE),
      mayNot('nothing is passed')('iam:PassRole', iam(`role/${NAMES.cdkExecutionRole}`)),
      ...['BatchGetItem', 'GetItem', 'GetRecords', 'PartiQLSelect', 'Query', 'Scan'].map((action) =>
        never('data')(`dynamodb:${action}`, NAMES.stateTableArn),
      ),
      never('state')('s3:GetObject', NAMES.stateObjectArn(NAMES.recordKey)),
      never('data, of earlier')('s3:GetObjectVersion', 'arn:aws:s3:::lake/a'),
      ...['kms:Decrypt', 'secretsmanager:BatchGetSecretValue', 'secretsmanager:GetSecretValue'].map((action) => never('data')(action, '*')),
      ...['GetAccountAuthorizationDetails', 'ListRoles'].map((action) => never('it shows the external id')(`iam:${action}`, '*')),
      never('it shows the external id')('iam:GetRole', iam(`role/${NAMES.deployerRole}`)),
      ...['cloudtrail:LookupEvents', 'cloudtrail:StartQuery', 'config:BatchGetResourceConfig', 'securityhub:GetFindings'].map((action) =>
        never('it shows the external id')(action, '*'),
      ),
      ...bootstrapOutOfReach(never),
    ];
  },
};

describe.each(Object.entries(TABLES))('the policy of %s', (logicalId, rows) => {
  proves(unfolded(toolkitTemplate()), rows, (part) => part.logicalId.startsWith(`Toolkit${logicalId}`));
});
