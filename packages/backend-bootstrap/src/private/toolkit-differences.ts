/** A part of the stock bootstrap template that ours leaves out, or has otherwise. */
export interface Difference {
  /** Where: a logical id of the stock template, or the name of an output, a parameter, … */
  readonly where: string;
  /** What is missing: actions, names; or the part as a whole. */
  readonly without: readonly string[];
  readonly instead: string;
  readonly reason: string;
}

/**
 * How this bootstrap differs from that of the CDK, by what the stock template has. A test holds it against the template
 * of the CDK's command line: what is neither here nor in ours fails it.
 */
export const DIFFERENCES = {
  actions: [
    {
      where: 'DeploymentActionRole',
      without: ['cloudformation:CreateStack', 'cloudformation:UpdateStack'],
      instead: 'change sets alone',
      reason: 'What is deployed was shown by a change set, which is what was approved',
    },
    {
      where: 'DeploymentActionRole',
      without: ['cloudformation:CreateStackRefactor', 'cloudformation:ExecuteStackRefactor'],
      instead: 'nothing',
      reason: 'A refactoring moves resources between stacks, and no change set shows it',
    },
    {
      where: 'DeploymentActionRole',
      without: ['s3:Abort*', 's3:DeleteObject*', 's3:PutObject*'],
      instead: 'reading the staging bucket',
      reason: 'For pipelines of the CDK across accounts: the role could write every bucket of other accounts that lets this account in',
    },
    {
      where: 'DeploymentActionRole',
      without: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      instead: 'nothing',
      reason: 'The same, and the staging bucket has no key: the role could use every key of the account through S3',
    },
    {
      where: 'DeploymentActionRole',
      without: ['sts:GetCallerIdentity'],
      instead: 'nothing',
      reason: 'AWS allows it to everybody',
    },
    {
      where: 'FilePublishingRole',
      without: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      instead: 'nothing',
      reason: 'The staging bucket has no key',
    },
  ],
  managedPolicies: [
    {
      where: 'LookupRole',
      without: ['ReadOnlyAccess'],
      instead: 'what `cdk diff`, context look-ups and a plan read',
      reason: 'It reads all data of the account, the state bucket included, and any branch can become the role',
    },
    {
      where: 'DeploymentActionRole',
      without: ['AWSCloudFormationReadOnlyAccess'],
      instead: 'the same actions, in its own policy',
      reason: 'AWS changes its policies; this one stays what was reviewed',
    },
    {
      where: 'CloudFormationExecutionRole',
      without: ['AdministratorAccess'],
      instead: 'the execution policy and the boundary',
      reason: 'A template could do anything to the account',
    },
  ],
  trust: [
    {
      where: 'FilePublishingRole, ImagePublishingRole, DeploymentActionRole, LookupRole',
      without: ['the whole account', 'trusted accounts'],
      instead: 'the deployer role; the plan role too for looking up',
      reason: 'Every principal of the account that may call `sts:AssumeRole` could deploy',
    },
  ],
  resources: [
    {
      where: 'FileAssetsBucketEncryptionKey',
      without: ['FileAssetsBucketEncryptionKey', 'FileAssetsBucketEncryptionKeyAlias'],
      instead: 'SSE-S3',
      reason: 'Assets are templates and code; the key would admit everybody who comes through S3 anyway, for 1 USD a month',
    },
    {
      where: 'CdkBoostrapPermissionsBoundaryPolicy',
      without: ['CdkBoostrapPermissionsBoundaryPolicy'],
      instead: 'the boundary of the backend stack',
      reason: 'An example',
    },
    {
      where: 'default policies of the publishing roles',
      without: ['FilePublishingRoleDefaultPolicy', 'ImagePublishingRoleDefaultPolicy'],
      instead: 'policies within the roles',
      reason: 'No other role can take them',
    },
    {
      where: 'repository policy',
      without: ['EmrServerlessImageRetrievalPolicy'],
      instead: 'Lambda alone may fetch images',
      reason: 'Deployments make no application of EMR Serverless',
    },
  ],
  outputs: [
    {
      where: 'FileAssetKeyArn',
      without: ['FileAssetKeyArn'],
      instead: 'no output, no export',
      reason: 'There is no key; deprecated, and not used by apps since CDK 1.60',
    },
  ],
  parameters: [
    {
      where: 'parameters',
      without: [
        ...['ApplyPermissionsBoundaryToAllRoles', 'CloudFormationExecutionPolicies', 'ContainerAssetsRepositoryName', 'DenyExternalId'],
        ...['FileAssetsBucketKmsKeyId', 'FileAssetsBucketName', 'InputPermissionsBoundary', 'PublicAccessBlockConfiguration', 'Qualifier'],
        ...['TrustedAccounts', 'TrustedAccountsForLookup', 'UseExamplePermissionsBoundary'],
      ],
      instead: '`BootstrapVariant` alone, with a value of ours',
      reason: 'A parameter could be changed without a review; by the variant, `cdk bootstrap` refuses to replace this stack by its own',
    },
  ],
} as const satisfies Record<string, readonly Difference[]>;
