import { ownIdentities } from './own-identities';
import { policyDocument, type Document } from './policy-document';
import type { BackendNames } from '../backend-names';

/**
 * Everything that gives a principal more than it has, or somebody else what it has: the boundary has to be on it already, or to
 * come with it. Else an administrator's role that happens to be named like a stack could be re-trusted, and assumed.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
const NEEDS_BOUNDARY = [
  'iam:AttachRolePolicy',
  'iam:CreateRole',
  'iam:PutRolePermissionsBoundary',
  'iam:PutRolePolicy',
  'iam:UpdateAssumeRolePolicy',
];

/** The ways to stop a trail, or what CloudTrail Lake keeps. */
export const ENDS_THE_TRAIL = [
  'cloudtrail:DeleteEventDataStore',
  'cloudtrail:DeleteTrail',
  'cloudtrail:StopEventDataStoreIngestion',
  'cloudtrail:StopLogging',
];

/** Leaving out events, or sending them elsewhere, is as good as stopping; but whoever creates a trail makes these calls as well. */
export const SHAPES_THE_TRAIL = ['cloudtrail:PutEventSelectors', 'cloudtrail:PutInsightSelectors', 'cloudtrail:UpdateTrail'];

/**
 * What deploys by the execution role that is stored with a stack, whoever calls it.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
 */
export const DEPLOYS_BY_STORED_ROLE = [
  'cloudformation:ContinueUpdateRollback',
  'cloudformation:CreateChangeSet',
  'cloudformation:DeleteStack',
  'cloudformation:ExecuteChangeSet',
  'cloudformation:ExecuteStackRefactor',
  'cloudformation:RollbackStack',
  'cloudformation:UpdateStack',
];

/** A stack set has a role stored with it as well, which assumes an administrator of each account. */
const DEPLOYS_BY_STACK_SET = ['cloudformation:*StackInstances', 'cloudformation:*StackSet'];

/**
 * Where the trust policy of a role can be read, and with it the external id, beside IAM itself: CloudTrail has the
 * calls that carried it, Config and Security Hub copy the role.
 */
export const TELLS_THE_EXTERNAL_ID = [
  'cloudtrail:LookupEvents',
  'cloudtrail:StartQuery',
  'config:*ResourceConfig*',
  'securityhub:GetFindings*',
];

/** What is decided for the account as a whole, and could take from under us what everything here stands on. */
const OF_THE_ACCOUNT = ['account:*', 'organizations:LeaveOrganization', 'rolesanywhere:*', 's3:PutAccountPublicAccessBlock'];

/** Deployments use these parts of the bootstrap: the code of a function lies there. */
const READING = [
  'ecr:BatchCheck*',
  'ecr:BatchGet*',
  'ecr:Describe*',
  'ecr:Get*',
  'ecr:List*',
  's3:Get*',
  's3:List*',
  'ssm:Get*',
  'ssm:List*',
];

/** @param applications beginnings of the names of further stacks whose roles may be made and used */
export function boundaryDocument(names: BackendNames, applications: readonly string[] = []): Document {
  const { partition, region, account } = names;
  const own = ownIdentities(names, applications);
  const stackArn = (stack: string): string => `arn:${partition}:cloudformation:${region}:${account}:stack/${stack}/*`;
  const stagingBucket = `arn:${partition}:s3:::${names.cdkStagingBucket}`;
  return policyDocument(
    names,
    // A boundary grants nothing: what it does not allow, no identity policy can. What deployments may do, the execution
    // policy says, and what a workload may do, its own; here stands only what none of them may ever.
    { Sid: 'AllElse', Effect: 'Allow', Action: '*', Resource: '*' },
    // Closed, since IAM grows: users, access keys, providers, ListRoles and whatever comes next are none of the names listed.
    {
      Sid: 'OnlyOwnIdentities',
      Effect: 'Deny',
      Action: 'iam:*',
      NotResource: [
        ...own.roles,
        ...own.policies,
        ...own.instanceProfiles,
        // AWS alone decides what is in such a role.
        `arn:${partition}:iam::${account}:role/aws-service-role/*`,
      ],
    },
    // An administrator's role that trusts the account would be a way out from under the boundary. Other accounts decide for themselves.
    {
      Sid: 'OnlyOwnRoles',
      Effect: 'Deny',
      Action: 'sts:AssumeRole',
      NotResource: own.roles,
      Condition: { StringEquals: { 'aws:ResourceAccount': account } },
    },
    {
      Sid: 'OnlyWithBoundary',
      Effect: 'Deny',
      Action: NEEDS_BOUNDARY,
      Resource: '*',
      Condition: { StringNotEquals: { 'iam:PermissionsBoundary': names.policyArn(names.boundary) } },
    },
    { Sid: 'KeepBoundary', Effect: 'Deny', Action: 'iam:DeleteRolePermissionsBoundary', Resource: '*' },
    // The pipeline's roles bear names that deployments could give as well. `*`: also what services do with a bucket, a table or a stack.
    {
      Sid: 'HandsOffTheBootstrap',
      Effect: 'Deny',
      Action: '*',
      Resource: [
        ...[names.planRole, names.applyRole, names.deployerRole, `cdk-${names.qualifier}-*`].map((role) => names.roleArn(role)),
        ...[names.boundary, names.executionPolicy].map((policy) => names.policyArn(policy)),
        names.stateBucketArn,
        names.stateObjectArn('*'),
        names.stateTableArn,
        `${names.stateTableArn}/*`,
        stackArn(names.backendStack),
        stackArn(names.toolkitStack),
      ],
    },
    {
      Sid: 'OnlyReadTheBootstrap',
      Effect: 'Deny',
      NotAction: READING,
      Resource: [
        stagingBucket,
        `${stagingBucket}/*`,
        `arn:${partition}:ecr:${region}:${account}:repository/${names.cdkRepository}`,
        names.parameterArn(names.cdkVersionParameter),
        names.parameterArn(`/${names.project}/${names.environment}/backend/*`),
      ],
    },
    { Sid: 'KeepTheTrail', Effect: 'Deny', Action: ENDS_THE_TRAIL, Resource: '*' },
    // A workload deploys nothing: it would be a way round plan and approval.
    {
      Sid: 'OnlyCloudFormation',
      Effect: 'Deny',
      Action: [...SHAPES_THE_TRAIL, ...DEPLOYS_BY_STORED_ROLE, ...DEPLOYS_BY_STACK_SET],
      Resource: '*',
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': names.roleArn(names.cdkExecutionRole) } },
    },
    { Sid: 'NeitherSecretsNorAccount', Effect: 'Deny', Action: [...TELLS_THE_EXTERNAL_ID, ...OF_THE_ACCOUNT], Resource: '*' },
  );
}
