import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import {
  BlockedEncryptionType,
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  CfnBucket,
  ObjectOwnership,
  TransitionDefaultMinimumObjectSize,
  type IBucket,
  type ObjectLockRetention,
} from 'aws-cdk-lib/aws-s3';
import { RemovalPolicy, Stack, type Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { BucketName } from './bucket-name';
import { intend, intendDelivery } from './checks/intents';
import { checkBelow } from './checks/registration';
import { GrantableBucket } from './grantable-bucket';
import { archiveConfiguration, lifecycleChoices, lifecycleRules, type ArchiveTiers, type StorageTransition } from './lifecycle';
import type { ObjectEncryption } from './object-encryption';
import { acknowledge, DECISIONS } from './private/acknowledgements';
import { deliveryStatement, encryptionStatements, restrictionStatement } from './private/bucket-policy';
import { bucketProblems, logTargetProblems } from './private/bucket-problems';
import { refuse } from './private/errors';
import { executionRoleArn } from './private/execution-role';
import { grantObjects, type ObjectAccess } from './private/object-grants';
import { grantReplication, replicationProps } from './private/replication';
import type { Versioning } from './versioning';

/** A part of a bucket that only the named principals may touch. Where one lies within another, both have to allow them. */
export interface RestrictedPrefix {
  /** Beginning of the keys, with a `/` at its end. */
  readonly prefix: string;

  /**
   * ARNs of the roles and users who may read, write and delete objects there, if IAM allows it too. `*` and `?` match
   * as in `ArnLike`. Everybody else is denied, the service-linked roles of Macie, Config and the like included.
   *
   * Not denied are AWS services that act by themselves, and what anybody does through a service that acts for him, as
   * Athena does (`aws:ViaAWSService`): there IAM and key policy alone decide.
   */
  readonly principalArns: string[];
}

/** What all DataWorks buckets leave to choose. */
export interface BucketOptions {
  /**
   * How the bucket comes by its name.
   *
   * @default - CloudFormation makes one
   */
  readonly bucketName?: BucketName;

  /**
   * Whether earlier versions are kept, and for how long.
   *
   * @default Versioning.expiringAfter(Duration.days(30))
   */
  readonly versioning?: Versioning;

  /**
   * Moves of current objects to cheaper storage.
   *
   * @default - none
   */
  readonly transitions?: StorageTransition[];

  /**
   * Size below which objects do not move: moving a small object costs more than it saves.
   *
   * @default TransitionDefaultMinimumObjectSize.ALL_STORAGE_CLASSES_128_K
   */
  readonly transitionMinimumObjectSize?: TransitionDefaultMinimumObjectSize;

  /**
   * Archive tiers for objects in Intelligent-Tiering. Athena and Glue cannot read such objects until they are restored.
   *
   * @default - none
   */
  readonly archiveTiers?: ArchiveTiers;

  /**
   * Age at which current objects are deleted, in whole days. Irreversible in a bucket that is not versioned.
   *
   * @default - objects are never deleted
   */
  readonly retention?: Duration;

  /**
   * Lock every version against deletion for a time. In compliance mode nobody can shorten it, the root user included:
   * the bill for the locked versions is fixed with the deployment. Cannot be taken away from a bucket again.
   *
   * @default - no object lock
   */
  readonly objectLock?: ObjectLockRetention;

  /**
   * Prefixes that only the named principals may touch.
   *
   * @default - IAM policies alone decide
   */
  readonly restrictedPrefixes?: RestrictedPrefix[];

  /**
   * Copy every new object to another bucket of the same account, in this region or another (then with
   * `crossRegionReferences` in both stacks). Doubles the storage bill, and is billed per object; deletions are not copied.
   *
   * @default - no replication
   */
  readonly replicateTo?: HardenedBucket;

  /**
   * What becomes of the bucket and its policy when the stack no longer contains them. `DESTROY` only ever removes an empty bucket: objects are not deleted.
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
   * Send object events to the account's default EventBridge bus. EventBridge bills each, whether a rule matches or not.
   *
   * @default false
   */
  readonly events?: boolean;
}

/**
 * The base of every bucket of ours: what is insecure cannot be chosen.
 *
 * Public access blocked, ACLs off, TLS 1.2 or newer, encryption at rest, requests that ask for another encryption
 * denied, SSE-C blocked, incomplete uploads removed after 7 days, kept when its stack goes.
 *
 * What it does not offer, like inventories, is reached by `bucket`.
 *
 * @example
 * import { HardenedBucket, ObjectEncryption } from '@dataworks/constructs';
 *
 * new HardenedBucket(this, 'Downloads', {
 *   encryption: ObjectEncryption.s3Managed('Holds public downloads: nothing in it is secret'),
 * });
 */
export class HardenedBucket extends GrantableBucket {
  /** The bucket, for events and whatever takes an `IBucket`. Its own grants are CDK's: they do not limit the use of the key to S3. */
  public readonly bucket: Bucket;

  /** How its objects are encrypted. */
  public readonly encryption: ObjectEncryption;

  /** Whether earlier versions are kept, and for how long. */
  public readonly versioning: Versioning;

  /** The prefixes that only the principals named for them may touch. */
  public readonly restrictedPrefixes: string[];

  public constructor(scope: Construct, id: string, props: HardenedBucketProps) {
    super(scope, id);
    const { encryption, replicateTo, removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE } = props;
    refuse(this, [...bucketProblems(this, props, encryption), ...logTargetProblems(this, props.accessLogsBucket, props.accessLogsPrefix)]);

    const { key } = encryption;
    const lifecycle = lifecycleChoices(props);
    const { versioning } = lifecycle;
    this.encryption = encryption;
    this.versioning = versioning;
    this.restrictedPrefixes = (props.restrictedPrefixes ?? []).map(({ prefix }) => prefix);
    const replication = replicateTo && replicationProps(this, replicateTo);
    this.bucket = new Bucket(this, 'Resource', {
      ...props.bucketName?._props(),
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
      lifecycleRules: lifecycleRules(lifecycle),
      transitionDefaultMinimumObjectSize: props.transitionMinimumObjectSize ?? TransitionDefaultMinimumObjectSize.ALL_STORAGE_CLASSES_128_K,
      objectLockDefaultRetention: props.objectLock,
      ...replication,
      removalPolicy,
    });

    const resource = this.bucket.node.defaultChild as CfnBucket;
    const tiers = archiveConfiguration(props.archiveTiers ?? {});
    if (tiers.length > 0) resource.intelligentTieringConfigurations = tiers;
    // The bucket's own property: the L2's `eventBridgeEnabled` deploys a Lambda function to set it.
    if (props.events) resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    if (props.accessLogsBucket) this.logTo(props.accessLogsBucket, props.accessLogsPrefix ?? '', resource);

    for (const statement of encryptionStatements(this.bucket, encryption)) this.bucket.addToResourcePolicy(statement);
    const replicator = replication ? [replication.replicationRole.roleArn] : [];
    const restrictions = (props.restrictedPrefixes ?? []).map(({ prefix, principalArns }) =>
      restrictionStatement(this.bucket, prefix, [...principalArns, ...executionRoleArn(Stack.of(this)), ...replicator]),
    );
    for (const statement of restrictions) this.bucket.addToResourcePolicy(statement);
    this.bucket.policy!.applyRemovalPolicy(removalPolicy); // a bucket that stays without it would take plain HTTP and any encryption
    if (replicateTo && replication) grantReplication(replication.replicationRole, this, replicateTo);
    if (!replicateTo) acknowledge(resource, DECISIONS.notReplicated);
    if (!versioning.enabled) acknowledge(resource, DECISIONS.notVersioned);
    if (versioning.keepReason) acknowledge(resource, DECISIONS.everyVersionKept, versioning.keepReason);
    if (encryption.reason) acknowledge(resource, DECISIONS.encryptedByS3, encryption.reason);
    intend(this, {
      bucket: {
        encryption,
        versioning,
        retention: props.retention,
        objectLock: props.objectLock,
        accessLogs: props.accessLogsBucket,
        accessLogsPrefix: props.accessLogsPrefix,
        events: props.events === true,
        replication: replicateTo &&
          replication && { destination: replicateTo.bucket, key: replicateTo.encryption.key, role: replication.replicationRole },
        restrictions,
        retained: props.removalPolicy !== RemovalPolicy.DESTROY,
      },
    });
    checkBelow(this);
  }

  /** @internal */
  protected _grant(grantee: IGrantable, access: ObjectAccess, keyPattern?: string): Grant {
    return grantObjects(this.bucket, this.encryption, grantee, access, keyPattern);
  }

  /** By the bucket's own property: the L2's way depends on feature flags, and forgets the conditions between stacks. */
  private logTo(logs: IBucket, prefix: string, resource: CfnBucket): void {
    resource.loggingConfiguration = {
      destinationBucketName: logs.bucketName,
      logFilePrefix: prefix === '' ? undefined : prefix,
      targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: 'EventTime' } },
    };
    const sameStack = Stack.of(logs) === Stack.of(this);
    const delivery = deliveryStatement(logs, sameStack ? this.bucket : undefined, prefix);
    logs.addToResourcePolicy(delivery);
    intendDelivery(logs, delivery);
  }
}
