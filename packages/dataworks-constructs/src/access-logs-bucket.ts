import { Duration, type RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { HardenedBucket, ObjectEncryption } from './hardened-bucket';

/** Properties of an `AccessLogsBucket`. */
export interface AccessLogsBucketProps {
  /**
   * Age at which log objects are deleted, in whole days.
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
 * The bucket that receives the access logs of others; it keeps no log of its own, which would log its own deliveries for ever.
 *
 * The right to deliver is added per source bucket: only the S3 logging service, only for that bucket, only from its account.
 */
export class AccessLogsBucket extends HardenedBucket {
  public constructor(scope: Construct, id: string, props: AccessLogsBucketProps = {}) {
    super(scope, id, {
      encryption: ObjectEncryption.s3Managed('S3 delivers access logs only to buckets that encrypt with its own keys'),
      retention: props.retention ?? Duration.days(365),
      removalPolicy: props.removalPolicy,
    });
  }
}
