import { TELLS_THE_EXTERNAL_ID } from './boundary-document';
import { policyDocument, type Document, type Statement } from './policy-document';
import type { BackendNames } from '../backend-names';

/** A role of the CDK bootstrap that somebody assumes by hand or by the CDK's command line. */
export interface ToolkitRole {
  /** As in the stock template: the logical id, and the tag by which the CDK's tools find it. */
  readonly id: string;
  readonly tag: 'deploy' | 'file-publishing' | 'image-publishing' | 'lookup';
  readonly description: string;
  readonly roleName: string;
  /** Names of the roles that may assume it. */
  readonly trusted: readonly string[];
  readonly policy: Document;
  /** Why its policy has wildcards. */
  readonly wildcards: string;
}

/** The four roles; that of CloudFormation itself has neither a policy of its own nor anybody who assumes it. */
export function toolkitRoles(names: BackendNames): readonly ToolkitRole[] {
  return [
    {
      id: 'FilePublishingRole',
      tag: 'file-publishing',
      description: 'Uploads file assets of deployments',
      roleName: names.cdkFilePublishingRole,
      trusted: [names.deployerRole],
      policy: filePublishing(names),
      wildcards: "Objects of the staging bucket are named by the hash of what is in them; the actions are the CDK's contract",
    },
    {
      id: 'ImagePublishingRole',
      tag: 'image-publishing',
      description: 'Uploads container images of deployments',
      roleName: names.cdkImagePublishingRole,
      trusted: [names.deployerRole],
      policy: imagePublishing(names),
      wildcards: 'ecr:GetAuthorizationToken knows no resource',
    },
    {
      id: 'LookupRole',
      tag: 'lookup',
      description: 'Reads what a plan compares with and what contexts look up; no data',
      roleName: names.cdkLookupRole,
      trusted: [names.deployerRole, names.planRole],
      policy: lookup(names),
      wildcards: 'Any stack but those of the bootstrap can be planned, and what describes the account knows no resource',
    },
    {
      id: 'DeploymentActionRole',
      tag: 'deploy',
      description: 'Creates and executes change sets',
      roleName: names.cdkDeployRole,
      trusted: [names.deployerRole],
      policy: deploy(names),
      wildcards: 'Any stack but those of the bootstrap can be deployed, stacks that do not exist yet included',
    },
  ];
}

/** By a condition: a principal that does not exist would be rejected, and one that was made anew would not be recognised. */
export function trust(names: BackendNames, trusted: readonly string[]): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: names.account },
        // Tags of the session are those with which the CDK's command line is told to come.
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: {
          ArnEquals: { 'aws:PrincipalArn': trusted.map((role) => names.roleArn(role)) },
          // An external id says that somebody acts for somebody else: nobody does here.
          Null: { 'sts:ExternalId': 'true' },
        },
      },
    ],
  };
}

const stagingBucket = ({ partition, cdkStagingBucket }: BackendNames): string => `arn:${partition}:s3:::${cdkStagingBucket}`;

const repository = ({ partition, region, account, cdkRepository }: BackendNames): string =>
  `arn:${partition}:ecr:${region}:${account}:repository/${cdkRepository}`;

const stackArn = ({ partition, region, account }: BackendNames, stack: string): string =>
  `arn:${partition}:cloudformation:${region}:${account}:stack/${stack}/*`;

/** Whoever deploys or plans keeps off the stacks that hold these roles and the state. */
const notTheBootstrap = (names: BackendNames): Statement => ({
  Sid: 'NotTheBootstrap',
  Effect: 'Deny',
  Action: 'cloudformation:*',
  Resource: [stackArn(names, names.backendStack), stackArn(names, names.toolkitStack)],
});

function filePublishing(names: BackendNames): Document {
  const bucket = stagingBucket(names);
  return policyDocument(names, {
    Sid: 'StagingBucket',
    Effect: 'Allow',
    Action: [
      's3:Abort*',
      's3:DeleteObject*',
      's3:GetBucket*',
      's3:GetEncryptionConfiguration',
      's3:GetObject*',
      's3:List*',
      's3:PutObject*',
    ],
    Resource: [bucket, `${bucket}/*`],
    Condition: { StringEquals: { 'aws:ResourceAccount': names.account } },
  });
}

