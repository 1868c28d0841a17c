import { ownIdentities } from './own-identities';
import { policyDocument, type Document } from './policy-document';
import type { BackendNames } from '../backend-names';
import type { ServiceFamily } from '../execution-policy';

/** Those that IAM judges by the boundary of the role, or of the role to be. */
const BY_BOUNDARY = [
  'iam:AttachRolePolicy',
  'iam:CreateRole',
  'iam:DeleteRolePolicy',
  'iam:DetachRolePolicy',
  'iam:PutRolePermissionsBoundary',
  'iam:PutRolePolicy',
  'iam:UpdateAssumeRolePolicy',
];

/** The rest of what CloudFormation does with roles, policies and instance profiles: IAM judges these by name alone. */
const BY_NAME = [
  'iam:*InstanceProfile*',
  'iam:CreatePolicy*',
  'iam:DeletePolicy*',
  'iam:DeleteRole',
  'iam:Get*',
  'iam:List*',
  'iam:SetDefaultPolicyVersion',
  'iam:Tag*',
  'iam:Untag*',
  'iam:UpdateRole*',
];

/** @param applications beginnings of the names of further stacks whose roles may be made and used */
export function executionDocument(names: BackendNames, families: readonly ServiceFamily[], applications: readonly string[] = []): Document {
  const { partition, region, account } = names;
  const own = ownIdentities(names, applications);
  const all = (list: (family: ServiceFamily) => readonly string[] | undefined): string[] => [
    ...new Set(families.flatMap((family) => list(family) ?? [])),
  ];
  return policyDocument(
    names,
    {
      Sid: 'Services',
      Effect: 'Allow',
      Action: all(({ actions }) => actions),
      Resource: '*',
      // IAM, which is global, has statements of its own.
      Condition: { StringEquals: { 'aws:RequestedRegion': region } },
    },
    {
      Sid: 'KeysThroughServices',
      Effect: 'Allow',
      Action: ['kms:CreateGrant', 'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      Resource: '*',
      // Not through S3: what lies there is the lake's data. And never by a call of its own, which names no service.
      Condition: { Null: { 'kms:ViaService': 'false' }, StringNotLike: { 'kms:ViaService': 's3.*' } },
    },
    {
      Sid: 'Assets',
      Effect: 'Allow',
      Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:GetRepositoryPolicy', 's3:GetObject'],
      Resource: [
        `arn:${partition}:ecr:${region}:${account}:repository/${names.cdkRepository}`,
        `arn:${partition}:s3:::${names.cdkStagingBucket}/*`,
      ],
    },
    {
      Sid: 'RolesWithBoundary',
      Effect: 'Allow',
      Action: BY_BOUNDARY,
      Resource: own.roles,
      Condition: { StringEquals: { 'iam:PermissionsBoundary': names.policyArn(names.boundary) } },
    },
    {
      Sid: 'RolesAndPolicies',
      Effect: 'Allow',
      Action: BY_NAME,
      Resource: [...own.roles, ...own.policies, ...own.instanceProfiles],
    },
    {
      Sid: 'PassRoles',
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: own.roles,
      Condition: { StringEquals: { 'iam:PassedToService': all(({ passedTo }) => passedTo) } },
    },
    {
      Sid: 'ServiceLinkedRoles',
      Effect: 'Allow',
      Action: 'iam:CreateServiceLinkedRole',
      Resource: `arn:${partition}:iam::${account}:role/aws-service-role/*`,
      Condition: { StringEquals: { 'iam:AWSServiceName': all(({ serviceLinkedRoles }) => serviceLinkedRoles) } },
    },
    {
      Sid: 'NotThePipeline',
      Effect: 'Deny',
      Action: 'iam:*',
      Resource: [names.planRole, names.applyRole, names.deployerRole, `cdk-${names.qualifier}-*`].map((role) => names.roleArn(role)),
    },
  );
}
