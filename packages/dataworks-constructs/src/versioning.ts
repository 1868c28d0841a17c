import type { Duration } from 'aws-cdk-lib/core';
import type { StorageTransition } from './lifecycle';
import { stated } from './private/errors';

/** What becomes of noncurrent versions before they are deleted. */
export interface NoncurrentVersions {
  /**
   * Moves of noncurrent versions to cheaper storage, in days from when they became noncurrent.
   *
   * @default - they stay in the storage class they have
   */
  readonly transitions?: StorageTransition[];

  /**
   * How many of the newest noncurrent versions of each object are kept even when they are old enough to go, 1 to 100.
   *
   * @default - none
   */
  readonly keepNewest?: number;
}

/**
 * Whether a bucket keeps earlier versions of its objects, and for how long.
 *
 * One value instead of two: a versioned bucket whose old versions pile up for ever, the most
 * common surprise on an S3 bill, cannot be written by accident.
 */
export class Versioning {
  /** One version only: an overwrite or a delete is final. */
  public static disabled(): Versioning {
    return new Versioning(false);
  }

  /**
   * Earlier versions can be restored for a time, then they are deleted.
   *
   * @param period from the moment a version stops being the current one; whole days, at least one
   */
  public static expiringAfter(period: Duration, noncurrent: NoncurrentVersions = {}): Versioning {
    return new Versioning(true, period, undefined, noncurrent.transitions, noncurrent.keepNewest);
  }

  /**
   * Every version is kept and billed for ever.
   *
   * @param reason why; ends in the findings' acknowledgement
   */
  public static keepingAll(reason: string): Versioning {
    return new Versioning(true, undefined, stated(reason, 'Versioning.keepingAll'));
  }

  private constructor(
    /** Whether the bucket is versioned. */
    public readonly enabled: boolean,
    /** When noncurrent versions are deleted, undefined when never. */
    public readonly noncurrentExpiration?: Duration,
    /** Why no version is ever deleted. */
    public readonly keepReason?: string,
    /** Moves of noncurrent versions to cheaper storage. */
    public readonly noncurrentTransitions: StorageTransition[] = [],
    /** How many noncurrent versions are kept whatever their age. */
    public readonly keepNewest?: number,
  ) {}
}
