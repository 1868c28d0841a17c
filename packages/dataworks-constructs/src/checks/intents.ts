import type { IPrincipal, IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { Duration } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { ObjectEncryption } from '../object-encryption';
import type { Versioning } from '../versioning';

/** Where a bucket is copied to, by whom and by which key. */
export interface ReplicationIntent {
  readonly destination: IBucket;
  readonly key?: IKey;
  readonly role: IRole;
}

/** What the props of a `HardenedBucket` said its bucket is. */
export interface BucketIntent {
  readonly encryption: ObjectEncryption;
  readonly versioning: Versioning;
  readonly retention?: Duration;
  readonly objectLock?: ObjectLockRetention;
  readonly accessLogs?: IBucket;
  readonly accessLogsPrefix?: string;
  readonly events: boolean;
  readonly replication?: ReplicationIntent;
  /** The denials of its restricted prefixes. */
  readonly restrictions: readonly PolicyStatement[];
  readonly retained: boolean;
}

/** What the props of an `EncryptionKey` said its key is. */
export interface KeyIntent {
  readonly administrators: readonly IPrincipal[];
  /** Who deploys it. */
  readonly deploymentRoles: readonly IPrincipal[];
  readonly keyPolicyOnly: boolean;
  readonly rotationPeriod: Duration;
  readonly pendingWindow: Duration;
  readonly retained: boolean;
}

/** What a construct of ours meant: the checks hold what is rendered below it against this. */
export interface Intent {
  readonly bucket?: BucketIntent;
  readonly key?: KeyIntent;
  /** What lets S3 deliver the access logs of other buckets there. */
  readonly deliveries?: readonly PolicyStatement[];
  /** Whether it is the role by which S3 replicates a bucket. */
  readonly replication?: boolean;
  /** Tags that its resources carry. */
  readonly tags?: readonly string[];
}

/** Weak: an intent lives and dies with its construct. */
const intents = new WeakMap<IConstruct, Intent>();

export const intentOf = (scope: IConstruct): Intent | undefined => intents.get(scope);

/** Say what a construct means, or more of it. */
export function intend(scope: IConstruct, intent: Intent): void {
  intents.set(scope, { ...intents.get(scope), ...intent });
}

/** Say that a log of another bucket is delivered to a bucket, if that is one of ours. */
export function intendDelivery({ node: { scope } }: IBucket, statement: PolicyStatement): void {
  const logs = scope && intents.get(scope);
  if (scope && logs?.bucket) intend(scope, { deliveries: [...(logs.deliveries ?? []), statement] });
}
