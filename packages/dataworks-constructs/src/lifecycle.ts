import type { CfnBucket, LifecycleRule, StorageClass } from 'aws-cdk-lib/aws-s3';
import { Duration } from 'aws-cdk-lib/core';
import { Versioning } from './versioning';

/** A move of objects to a cheaper storage class. Nothing is deleted by it. */
export interface StorageTransition {
  /** Where objects go. Glacier Flexible Retrieval and Deep Archive must be restored before Athena or Glue can read them. */
  readonly storageClass: StorageClass;
  /** Age at which they go, in whole days: from creation, or for noncurrent versions from when they became noncurrent. */
  readonly after: Duration;
}

/**
 * Tiers of Intelligent-Tiering below its automatic ones. Objects in them must be restored before they can be read.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intelligent-tiering-overview.html
 */
export interface ArchiveTiers {
  /**
   * Days without access until an object moves to the archive access tier, 90 to 730.
   *
   * @default - never
   */
  readonly archiveAfter?: Duration;

  /**
   * Days without access until an object moves to the deep archive access tier, 180 to 730.
   *
   * @default - never
   */
  readonly deepArchiveAfter?: Duration;
}

/** Parts of an upload that was never completed are billed like objects, but no listing shows them. */
const INCOMPLETE_UPLOADS_AFTER = Duration.days(7);

export interface LifecycleChoices {
  readonly versioning: Versioning;
  readonly transitions: readonly StorageTransition[];
  /** Age at which current objects are deleted; undefined: never. */
  readonly retention?: Duration;
}

/** What a bucket's props come to, with the defaults of what they leave out. */
export function lifecycleChoices({
  versioning = Versioning.expiringAfter(Duration.days(30)),
  transitions = [],
  retention,
}: Partial<LifecycleChoices>): LifecycleChoices {
  return { versioning, transitions, retention };
}

/** One rule per idea, with a stable id, so that a change of one is a change of one in the diff. */
export function lifecycleRules({ versioning, transitions, retention }: LifecycleChoices): LifecycleRule[] {
  const rules: LifecycleRule[] = [{ id: 'abort-incomplete-uploads', abortIncompleteMultipartUploadAfter: INCOMPLETE_UPLOADS_AFTER }];
  if (transitions.length > 0) rules.push({ id: 'transition-objects', transitions: transitions.map(transition) });
  if (retention) rules.push({ id: 'expire-objects', expiration: retention });
  if (versioning.noncurrentTransitions.length > 0) {
    rules.push({ id: 'transition-noncurrent-versions', noncurrentVersionTransitions: versioning.noncurrentTransitions.map(transition) });
  }
  if (versioning.noncurrentExpiration) {
    rules.push({
      id: 'expire-noncurrent-versions',
      noncurrentVersionExpiration: versioning.noncurrentExpiration,
      noncurrentVersionsToRetain: versioning.keepNewest,
    });
  }
  // S3 accepts this in no rule that also expires by age.
  if (versioning.enabled) rules.push({ id: 'remove-expired-delete-markers', expiredObjectDeleteMarker: true });
  return rules.map((rule) => ({ ...rule, enabled: true }));
}

const transition = ({ storageClass, after }: StorageTransition) => ({ storageClass, transitionAfter: after });

/** The archive tiers for the whole bucket, as CloudFormation writes them. */
export function archiveConfiguration({
  archiveAfter,
  deepArchiveAfter,
}: ArchiveTiers): CfnBucket.IntelligentTieringConfigurationProperty[] {
  const tierings = [
    { accessTier: 'ARCHIVE_ACCESS', days: archiveAfter?.toDays() },
    { accessTier: 'DEEP_ARCHIVE_ACCESS', days: deepArchiveAfter?.toDays() },
  ].filter((tiering): tiering is CfnBucket.TieringProperty => tiering.days !== undefined);
  return tierings.length === 0 ? [] : [{ id: 'archive-tiers', status: 'Enabled', tierings }];
}
