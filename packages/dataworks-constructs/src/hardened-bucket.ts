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
import { Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { BucketName } from './bucket-name';
import { intend } from './checks/intents';
import { checkBelow } from './checks/registration';
import { archiveConfiguration, lifecycleRules, type ArchiveTiers, type StorageTransition } from './lifecycle';
import type { ObjectEncryption } from './object-encryption';
import { acknowledge, DECISIONS } from './private/acknowledgements';
import { deliveryStatement, encryptionStatements, restrictionStatement } from './private/bucket-policy';
import { refuse, type Problem } from './private/errors';
import { executionRoleArn } from './private/execution-role';
import { archiveProblems, daysOf, lifecycleProblems } from './private/lifecycle-problems';
import { DELETE, grantObjects, READ, together, WRITE, type ObjectAccess } from './private/object-grants';
import { REFUSALS } from './private/refusals';
import { grantReplication, replicationProblems, replicationProps } from './private/replication';
import { Versioning } from './versioning';

/** A part of a bucket that only the named principals may touch. */
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
export class HardenedBucket extends Construct {
  /** The bucket, for grants, events and whatever takes an `IBucket`. */
  public readonly bucket: Bucket;

  /** How its objects are encrypted. */
  public readonly encryption: ObjectEncryption;

  /** Whether earlier versions are kept, and for how long. */
  public readonly versioning: Versioning;

  /** The prefixes that only the principals named for them may touch. */
  public readonly restrictedPrefixes: string[];

  public constructor(scope: Construct, id: string, props: HardenedBucketProps) {
    super(scope, id);
    const { encryption, versioning = Versioning.expiringAfter(Duration.days(30)), transitions = [], retention, archiveTiers = {} } = props;
    const { replicateTo } = props;
    const lifecycle = { versioning, transitions, retention };
    refuse(this, [
      ...(props.bucketName?._problems() ?? []),
      ...lifecycleProblems(lifecycle),
      ...archiveProblems(archiveTiers),
      ...objectLockProblems(props.objectLock, versioning, retention),
      ...(props.restrictedPrefixes ?? []).flatMap(restrictionProblems),
      ...logTargetProblems(this, props.accessLogsBucket, props.accessLogsPrefix),
      ...(replicateTo ? replicationProblems(this, props, versioning, replicateTo) : []),
    ]);

    const { key } = encryption;
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
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });

    const resource = this.bucket.node.defaultChild as CfnBucket;
    const tiers = archiveConfiguration(archiveTiers);
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
    if (replicateTo && replication) grantReplication(replication.replicationRole, this, replicateTo);
    if (!replicateTo) acknowledge(resource, DECISIONS.notReplicated);
    if (!versioning.enabled) acknowledge(resource, DECISIONS.notVersioned);
    if (versioning.keepReason) acknowledge(resource, DECISIONS.everyVersionKept, versioning.keepReason);
    if (encryption.reason) acknowledge(resource, DECISIONS.encryptedByS3, encryption.reason);
    intend(this, {
      bucket: {
        encryption,
        versioning,
        retention,
        objectLock: props.objectLock,
        accessLogs: props.accessLogsBucket,
        replica: replicateTo?.bucket,
        restrictions,
        retained: props.removalPolicy !== RemovalPolicy.DESTROY,
      },
    });
    checkBelow(this);
  }

  /**
   * Let a principal read objects, list them, and decrypt them through S3. A service principal only as far as it acts
   * for this account (`aws:SourceAccount`), unless it brings a condition on its source. A principal of another account
   * also needs the right by IAM there.
   *
   * @param keyPattern which objects: `team-a/*` those below a prefix. Listing is limited to it too. Default: all
   */
  public grantRead(grantee: IGrantable, keyPattern?: string): Grant {
    return this.grant(grantee, READ, keyPattern);
  }

  /**
   * Let a principal write objects, and encrypt them through S3. Not delete them, and not read them.
   *
   * @param keyPattern which objects: `team-a/*` those below a prefix. Default: all
   */
  public grantWrite(grantee: IGrantable, keyPattern?: string): Grant {
    return this.grant(grantee, WRITE, keyPattern);
  }

  /**
   * Let a principal read, list and write objects. Not delete them.
   *
   * @param keyPattern which objects: `team-a/*` those below a prefix. Default: all
   */
  public grantReadWrite(grantee: IGrantable, keyPattern?: string): Grant {
    return this.grant(grantee, together(READ, WRITE), keyPattern);
  }

  /**
   * Let a principal delete objects. In a versioned bucket that leaves the versions, which can be restored until they expire.
   *
   * @param keyPattern which objects: `team-a/*` those below a prefix. Default: all
   */
  public grantDelete(grantee: IGrantable, keyPattern?: string): Grant {
    return this.grant(grantee, DELETE, keyPattern);
  }

  private grant(grantee: IGrantable, access: ObjectAccess, keyPattern = '*'): Grant {
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
    logs.addToResourcePolicy(deliveryStatement(logs, sameStack ? this.bucket : undefined, prefix));
  }
}

function objectLockProblems(lock: ObjectLockRetention | undefined, versioning: Versioning, retention: Duration | undefined): Problem[] {
  if (!lock) return [];
  const { noncurrentExpiration } = versioning;
  const tooShort = Object.entries({ retention, versioning: noncurrentExpiration }).filter(
    ([, period]) => period !== undefined && daysOf(period) < daysOf(lock.duration),
  );
  return [
    ...(versioning.enabled ? [] : [{ ...REFUSALS.objectLockWithoutVersions, received: 'Versioning.disabled()' }]),
    ...tooShort.map(([prop, period]) => ({
      ...REFUSALS.deletesLockedObjects,
      received: `${prop}: ${period!.toHumanString()}, locked for ${lock.duration.toHumanString()}`,
    })),
  ];
}

function restrictionProblems({ prefix, principalArns }: RestrictedPrefix): Problem[] {
  const owned = principalArns.length > 0 && principalArns.every((arn) => Token.isUnresolved(arn) || /^arn:[^:]+:iam::[^:]+:./.test(arn));
  if ((Token.isUnresolved(prefix) || /[^/]\/$/.test(prefix)) && owned) return [];
  return [{ ...REFUSALS.restrictedPrefix, received: JSON.stringify({ prefix, principalArns }) }];
}

function logTargetProblems(scope: Construct, logs: IBucket | undefined, prefix: string | undefined): Problem[] {
  if (!logs) return prefix === undefined ? [] : [{ ...REFUSALS.logsPrefixAlone, received: `accessLogsPrefix ${JSON.stringify(prefix)}` }];
  const { account, region } = Stack.of(scope);
  const elsewhere = (mine: string, theirs: string): boolean => !Token.isUnresolved(mine) && !Token.isUnresolved(theirs) && mine !== theirs;
  return [
    ...(elsewhere(account, logs.env.account) || elsewhere(region, logs.env.region)
      ? [{ ...REFUSALS.logBucketElsewhere, received: `${logs.node.path} in ${logs.env.account}, ${logs.env.region}` }]
      : []),
    ...(isOfThisApp(logs) ? [] : [{ ...REFUSALS.unchangeableLogBucket, received: logs.node.path }]),
    ...(logs.encryptionKey
      ? [{ ...REFUSALS.unusableLogBucket, received: `${logs.node.path}, encrypted by ${logs.encryptionKey.node.path}` }]
      : []),
  ];
}

/** Whether the app has the bucket as a resource: that of the construct, or the one that it is a view of. */
function isOfThisApp({ node }: IBucket): boolean {
  return [node.defaultChild, node.scope].some((construct) => CfnBucket.isCfnBucket(construct));
}
