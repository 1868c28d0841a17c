import { Duration, type RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { BucketName } from './bucket-name';
import { HardenedBucket } from './hardened-bucket';
import { ObjectEncryption } from './object-encryption';
import { acknowledge, DECISIONS } from './private/acknowledgements';

/** Properties of an `AccessLogsBucket`. */
export interface AccessLogsBucketProps {
  /**
   * How the bucket comes by its name.
   *
   * @default - CloudFormation makes one
   */
  readonly bucketName?: BucketName;

  /**
   * Age at which log objects are deleted, in whole days. Logs that never expire are among the commonest surprises on an S3 bill.
   *
   * @default Duration.days(365)
   */
  readonly retention?: Duration;

  /**
   * What becomes of the bucket when the stack no longer contains it.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The bucket that receives the access logs of others.
 *
 * It keeps no log of its own, which would log its own deliveries for ever.
 *
 * The right to deliver is added per source bucket: only the S3 logging service, only from its account, and for a bucket
 * of the same stack only for that bucket. It can serve buckets of other stacks of the same account and region; S3 allows
 * no other, so a central archive is made by replication. No object lock: S3 delivers to no bucket with a default retention.
 *
 * @example
 * import { AccessLogsBucket, DataWorksBucket, EncryptionKey } from '@dataworks/constructs';
 * import { Duration } from 'aws-cdk-lib/core';
 *
 * const accessLogs = new AccessLogsBucket(this, 'AccessLogs', { retention: Duration.days(90) });
 * const encryption = new EncryptionKey(this, 'Key', { alias: 'sales/dev/reports' });
 * new DataWorksBucket(this, 'Reports', { key: encryption.key, accessLogs, accessLogsPrefix: 'reports/' });
 */
export class AccessLogsBucket extends HardenedBucket {
  public constructor(scope: Construct, id: string, props: AccessLogsBucketProps = {}) {
    super(scope, id, {
      bucketName: props.bucketName,
      encryption: ObjectEncryption.s3Managed('S3 delivers access logs only to buckets that encrypt with its own keys'),
      retention: props.retention ?? Duration.days(365),
      removalPolicy: props.removalPolicy,
    });
    acknowledge(this.bucket.node.defaultChild!, DECISIONS.receivesLogs);
  }
}
