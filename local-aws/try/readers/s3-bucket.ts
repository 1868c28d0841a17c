import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  type GetBucketLifecycleConfigurationCommandOutput,
  type LifecycleRule,
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
    async read({ physicalId: Bucket }) {
      const [encryption, lifecycle, logging, notification, ownership, publicAccess, tags, versioning] = await Promise.all([
        ifAny(s3.send(new GetBucketEncryptionCommand({ Bucket })), 'ServerSideEncryptionConfigurationNotFoundError'),
        ifAny(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })), 'NoSuchLifecycleConfiguration'),
        s3.send(new GetBucketLoggingCommand({ Bucket })),
        s3.send(new GetBucketNotificationConfigurationCommand({ Bucket })),
        ifAny(s3.send(new GetBucketOwnershipControlsCommand({ Bucket })), 'OwnershipControlsNotFoundError'),
        ifAny(s3.send(new GetPublicAccessBlockCommand({ Bucket })), 'NoSuchPublicAccessBlockConfiguration'),
        ifAny(s3.send(new GetBucketTaggingCommand({ Bucket })), 'NoSuchTagSet'),
        s3.send(new GetBucketVersioningCommand({ Bucket })),
      ]);
      const log = logging.LoggingEnabled;
      return given({
        BucketEncryption: encryption && {
          ServerSideEncryptionConfiguration: (encryption.ServerSideEncryptionConfiguration?.Rules ?? []).map(encryptionRule),
        },
        LifecycleConfiguration: lifecycle && lifecycleConfiguration(lifecycle),
        LoggingConfiguration:
          log &&
          given({
            DestinationBucketName: log.TargetBucket,
            LogFilePrefix: log.TargetPrefix === '' ? undefined : log.TargetPrefix,
            TargetObjectKeyFormat: log.TargetObjectKeyFormat && keyFormat(log.TargetObjectKeyFormat),
          }),
        NotificationConfiguration: notification.EventBridgeConfiguration && { EventBridgeConfiguration: { EventBridgeEnabled: true } },
        OwnershipControls: ownership && {
          Rules: (ownership.OwnershipControls?.Rules ?? []).map(({ ObjectOwnership }) => given({ ObjectOwnership })),
        },
        PublicAccessBlockConfiguration:
          publicAccess?.PublicAccessBlockConfiguration && given({ ...publicAccess.PublicAccessBlockConfiguration }),
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