function imagePublishing(names: BackendNames): Document {
  return policyDocument(
    names,
    {
      Sid: 'Repository',
      Effect: 'Allow',
      Action: [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:CompleteLayerUpload',
        'ecr:DescribeImages',
        'ecr:DescribeRepositories',
        'ecr:GetDownloadUrlForLayer',
        'ecr:InitiateLayerUpload',
        'ecr:PutImage',
        'ecr:UploadLayerPart',
      ],
      Resource: repository(names),
    },
    { Sid: 'LogIn', Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
  );
}

function deploy(names: BackendNames): Document {
  const bucket = stagingBucket(names);
  return policyDocument(
    names,
    {
      // Without a role, CloudFormation would take the one that is stored with the stack, which may be that of an administrator.
      Sid: 'ProposeByExecutionRole',
      Effect: 'Allow',
      Action: 'cloudformation:CreateChangeSet',
      Resource: '*',
      Condition: { ArnEquals: { 'cloudformation:RoleArn': names.roleArn(names.cdkExecutionRole) } },
    },
    {
      Sid: 'ChangeSets',
      Effect: 'Allow',
      Action: [
        'cloudformation:ContinueUpdateRollback',
        'cloudformation:DeleteChangeSet',
        'cloudformation:DeleteStack',
        'cloudformation:ExecuteChangeSet',
        'cloudformation:RollbackStack',
        'cloudformation:UpdateTerminationProtection',
      ],
      Resource: '*',
    },
    {
      Sid: 'ReadStacks',
      Effect: 'Allow',
      Action: [
        'cloudformation:Describe*',
        'cloudformation:Detect*',
        'cloudformation:Get*',
        'cloudformation:List*',
        'cloudformation:ValidateTemplate',
      ],
      Resource: '*',
    },
    { Sid: 'PassExecutionRole', Effect: 'Allow', Action: 'iam:PassRole', Resource: names.roleArn(names.cdkExecutionRole) },
    {
      Sid: 'ReadTemplates',
      Effect: 'Allow',
      Action: ['s3:GetBucket*', 's3:GetObject*', 's3:List*'],
      Resource: [bucket, `${bucket}/*`],
    },
    {
      Sid: 'ReadVersion',
      Effect: 'Allow',
      Action: ['ssm:GetParameter', 'ssm:GetParameters'],
      Resource: names.parameterArn(names.cdkVersionParameter),
    },
    notTheBootstrap(names),
  );
}

/**
 * What `cdk diff`, the CDK's context look-ups and a plan read.
 *
 * The denials repeat nothing that is allowed here: they hold against what others attach to the role, or allow it in the
 * policy of a bucket or a secret.
 */
function lookup(names: BackendNames): Document {
  const { partition, region, account, project } = names;
  return policyDocument(
    names,
    {
      Sid: 'ReadStacks',
      Effect: 'Allow',
      Action: ['cloudformation:Describe*', 'cloudformation:Get*', 'cloudformation:List*'],
      Resource: `arn:${partition}:cloudformation:${region}:${account}:stack/*`,
    },
    {
      Sid: 'LookUp',
      Effect: 'Allow',
      Action: [
        'cloudformation:ListStacks',
        'ec2:DescribeAvailabilityZones',
        'ec2:DescribeImages',
        'ec2:DescribeRouteTables',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcEndpointServices',
        'ec2:DescribeVpcs',
        'ec2:DescribeVpnGateways',
        'elasticloadbalancing:DescribeListeners',
        'elasticloadbalancing:DescribeLoadBalancers',
        'elasticloadbalancing:DescribeTags',
        'kms:DescribeKey',
        'kms:ListAliases',
        'route53:GetHostedZone',
        'route53:ListHostedZonesByName',
      ],
      Resource: '*',
    },
    {
      Sid: 'ReadParameters',
      Effect: 'Allow',
      Action: ['ssm:GetParameter', 'ssm:GetParameters'],
      Resource: [
        names.parameterArn(names.cdkVersionParameter),
        names.parameterArn(`/${project}/*`),
        // Of AWS: images and regions.
        `arn:${partition}:ssm:${region}::parameter/aws/service/*`,
      ],
    },
    {
      Sid: 'NoData',
      Effect: 'Deny',
      Action: [
        'dynamodb:BatchGetItem',
        'dynamodb:GetItem',
        'dynamodb:GetRecords',
        'dynamodb:PartiQLSelect',
        'dynamodb:Query',
        'dynamodb:Scan',
        'kms:Decrypt',
        's3:GetObject*',
        'secretsmanager:BatchGetSecretValue',
        'secretsmanager:GetSecretValue',
      ],
      Resource: '*',
    },
    {
      Sid: 'NoTrustPolicies',
      Effect: 'Deny',
      Action: ['iam:GetAccountAuthorizationDetails', 'iam:GetRole', 'iam:ListRoles', ...TELLS_THE_EXTERNAL_ID],
      Resource: '*',
    },
    notTheBootstrap(names),
  );
}
