import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { RemovalPolicy, Tags, type Duration } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import { AccessLogsBucket } from '../access-logs-bucket';
import { DataWorksBucket } from '../data-works-bucket';
import { EncryptionKey } from '../encryption-key';
import type { StorageTransition } from '../lifecycle';
import { refuse, type Problem } from '../private/errors';
import type { Versioning } from '../versioning';
import type { Zone } from './zone';
import { ZONE_PROFILES, type DataClassification } from './zone-profiles';

/** What one lake changes about one zone; what is left out stays as in the zone's profile. */
export interface ZoneOverrides {
  /** @default - the zone's */
  readonly versioning?: Versioning;
  /** @default - the zone's */
  readonly transitions?: StorageTransition[];
  /**
   * Delete current objects at this age.
   *
   * @default - the zone's; only temp-reload deletes
   */
  readonly retention?: Duration;
  /** @default - the zone's */
  readonly events?: boolean;
  /** @default - the zone's */
  readonly classification?: DataClassification;
}

/** Properties of `DataLakeZones`. */
export interface DataLakeZonesProps {
  /** Tag `project` on everything, and first part of the key's alias. */
  readonly project: string;
  /** Tag `environment` on everything, and second part of the key's alias. */
  readonly environment: string;
  /** Tag `owner` on everything: who answers for the data. */
  readonly owner: string;
  /**
   * Changes to zones, by zone id (`raw`, `temp-reload`, …).
   *
   * @default - none
   */
  readonly zones?: { readonly [zoneId: string]: ZoneOverrides };
  /**
   * Write the names and ARNs of buckets and key to SSM parameters below this path: the way to other stacks and teams.
   *
   * @default - no parameters
   */
  readonly parameterPrefix?: string;
  /**
   * What becomes of key and buckets when the stack goes. Buckets that still hold objects stay in any case.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Whether this is production, where `removalPolicy: DESTROY` is refused.
   *
   * @default true
   */
  readonly production?: boolean;
}

/** The thirteen zones of an S3 data lake, with one key and one log bucket. */
export class DataLakeZones extends Construct {
  /** The key that encrypts every zone. */
  public readonly key: EncryptionKey;
  /** Where the access logs of all zones go, each below its zone's id. */
  public readonly accessLogs: AccessLogsBucket;
  private readonly buckets = new Map<string, DataWorksBucket>();

  public constructor(scope: Construct, id: string, props: DataLakeZonesProps) {
    super(scope, id);
    refuse(this, [...unknownZones(props.zones ?? {}), ...unsafeRemoval(props), ...badPrefix(props.parameterPrefix)]);

    const { removalPolicy } = props;
    this.key = new EncryptionKey(this, 'Key', {
      alias: `${props.project}/${props.environment}/lake`,
      description: `Encrypts the data lake of ${props.project}, ${props.environment}`,
      removalPolicy,
    });
    this.accessLogs = new AccessLogsBucket(this, 'AccessLogs', { removalPolicy });

    for (const [zone, profile] of ZONE_PROFILES) {
      const { classification, ...settings } = { ...profile, ...given(props.zones?.[zone.zoneId]) };
      const bucket = new DataWorksBucket(this, pascal(zone.zoneId), {
        ...settings,
        key: this.key.key,
        accessLogs: this.accessLogs,
        accessLogsPrefix: `${zone.zoneId}/`,
        removalPolicy,
      });
      this.buckets.set(zone.zoneId, bucket);
      const tags = { zone: zone.zoneId, classification };
      tag(bucket, tags);
      this.publish(props.parameterPrefix, `${zone.zoneId}/bucket-name`, bucket.bucket.bucketName, tags);
      this.publish(props.parameterPrefix, `${zone.zoneId}/bucket-arn`, bucket.bucket.bucketArn, tags);
    }
    this.publish(props.parameterPrefix, 'key-arn', this.key.key.keyArn);
    this.publish(props.parameterPrefix, 'access-logs/bucket-name', this.accessLogs.bucket.bucketName);
    tag(this, { project: props.project, environment: props.environment, owner: props.owner });
  }

  /** The bucket of a zone. */
  public zone(zone: Zone): DataWorksBucket {
    return this.buckets.get(zone.zoneId)!; // every zone has a profile, and every profile made a bucket
  }

  private publish(prefix: string | undefined, name: string, value: string, tags: Record<string, string> = {}): void {
    if (!prefix) return;
    const parameter = new StringParameter(this, `Parameter${pascal(name.replace('/', '-'))}`, {
      parameterName: `${prefix}/${name}`,
      stringValue: value,
    });
    tag(parameter, tags);
  }
}

function tag(scope: IConstruct, tags: Record<string, string>): void {
  for (const [key, value] of Object.entries(tags)) Tags.of(scope).add(key, value);
}

/** Without the entries that are undefined: they would hide the profile's (jsii passes what is left out as undefined). */
function given(overrides: ZoneOverrides | undefined): ZoneOverrides {
  return Object.fromEntries(Object.entries(overrides ?? {}).filter(([, value]) => value !== undefined));
}

function pascal(kebab: string): string {
  return kebab.replace(/(^|-)(\w)/g, (_match, _dash, letter: string) => letter.toUpperCase());
}

function unknownZones(zones: { readonly [zoneId: string]: ZoneOverrides }): Problem[] {
  const known = ZONE_PROFILES.map(([zone]) => zone.zoneId);
  return Object.keys(zones)
    .filter((zoneId) => !known.includes(zoneId))
    .map((zoneId) => ({
      code: 'DW1021',
      what: 'The lake has no such zone.',
      received: JSON.stringify(zoneId),
      allowed: known.join(', '),
      fix: 'correct the id',
    }));
}

function unsafeRemoval({ removalPolicy, production = true }: DataLakeZonesProps): Problem[] {
  if (!production || removalPolicy !== RemovalPolicy.DESTROY) return [];
  return [
    {
      code: 'DW1022',
      what: 'Data of production is never deleted with its stack.',
      received: removalPolicy,
      allowed: 'retain',
      fix: 'leave removalPolicy out, or say production: false',
    },
  ];
}

function badPrefix(prefix: string | undefined): Problem[] {
  if (prefix === undefined || /^(\/[a-zA-Z0-9_.-]+)+$/.test(prefix)) return [];
  return [
    {
      code: 'DW1023',
      what: 'SSM would reject the parameters.',
      received: JSON.stringify(prefix),
      allowed: "a path like '/dataworks/dev/lake'",
      fix: "begin with '/', do not end with it",
    },
  ];
}
