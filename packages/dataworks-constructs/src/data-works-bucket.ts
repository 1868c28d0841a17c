import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { AccessLogsBucket } from './access-logs-bucket';
import { HardenedBucket, ObjectEncryption, type BucketOptions } from './hardened-bucket';

/** Properties of a `DataWorksBucket`. */
export interface DataWorksBucketProps extends BucketOptions {
  /** The key that encrypts every object; deleting it makes them unreadable. */
  readonly key: IKey;

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
   * Send object events to the account's default EventBridge bus.
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
    const { key, accessLogs, ...options } = props;
    super(scope, id, { ...options, encryption: ObjectEncryption.withKey(key), accessLogsBucket: accessLogs?.bucket });
    this.key = key;
  }
}
