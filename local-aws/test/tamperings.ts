/** Changes that somebody makes behind the back of a stack, by the API of each service: what a read-back has to find. */
import {
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { EnableKeyRotationCommand, GetKeyPolicyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetBucketTaggingCommand,
  PutBucketEncryptionCommand,
  PutBucketIntelligentTieringConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketReplicationCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AddTagsToResourceCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

export interface Tampering {
  readonly what: string;
  /** Makes the change; `idOf` gives a physical id by the logical one without its hash. */
  readonly change: (idOf: (resource: string) => string) => Promise<unknown>;
  /** The one value that differs then. */
  readonly found: Found;
}

/** Logical id without its hash, path, and what is there; undefined: nothing. */
export type Found = readonly [resource: string, path: string, actual: string | undefined];

/** The clients are made by the first change: only then do the environment variables say whom to ask. */
const s3 = (): S3Client => new S3Client({ forcePathStyle: true });
const kms = (): KMSClient => new KMSClient();
const iam = (): IAMClient => new IAMClient();
const ssm = (): SSMClient => new SSMClient();

export const TAMPERINGS: readonly Tampering[] = [
  {
    what: 'a replication rule that is switched off',
    async change(idOf) {
      const Bucket = idOf('Lakecurated');
      const { ReplicationConfiguration } = await s3().send(new GetBucketReplicationCommand({ Bucket }));
      const { Role, Rules } = ReplicationConfiguration!;
      const disabled = Rules!.map((rule) => ({ ...rule, Status: 'Disabled' as const }));
      await s3().send(new PutBucketReplicationCommand({ Bucket, ReplicationConfiguration: { Role, Rules: disabled } }));
    },
    found: ['Lakecurated', 'ReplicationConfiguration.Rules.replicate-everything.Status', 'Disabled'],
  },
  {
    what: 'an archive tier that is reached later',
    async change(idOf) {
      const Tierings = [
        { AccessTier: 'ARCHIVE_ACCESS' as const, Days: 91 },
        { AccessTier: 'DEEP_ARCHIVE_ACCESS' as const, Days: 180 },
      ];
      const IntelligentTieringConfiguration = { Id: 'archive-tiers', Status: 'Enabled' as const, Tierings };
      const where = { Bucket: idOf('Lakecurated'), Id: 'archive-tiers' };
      await s3().send(new PutBucketIntelligentTieringConfigurationCommand({ ...where, IntelligentTieringConfiguration }));
    },
    found: ['Lakecurated', 'IntelligentTieringConfigurations.archive-tiers.Tierings.0.Days', '91'],
  },
  {
    what: "an object lock's default retention that is shorter",
    async change(idOf) {
      const Rule = { DefaultRetention: { Mode: 'GOVERNANCE' as const, Days: 1 } };
      const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled' as const, Rule };
      await s3().send(new PutObjectLockConfigurationCommand({ Bucket: idOf('Lakelanding'), ObjectLockConfiguration }));
    },
    found: ['Lakelanding', 'ObjectLockConfiguration.Rule.DefaultRetention.Days', '1'],
  },
  {
    what: 'a lifecycle rule that expires earlier',
    async change(idOf) {
      const Bucket = idOf('Lakestructured');
      const { Rules = [], TransitionDefaultMinimumObjectSize } = await s3().send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
      const earlier = Rules.map((rule) => (rule.ID === 'expire-objects' ? { ...rule, Expiration: { Days: 366 } } : rule));
      await s3().send(
        new PutBucketLifecycleConfigurationCommand({
          Bucket,
          LifecycleConfiguration: { Rules: earlier },
          TransitionDefaultMinimumObjectSize,
        }),
      );
    },
    found: ['Lakestructured', 'LifecycleConfiguration.Rules.expire-objects.ExpirationInDays', '366'],
  },
  {
    what: 'a bucket without its bucket key',
    async change(idOf) {
      const Bucket = idOf('Smallquarantine');
      const { ServerSideEncryptionConfiguration } = await s3().send(new GetBucketEncryptionCommand({ Bucket }));
      const Rules = ServerSideEncryptionConfiguration!.Rules!.map((rule) => ({ ...rule, BucketKeyEnabled: false }));
      await s3().send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
    },
    found: ['Smallquarantine', 'BucketEncryption.ServerSideEncryptionConfiguration.0.BucketKeyEnabled', undefined],
  },
  {
    what: 'access logs that go to another prefix',
    async change(idOf) {
      const Bucket = idOf('Lakeraw');
      const { LoggingEnabled } = await s3().send(new GetBucketLoggingCommand({ Bucket }));
      const BucketLoggingStatus = { LoggingEnabled: { ...LoggingEnabled!, TargetPrefix: 'elsewhere/' } };
      await s3().send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus }));
    },
    found: ['Lakeraw', 'LoggingConfiguration.LogFilePrefix', 'elsewhere/'],
  },
  {
    what: 'a bucket that sends no events any more',
    change: (idOf) => s3().send(new PutBucketNotificationConfigurationCommand({ Bucket: idOf('Alone'), NotificationConfiguration: {} })),
    found: ['Alone', 'NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled', undefined],
  },
  {
    what: 'a bucket that keeps no versions any more',
    change: (idOf) =>
      s3().send(new PutBucketVersioningCommand({ Bucket: idOf('Public'), VersioningConfiguration: { Status: 'Suspended' } })),
    found: ['Public', 'VersioningConfiguration.Status', 'Suspended'],
  },
  {
    what: 'a bucket that takes public policies',
    change(idOf) {
      const blocked = { BlockPublicAcls: true, BlockPublicPolicy: false, IgnorePublicAcls: true, RestrictPublicBuckets: true };
      const request = { Bucket: idOf('LakeAccessLogs'), PublicAccessBlockConfiguration: blocked };
      return s3().send(new PutPublicAccessBlockCommand(request));
    },
    found: ['LakeAccessLogs', 'PublicAccessBlockConfiguration.BlockPublicPolicy', 'false'],
  },
  {
    what: 'a bucket with a tag more',
    async change(idOf) {
      const Bucket = idOf('Laketempreload');
      const { TagSet = [] } = await s3().send(new GetBucketTaggingCommand({ Bucket }));
      await s3().send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [...TagSet, { Key: 'more', Value: 'x' }] } }));
    },
    found: ['Laketempreload', 'Tags.more', 'x'],
  },
  {
    what: "a bucket's policy that denies less",
    async change(idOf) {
      const Bucket = idOf('Lakedomain');
      const { Policy } = await s3().send(new GetBucketPolicyCommand({ Bucket }));
      await s3().send(new PutBucketPolicyCommand({ Bucket, Policy: withFirst(Policy!, { Action: 's3:DeleteBucket' }) }));
    },
    found: ['LakedomainPolicy', 'PolicyDocument.Statement.0.Action', 's3:DeleteBucket'],
  },
  {
    what: "a key's policy that denies what it allowed",
    async change(idOf) {
      const which = { KeyId: idOf('GuardedKey'), PolicyName: 'default' };
      const { Policy } = await kms().send(new GetKeyPolicyCommand(which));
      await kms().send(new PutKeyPolicyCommand({ ...which, Policy: withFirst(Policy!, { Effect: 'Deny' }) }));
    },
    found: ['GuardedKey', 'KeyPolicy.Statement.0.Effect', 'Deny'],
  },
  {
    what: 'a key that rotates at another time',
    change: (idOf) => kms().send(new EnableKeyRotationCommand({ KeyId: idOf('AdministeredKey'), RotationPeriodInDays: 2000 })),
    found: ['AdministeredKey', 'RotationPeriodInDays', '2000'],
  },
  {
    what: "a role's policy that denies what it allowed",
    async change(idOf) {
      const RoleName = idOf('Analyst');
      const { PolicyNames } = await iam().send(new ListRolePoliciesCommand({ RoleName }));
      const which = { RoleName, PolicyName: PolicyNames![0] };
      const { PolicyDocument } = await iam().send(new GetRolePolicyCommand(which));
      await iam().send(
        new PutRolePolicyCommand({ ...which, PolicyDocument: withFirst(decodeURIComponent(PolicyDocument!), { Effect: 'Deny' }) }),
      );
    },
    found: ['AnalystDefaultPolicy', 'PolicyDocument.Statement.0.Effect', 'Deny'],
  },
  {
    what: 'a role that another service may assume',
    change(idOf) {
      const Statement = [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' } }];
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
      return iam().send(new UpdateAssumeRolePolicyCommand({ RoleName: idOf('LakecuratedReplicationRole'), PolicyDocument }));
    },
    found: ['LakecuratedReplicationRole', 'AssumeRolePolicyDocument.Statement.0.Principal.Service', 'ec2.amazonaws.com'],
  },
  {
    what: 'a role with another tag',
    change: (idOf) =>
      iam().send(new TagRoleCommand({ RoleName: idOf('LakecuratedReplicationRole'), Tags: [{ Key: 'owner', Value: 'somebody' }] })),
    found: ['LakecuratedReplicationRole', 'Tags.owner', 'somebody'],
  },
  {
    what: 'a parameter with another value',
    change: (idOf) =>
      ssm().send(new PutParameterCommand({ Name: idOf('LakestructuredParametersbucketname'), Value: 'another', Overwrite: true })),
    found: ['LakestructuredParametersbucketname', 'Value', 'another'],
  },
  {
    what: 'a parameter with another tag',
    change(idOf) {
      const ResourceId = idOf('LakeParametersaccesslogsbucketname');
      return ssm().send(
        new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId, Tags: [{ Key: 'owner', Value: 'somebody' }] }),
      );
    },
    found: ['LakeParametersaccesslogsbucketname', 'Tags.owner', 'somebody'],
  },
];

/** A policy whose first statement is changed. */
function withFirst(policy: string, change: object): string {
  const { Statement, ...document } = JSON.parse(policy) as { Statement: object[] };
  const [first, ...rest] = Statement;
  return JSON.stringify({ ...document, Statement: [{ ...first, ...change }, ...rest] });
}
