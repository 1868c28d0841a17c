import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketReplicationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  ListBucketIntelligentTieringConfigurationsCommand,
  paginateListBuckets,
  type GetBucketLifecycleConfigurationCommandOutput,
  type IntelligentTieringConfiguration,
  type LifecycleRule,
  type ObjectLockConfiguration,
  type ReplicationRule,
  type S3Client,
  type ServerSideEncryptionRule,
  type TargetObjectKeyFormat,
} from '@aws-sdk/client-s3';
import { given, type Json, type JsonObject } from '../json';
import { ifAny, type Reader } from './reader';
import { ownTags } from './tags';

/** Every property of a bucket that a template of ours may set, each by its own call of the S3 API. */
export function s3BucketReader(s3: S3Client): Reader {
  return {
    async read({ physicalId: Bucket, properties }) {
      const [encryption, lifecycle, lock, logging, notification, ownership, publicAccess, replication, tags, tiering, versioning] =
        await Promise.all([
          ifAny(s3.send(new GetBucketEncryptionCommand({ Bucket })), 'ServerSideEncryptionConfigurationNotFoundError'),
          ifAny(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })), 'NoSuchLifecycleConfiguration'),
          ifAny(s3.send(new GetObjectLockConfigurationCommand({ Bucket })), 'ObjectLockConfigurationNotFoundError'),
          s3.send(new GetBucketLoggingCommand({ Bucket })),
          s3.send(new GetBucketNotificationConfigurationCommand({ Bucket })),
          ifAny(s3.send(new GetBucketOwnershipControlsCommand({ Bucket })), 'OwnershipControlsNotFoundError'),
          ifAny(s3.send(new GetPublicAccessBlockCommand({ Bucket })), 'NoSuchPublicAccessBlockConfiguration'),
          ifAny(s3.send(new GetBucketReplicationCommand({ Bucket })), 'ReplicationConfigurationNotFoundError'),
          ifAny(s3.send(new GetBucketTaggingCommand({ Bucket })), 'NoSuchTagSet'),
          s3.send(new ListBucketIntelligentTieringConfigurationsCommand({ Bucket })),
          s3.send(new GetBucketVersioningCommand({ Bucket })),
        ]);
      const log = logging.LoggingEnabled;
      const tiers = tiering.IntelligentTieringConfigurationList ?? [];
      return given({
        ...(await claimedName(s3, Bucket, properties)),
        BucketEncryption: encryption && {
          ServerSideEncryptionConfiguration: (encryption.ServerSideEncryptionConfiguration?.Rules ?? []).map(encryptionRule),
        },
        IntelligentTieringConfigurations: tiers.length > 0 ? tiers.map(tieringConfiguration) : undefined,
        LifecycleConfiguration: lifecycle && lifecycleConfiguration(lifecycle),
        LoggingConfiguration:
          log &&
          given({
            DestinationBucketName: log.TargetBucket,
            LogFilePrefix: log.TargetPrefix === '' ? undefined : log.TargetPrefix,
            TargetObjectKeyFormat: log.TargetObjectKeyFormat && keyFormat(log.TargetObjectKeyFormat),
          }),
        NotificationConfiguration: notification.EventBridgeConfiguration && { EventBridgeConfiguration: { EventBridgeEnabled: true } },
        ...(lock?.ObjectLockConfiguration && objectLock(lock.ObjectLockConfiguration)),
        OwnershipControls: ownership && {
          Rules: (ownership.OwnershipControls?.Rules ?? []).map(({ ObjectOwnership }) => given({ ObjectOwnership })),
        },
        PublicAccessBlockConfiguration:
          publicAccess?.PublicAccessBlockConfiguration && given({ ...publicAccess.PublicAccessBlockConfiguration }),
        ReplicationConfiguration:
          replication?.ReplicationConfiguration &&
          given({
            Role: replication.ReplicationConfiguration.Role,
            Rules: (replication.ReplicationConfiguration.Rules ?? []).map(replicationRule),
          }),
        Tags: ownTags(tags?.TagSet),
        VersioningConfiguration: versioning.Status && { Status: versioning.Status },
      });
    },
  };
}

function encryptionRule({
  ApplyServerSideEncryptionByDefault: byDefault,
  BucketKeyEnabled,
  BlockedEncryptionTypes: blocked,
}: ServerSideEncryptionRule): JsonObject {
  return given({
    ServerSideEncryptionByDefault: byDefault && given({ ...byDefault }),
    BucketKeyEnabled: BucketKeyEnabled === true ? true : undefined,
    BlockedEncryptionTypes: blocked && given({ EncryptionType: blocked.EncryptionType }),
  });
}

