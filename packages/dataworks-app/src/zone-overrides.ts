import { DataClassification, Versioning, type ZoneOverrides } from '@dataworks/constructs';
import type { ZoneChanges } from '@dataworks/deploy';
import { StorageClass } from 'aws-cdk-lib/aws-s3';
import { Duration } from 'aws-cdk-lib/core';

/** What the file says of a zone, in the constructs' terms. */
export function zoneOverrides(changes: ZoneChanges): ZoneOverrides {
  return {
    versioning: versioning(changes),
    transitions: changes.transitions?.map(({ storageClass, afterDays }) => ({
      storageClass: new StorageClass(storageClass),
      after: Duration.days(afterDays),
    })),
    retention: changes.retentionDays === undefined ? undefined : Duration.days(changes.retentionDays),
    events: changes.events,
    classification: changes.classification && DataClassification[changes.classification.toUpperCase() as keyof typeof DataClassification],
  };
}

function versioning({ versioned, noncurrentDays }: ZoneChanges): Versioning | undefined {
  if (versioned === false) return Versioning.disabled();
  return noncurrentDays === undefined ? undefined : Versioning.expiringAfter(Duration.days(noncurrentDays));
}
