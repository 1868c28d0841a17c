import type { IPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { Duration } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { ObjectEncryption } from '../object-encryption';
import type { Versioning } from '../versioning';

/** What the props of a `HardenedBucket` said its bucket is. */
export interface BucketIntent {
  readonly encryption: ObjectEncryption;
  readonly versioning: Versioning;
  readonly retention?: Duration;
  readonly objectLock?: ObjectLockRetention;
  readonly accessLogs?: IBucket;
  readonly replica?: IBucket;
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