function keyFormat({ PartitionedPrefix, SimplePrefix }: TargetObjectKeyFormat): JsonObject {
  return given({
    PartitionedPrefix: PartitionedPrefix && given({ ...PartitionedPrefix }),
    SimplePrefix: SimplePrefix && {},
  });
}

function lifecycleConfiguration({
  Rules = [],
  TransitionDefaultMinimumObjectSize,
}: GetBucketLifecycleConfigurationCommandOutput): JsonObject {
  return given({ Rules: Rules.map(lifecycleRule), TransitionDefaultMinimumObjectSize });
}

function lifecycleRule(rule: LifecycleRule): Json {
  const noncurrent = rule.NoncurrentVersionExpiration;
  return given({
    Id: rule.ID,
    Status: rule.Status,
    Prefix: rule.Filter?.Prefix === '' ? undefined : rule.Filter?.Prefix,
    AbortIncompleteMultipartUpload: rule.AbortIncompleteMultipartUpload && given({ ...rule.AbortIncompleteMultipartUpload }),
    ExpirationInDays: rule.Expiration?.Days,
    ExpiredObjectDeleteMarker: rule.Expiration?.ExpiredObjectDeleteMarker === true ? true : undefined,
    NoncurrentVersionExpiration: noncurrent && given({ ...noncurrent }),
    NoncurrentVersionTransitions: rule.NoncurrentVersionTransitions?.map(({ NoncurrentDays, NewerNoncurrentVersions, StorageClass }) =>
      given({ TransitionInDays: NoncurrentDays, NewerNoncurrentVersions, StorageClass }),
    ),
    Transitions: rule.Transitions?.map(({ Days, StorageClass }) => given({ StorageClass, TransitionInDays: Days })),
  });
}

/** The name as S3 lists it, when the template claims one: a name that CloudFormation made is nobody's claim. */
async function claimedName(s3: S3Client, bucket: string, properties: JsonObject): Promise<JsonObject> {
  if (!('BucketName' in properties || 'BucketNamePrefix' in properties)) return {};
  let name: string | undefined;
  for await (const { Buckets = [] } of paginateListBuckets({ client: s3 }, { Prefix: bucket })) {
    name ??= Buckets.find(({ Name }) => Name === bucket)?.Name;
  }
  return given({ BucketName: 'BucketName' in properties ? name : undefined, ...accountRegionalName(name, properties) });
}

/** `<prefix>-<account>-<region>-an`: no call answers the parts, but the name is made of them. */
function accountRegionalName(name: string | undefined, properties: JsonObject): JsonObject {
  if (!('BucketNamePrefix' in properties)) return {};
  const found = /^(.+)-\d{12}-[a-z]{2}(?:-[a-z]+)+-\d-an$/.exec(name ?? '')?.[1];
  return given({ BucketNamePrefix: found, BucketNamespace: found === undefined ? undefined : 'account-regional' });
}

function objectLock({ ObjectLockEnabled, Rule }: ObjectLockConfiguration): JsonObject {
  const retention = Rule?.DefaultRetention;
  return {
    ObjectLockEnabled: ObjectLockEnabled === 'Enabled',
    ObjectLockConfiguration: given({
      ObjectLockEnabled,
      Rule: retention && { DefaultRetention: given({ Mode: retention.Mode, Days: retention.Days, Years: retention.Years }) },
    }),
  };
}

function replicationRule({
  ID,
  Status,
  Priority,
  Filter,
  Destination,
  DeleteMarkerReplication,
  SourceSelectionCriteria: criteria,
}: ReplicationRule): Json {
  return given({
    Id: ID,
    Status,
    Priority,
    Filter: Filter && given({ Prefix: Filter.Prefix }),
    Destination:
      Destination &&
      given({
        Bucket: Destination.Bucket,
        StorageClass: Destination.StorageClass,
        EncryptionConfiguration: Destination.EncryptionConfiguration && given({ ...Destination.EncryptionConfiguration }),
      }),
    DeleteMarkerReplication: DeleteMarkerReplication && given({ ...DeleteMarkerReplication }),
    SourceSelectionCriteria:
      criteria &&
      given({
        ReplicaModifications: criteria.ReplicaModifications && given({ ...criteria.ReplicaModifications }),
        SseKmsEncryptedObjects: criteria.SseKmsEncryptedObjects && given({ ...criteria.SseKmsEncryptedObjects }),
      }),
  });
}

function tieringConfiguration({ Id, Status, Tierings }: IntelligentTieringConfiguration): Json {
  return given({ Id, Status, Tierings: Tierings?.map(({ AccessTier, Days }) => given({ AccessTier, Days })) });
}
