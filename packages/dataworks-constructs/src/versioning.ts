import type { Duration } from 'aws-cdk-lib/core';

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
  public static expiringAfter(period: Duration): Versioning {
    return new Versioning(true, period);
  }

  /**
   * Every version is kept and billed for ever.
   *
   * @param reason why; ends in the findings' acknowledgement
   */
  public static keepingAll(reason: string): Versioning {
    return new Versioning(true, undefined, reason);
  }

  private constructor(
    /** Whether the bucket is versioned. */
    public readonly enabled: boolean,
    /** When noncurrent versions are deleted; undefined: never. */
    public readonly noncurrentExpiration?: Duration,
    /** Why no version is ever deleted. */
    public readonly keepReason?: string,
  ) {}
}
