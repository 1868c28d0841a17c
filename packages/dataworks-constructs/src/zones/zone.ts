import { refuse } from '../private/errors';
import { REFUSALS } from '../private/refusals';

/** A zone of a data lake: one of the thirteen, or one of your own. */
export class Zone {
  /** Glue scripts and artifacts. */
  public static readonly GLUE_JOBS = new Zone('glue-jobs');
  /** Archived source data. */
  public static readonly RAW_ARCHIVE = new Zone('raw-archive');
  /** Data as received. */
  public static readonly RAW = new Zone('raw');
  /** Processed data. */
  public static readonly STRUCTURED = new Zone('structured');
  /** Business data. */
  public static readonly CURATED = new Zone('curated');
  /** Temporary storage: objects are deleted after 7 days. */
  public static readonly TEMP_RELOAD = new Zone('temp-reload');
  /** Domain data. */
  public static readonly DOMAIN = new Zone('domain');
  /** Schema definitions. */
  public static readonly SCHEMA_REGISTRY = new Zone('schema-registry');
  /** Configuration. */
  public static readonly DOMAIN_CONFIG = new Zone('domain-config');
  /** Rule violations. */
  public static readonly VIOLATION = new Zone('violation');
  /** Files as transferred in. */
  public static readonly LANDING = new Zone('landing');
  /** Files in processing. */
  public static readonly LANDING_PROCESS = new Zone('landing-process');
  /** Quarantined files. */
  public static readonly QUARANTINE = new Zone('quarantine');

  /**
   * A zone of your own. It keeps its objects, and noncurrent versions for 30 days; `overrides` change that.
   *
   * @param zoneId 1 to 32 lower-case letters, digits and single hyphens, beginning with a letter, and not `access-logs`;
   * it stands in tags, parameters and log prefixes
   */
  public static of(zoneId: string): Zone {
    const valid = /^[a-z](-?[a-z0-9])*$/.test(zoneId) && zoneId.length <= 32 && zoneId !== 'access-logs';
    refuse('Zone.of', valid ? [] : [{ ...REFUSALS.zoneId, received: JSON.stringify(zoneId) }]);
    return new Zone(zoneId);
  }

  private constructor(
    /** The zone's id, as it stands in tags, parameters and prefixes. */
    public readonly zoneId: string,
  ) {}
}
