import type { LifecycleRule, StorageClass } from 'aws-cdk-lib/aws-s3';
import { Duration } from 'aws-cdk-lib/core';
import type { Versioning } from './versioning';

/** A move of current objects to a cheaper storage class. Nothing is deleted by it. */
export interface StorageTransition {
  /** Where objects go; Glacier Flexible Retrieval and Deep Archive must be restored before Athena or Glue can read them. */
  readonly storageClass: StorageClass;
  /** Age at which they go, in whole days from creation. */
  readonly after: Duration;
}

/** Parts of an upload that was never completed are billed like objects, but no listing shows them. */
const INCOMPLETE_UPLOADS_AFTER = Duration.days(7);

export interface LifecycleChoices {
  readonly versioning: Versioning;
  readonly transitions: readonly StorageTransition[];
  /** Age at which current objects are deleted; undefined: never. */
  readonly retention?: Duration;
}

/** One rule per idea, with a stable id, so that a change of one is a change of one in the diff. */
export function lifecycleRules({ versioning, transitions, retention }: LifecycleChoices): LifecycleRule[] {
  const rules: LifecycleRule[] = [{ id: 'abort-incomplete-uploads', abortIncompleteMultipartUploadAfter: INCOMPLETE_UPLOADS_AFTER }];
  if (transitions.length > 0) {
    rules.push({
      id: 'transition-objects',
      transitions: transitions.map(({ storageClass, after }) => ({ storageClass, transitionAfter: after })),
    });
  }
  if (retention) rules.push({ id: 'expire-objects', expiration: retention });
  if (versioning.noncurrentExpiration) {
    rules.push({ id: 'expire-noncurrent-versions', noncurrentVersionExpiration: versioning.noncurrentExpiration });
  }
  // S3 accepts this in no rule that also expires by age.
  if (versioning.enabled) rules.push({ id: 'remove-expired-delete-markers', expiredObjectDeleteMarker: true });
  return rules.map((rule) => ({ ...rule, enabled: true }));
}
