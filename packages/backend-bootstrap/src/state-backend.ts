import { BucketName, HardenedBucket, ObjectEncryption, Versioning, type AccessLogsBucket } from '@dataworks/constructs';
import { refuse } from '@dataworks/constructs/lib/private/errors';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { BackendNames, EnvironmentPlace } from './backend-names';
import { DECISIONS } from './private/acknowledgements';
import { acknowledge } from './private/deployment-decisions';
import { nameProblems, placeProblems } from './private/problems';
import { denyOtherAccounts, readRecord, readRecordThroughKey } from './private/state-bucket-policy';

/** Properties of a `StateBackend`. */
export interface StateBackendProps {
  /** What everything is called. */
  readonly names: BackendNames;

  /**
   * Environments whose deployer may read this one's deployment record, and nothing else: those that come after it.
   *
   * @default - none
   */
  readonly recordReaders?: EnvironmentPlace[];

  /**
   * KMS key of this region that encrypts the bucket. Costs about 1 USD a month, and whoever may read the state needs
   * the key too. The policy of an imported key is not changed: it has to let the deployers of `recordReaders` decrypt.
   *
   * @default - S3's own keys (SSE-S3, AES-256)
   */
  readonly encryptionKey?: IKey;

  /**
   * Where S3 writes the bucket's access log. Same account and region: S3 allows no other.
   *
   * @default - no access log
   */
  readonly accessLogs?: AccessLogsBucket;

  /**
   * Prefix of the log's keys.
   *
   * @default - none
   */
  readonly accessLogsPrefix?: string;
}

/**
 * The bucket and the table that hold the state of an environment: deployment records, plans, approvals and the lock,
 * and the states of Terraform users beside them.
 *
 * The bucket is versioned: noncurrent versions are deleted after 90 days, but the newest 30 of each object are kept;
 * those of the lock go after a day. The table has point-in-time recovery. Both stay when their stack goes, and the table
 * is protected against deletion, also against that by a failed first deployment.
 *
 * @example
 * import { BackendNames, StateBackend } from '@dataworks/backend-bootstrap';
 *
 * const names = new BackendNames({ project: 'sales', environment: 'dev', account: '111122223333', region: 'eu-west-1' });
 * new StateBackend(this, 'State', { names });
 */
export class StateBackend extends Construct {
  /** The bucket. */
  public readonly bucket: Bucket;

  /** The lock table. Its items are those of Terraform's S3 backend: `LockID` is the bucket, a slash, and the key of the state. */
  public readonly table: Table;

  /** What everything is called. */
  public readonly names: BackendNames;

  /** The KMS key that encrypts the bucket, undefined with SSE-S3. */
  public readonly encryptionKey?: IKey;

  public constructor(scope: Construct, id: string, props: StateBackendProps) {
    super(scope, id);
    const { names, recordReaders = [], encryptionKey } = props;
    refuse(this, [...nameProblems(names), ...recordReaders.flatMap((place) => placeProblems(names, 'recordReaders', place))]);
    this.names = names;
    this.encryptionKey = encryptionKey;

    const hardened = new HardenedBucket(this, 'Bucket', {
      bucketName: BucketName.explicit(names.stateBucket),
      encryption: encryptionKey ? ObjectEncryption.withKey(encryptionKey) : ObjectEncryption.s3Managed(DECISIONS.stateBySseS3.reason),
      versioning: Versioning.expiringAfter(Duration.days(90), { keepNewest: 30 }),
      accessLogsBucket: props.accessLogs?.bucket,
      accessLogsPrefix: props.accessLogsPrefix,
    });
    this.bucket = hardened.bucket;
    // Every lock and release leaves a version and a delete marker. S3's filters know prefixes, no suffixes.
    this.bucket.addLifecycleRule({
      id: 'expire-lock-versions',
      enabled: true,
      prefix: names.lockFileKey,
      noncurrentVersionExpiration: Duration.days(1),
    });
    acknowledge(this.bucket.node.defaultChild!, DECISIONS.lockVersionsExpire);
    if (!props.accessLogs) acknowledge(this.bucket.node.defaultChild!, DECISIONS.noAccessLog);

    const readers = recordReaders.map((place) => names.elsewhere(place));
    for (const reader of readers) this.bucket.addToResourcePolicy(readRecord(this.bucket, names, reader));
    this.bucket.addToResourcePolicy(denyOtherAccounts(this.bucket, names, readers));
    for (const reader of readers) encryptionKey?.addToResourcePolicy(readRecordThroughKey(names, reader));

    this.table = new Table(this, 'Table', {
      tableName: names.stateTable,
      partitionKey: { name: 'LockID', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: TableEncryption.AWS_MANAGED,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    acknowledge(this.table.node.defaultChild!, DECISIONS.noBackupPlan);
  }
}
