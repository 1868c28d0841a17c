import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { AccessLogsBucket } from './access-logs-bucket';
import { HardenedBucket, type BucketOptions } from './hardened-bucket';
import { ObjectEncryption } from './object-encryption';

/** Properties of a `DataWorksBucket`. */
export interface DataWorksBucketProps extends BucketOptions {
  /** The key that encrypts every object. Deleting it makes them unreadable. */
  readonly key: IKey;

  /**
   * Keys that a request may name instead of the bucket's own, by their ARN.
   *
   * @default - none: a request that names another key is denied
   */
  readonly additionalKeys?: IKey[];

  /**
   * Where the bucket's access log goes.
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

  /**
   * Send object events to the account's default EventBridge bus. EventBridge bills each, whether a rule matches or not.
   *
   * @default false
   */
  readonly events?: boolean;
}

/**
 * A hardened bucket for data: always encrypted by a customer managed key.
 *
 * @example
 * import { DataWorksBucket, EncryptionKey, Versioning } from '@dataworks/constructs';
 * import { Duration } from 'aws-cdk-lib/core';
 *
 * const encryption = new EncryptionKey(this, 'Key', { alias: 'sales/dev/exports' });
 * new DataWorksBucket(this, 'Exports', {
 *   key: encryption.key,
 *   versioning: Versioning.expiringAfter(Duration.days(14)),
 *   retention: Duration.days(90),
 * });
 */
export class DataWorksBucket extends HardenedBucket {
  /** The key that encrypts the bucket. */
  public readonly key: IKey;

  public constructor(scope: Construct, id: string, props: DataWorksBucketProps) {
    const { key, additionalKeys, accessLogs, ...options } = props;
    super(scope, id, { ...options, encryption: ObjectEncryption.withKey(key, additionalKeys), accessLogsBucket: accessLogs?.bucket });
    this.key = key;
  }
}
