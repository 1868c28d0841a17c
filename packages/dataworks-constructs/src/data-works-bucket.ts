import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { AccessLogsBucket } from './access-logs-bucket';
import { HardenedBucket, type BucketOptions } from './hardened-bucket';
import { ObjectEncryption } from './object-encryption';

/** Properties of a `DataWorksBucket`. */
export interface DataWorksBucketProps extends BucketOptions {
  /** The key that encrypts every object; deleting it makes them unreadable. */
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
   * Send object events to the account's default EventBridge bus. Free; rules that match are billed.
   *
   * @default false
   */
  readonly events?: boolean;
}

/** A hardened bucket for data: always encrypted by a customer managed key. */
export class DataWorksBucket extends HardenedBucket {
  /** The key that encrypts the bucket. */
  public readonly key: IKey;

  public constructor(scope: Construct, id: string, props: DataWorksBucketProps) {
    const { key, additionalKeys, accessLogs, ...options } = props;
    super(scope, id, { ...options, encryption: ObjectEncryption.withKey(key, additionalKeys), accessLogsBucket: accessLogs?.bucket });
    this.key = key;
  }
}
