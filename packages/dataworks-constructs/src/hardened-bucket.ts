import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockedEncryptionType,
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  CfnBucket,
  ObjectOwnership,
  PartitionDateSource,
  TargetObjectKeyFormat,
  TransitionDefaultMinimumObjectSize,
  type IBucket,
} from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import { lifecycleRules, type StorageTransition } from './lifecycle';
import { acknowledgeDecisions } from './private/acknowledgements';
import { refuse, type Problem } from './private/errors';
import { Versioning } from './versioning';

/** How the objects of a bucket are encrypted at rest. */
export class ObjectEncryption {
  /**
   * By a customer managed KMS key, with a bucket key: one KMS request per bucket and hour or so
   * instead of one per object.
   *
   * @param key in the bucket's region
   */
  public static withKey(key: IKey): ObjectEncryption {
    return new ObjectEncryption(key);
  }

  /**
   * By S3's own keys (SSE-S3, AES-256): whoever may read the object may read it decrypted.
   *
   * @param reason why no key of ours can be used
   */
  public static s3Managed(reason: string): ObjectEncryption {
    return new ObjectEncryption(undefined, reason);
  }

  private constructor(
    /** The key; undefined with SSE-S3. */
    public readonly key?: IKey,
    /** Why SSE-S3. */
    public readonly reason?: string,
  ) {}
}

/** What all DataWorks buckets leave to choose. */
export interface BucketOptions {
  /**
   * Name of the bucket. A fixed name is global and makes a replacement impossible while the old bucket exists.
   *
   * @default - CloudFormation makes one
   */
  readonly bucketName?: string;

  /**
   * Whether earlier versions are kept, and for how long.
   *
   * @default Versioning.expiringAfter(Duration.days(30))
   */
  readonly versioning?: Versioning;

  /**
   * Moves of current objects to cheaper storage. Objects under 128 KB stay where they are: moving them would cost more than it saves.
   *
   * @default - none
   */
  readonly transitions?: StorageTransition[];

  /**
   * Age at which current objects are deleted, in whole days. Irreversible in a bucket that is not versioned.
   *
   * @default - objects are never deleted
   */
  readonly retention?: Duration;

  /**
   * What becomes of the bucket when the stack no longer contains it. `DESTROY` only ever removes an empty bucket: objects are not deleted.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE - kept, except when its first deployment fails
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** Properties of a `HardenedBucket`. */
export interface HardenedBucketProps extends BucketOptions {
  /** Encryption at rest. */
  readonly encryption: ObjectEncryption;

  /**
   * Where S3 writes the bucket's access log, partitioned by event date. Same account and region: S3 allows no other.
   *
   * @default - no access log
   */
  readonly accessLogsBucket?: IBucket;

  /**
   * Prefix of the log's keys.
   *
   * @default - none
   */
  readonly accessLogsPrefix?: string;

  /**
   * Send object events to the account's default EventBridge bus. Free; rules that match are billed.
   *
   * @default false
   */
  readonly events?: boolean;
}

/**
 * The base of every bucket of ours: what is insecure cannot be chosen.
 *
 * Public access blocked, ACLs off, TLS 1.2 or newer, encryption at rest, SSE-C blocked, incomplete
 * uploads removed after 7 days, kept when its stack goes.
 */
export class HardenedBucket extends Construct {
  /** The bucket, for grants, events and whatever takes an `IBucket`. */
  public readonly bucket: Bucket;

  public constructor(scope: Construct, id: string, props: HardenedBucketProps) {
    super(scope, id);
    // With ACLs off, logs are delivered by bucket policy; without this flag CDK would ask for an ACL.
    this.node.setContext(S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY, true);

    const versioning = props.versioning ?? Versioning.expiringAfter(Duration.days(30));
    refuse(this, [
      ...wholeDays('DW1011', 'versioning', versioning.noncurrentExpiration),
      ...wholeDays('DW1012', 'retention', props.retention),
      ...(props.transitions ?? []).flatMap(({ after }) => wholeDays('DW1013', 'transitions', after, 0)),
    ]);

    const { key } = props.encryption;
    this.bucket = new Bucket(this, 'Resource', {
      bucketName: props.bucketName,
      encryption: key ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
      encryptionKey: key,
      bucketKeyEnabled: key ? true : undefined,
      blockedEncryptionTypes: [BlockedEncryptionType.SSE_C],
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      publicReadAccess: false,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: versioning.enabled,
      lifecycleRules: lifecycleRules({ versioning, transitions: props.transitions ?? [], retention: props.retention }),
      transitionDefaultMinimumObjectSize: TransitionDefaultMinimumObjectSize.ALL_STORAGE_CLASSES_128_K,
      serverAccessLogsBucket: props.accessLogsBucket,
      serverAccessLogsPrefix: props.accessLogsPrefix,
      targetObjectKeyFormat: props.accessLogsBucket && TargetObjectKeyFormat.partitionedPrefix(PartitionDateSource.EVENT_TIME),
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });

    acknowledgeDecisions(this.bucket, props.encryption, versioning);

    if (props.events) {
      // The bucket's own property: the L2's `eventBridgeEnabled` deploys a Lambda function to set it.
      const resource = this.bucket.node.defaultChild as CfnBucket;
      resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    }
  }
}

function wholeDays(code: string, prop: string, value: Duration | undefined, min = 1): Problem[] {
  if (!value) return [];
  const days = value.toDays({ integral: false });
  if (Number.isInteger(days) && days >= min) return [];
  return [
    {
      code,
      what: `S3 counts ${prop} in days.`,
      received: value.toHumanString(),
      allowed: `whole days, at least ${min}`,
      fix: 'pass Duration.days(…)',
    },
  ];
}
