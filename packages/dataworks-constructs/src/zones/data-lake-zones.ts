import type { IKey } from 'aws-cdk-lib/aws-kms';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { CfnOutput, RemovalPolicy, Tags, Token, type Duration } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import { DataLakeReference, type DataLakeReferenceProps } from './data-lake-reference';
import { LakeParameters, prefixProblems } from './lake-parameters';
import { Zone } from './zone';
import { OWN_ZONE, ZONE_PROFILES, type DataClassification, type ZoneSettings } from './zone-profiles';
import { AccessLogsBucket } from '../access-logs-bucket';
import { intend } from '../checks/intents';
import { checkBelow } from '../checks/registration';
import { DataWorksBucket } from '../data-works-bucket';
import { EncryptionKey, type EncryptionKeyProps } from '../encryption-key';
import type { BucketOptions } from '../hardened-bucket';
import { lifecycleChoices } from '../lifecycle';
import { ObjectEncryption } from '../object-encryption';
import { bucketProblems } from '../private/bucket-problems';
import { problemsOf, refuse, type Problem } from '../private/errors';
import { keyProblems } from '../private/key-problems';
import { lifecycleProblems } from '../private/lifecycle-problems';
import { REFUSALS } from '../private/refusals';
import { take, takenBy } from '../private/unique-names';

/** What one lake changes about one zone. What is left out stays as in the zone's profile. */
export interface ZoneOverrides extends BucketOptions {
  /**
   * Whether object events go to EventBridge.
   *
   * @default - as in the zone's profile
   */
  readonly events?: boolean;

  /**
   * Classification of the data: a tag.
   *
   * @default - as in the zone's profile
   */
  readonly classification?: DataClassification;

  /**
   * A key for this zone alone, so that who may use the lake's key may not read it. About 1 USD a month.
   *
   * @default - the lake's key
   */
  readonly key?: IKey;
}

/** Properties of `DataLakeZones`. */
export interface DataLakeZonesProps {
  /** Tag `project` on everything, and first part of the key's alias. */
  readonly project: string;

  /** Tag `environment` on everything, and second part of the key's alias. */
  readonly environment: string;

  /**
   * Tag `owner` on everything: who answers for the data. As in the other tags, AWS allows up to 256 letters, digits,
   * spaces and `_.:/=+-@`.
   */
  readonly owner: string;

  /**
   * The zones of the lake. A zone that is taken out later keeps its bucket, outside of the stack.
   *
   * @default - the thirteen
   */
  readonly zones?: Zone[];

  /**
   * Changes to zones, by zone id (`raw`, `temp-reload`, …).
   *
   * @default - none
   */
  readonly overrides?: { readonly [zoneId: string]: ZoneOverrides };

  /**
   * The key of the lake.
   *
   * @default - an `EncryptionKey` with the alias `<project>/<environment>/lake`
   */
  readonly key?: IKey;

  /**
   * Age at which access logs are deleted, in whole days.
   *
   * @default Duration.days(365)
   */
  readonly accessLogsRetention?: Duration;

  /**
   * Write names and ARNs of buckets and keys to SSM parameters below this path: the way to other stacks and teams, who
   * read them with `DataLakeZones.fromParameters`. No other lake of the account and region may have it. Standard parameters
   * cost nothing.
   *
   * @default - no parameters
   */
  readonly parameterPrefix?: string;

  /**
   * Write bucket names and the key's ARN to the outputs of the stack, for people to read. Nothing is exported.
   *
   * @default false
   */
  readonly outputs?: boolean;

  /**
   * What becomes of key and buckets when the stack goes. `DESTROY` must be said together with `production: false`;
   * buckets that still hold objects stay in any case, but the key that decrypts them goes after its pending window.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether this is production, where `removalPolicy: DESTROY` is refused. An environment named `prd`, `prod` or `production` is it in any case.
   *
   * @default true
   */
  readonly production?: boolean;
}

const LAKE_TAGS = ['project', 'environment', 'owner'];

/**
 * The zones of an S3 data lake: a hardened bucket each, with one key and one log bucket.
 *
 * @exampleMetadata fixture=with-role
 * @example
 * import { DataLakeZones } from '@dataworks/constructs';
 *
 * const lake = new DataLakeZones(this, 'Lake', { project: 'sales', environment: 'dev', owner: 'sales-data' });
 * lake.curatedZone.grantRead(analysts, 'reports/*');
 */
export class DataLakeZones extends Construct {
  /** The lake of another stack or team of the same account and region, found by what its `parameterPrefix` made it write. */
  public static fromParameters(scope: Construct, id: string, props: DataLakeReferenceProps): DataLakeReference {
    return new DataLakeReference(scope, id, props);
  }

  /** The key that encrypts every zone without a key of its own. */
  public readonly key: IKey;

  /** Where the access logs of all zones go, each below its zone's id. */
  public readonly accessLogs: AccessLogsBucket;

  private readonly buckets = new Map<string, DataWorksBucket>();

  public constructor(scope: Construct, id: string, props: DataLakeZonesProps) {
    super(scope, id);
    const { zones = ZONE_PROFILES.map(([zone]) => zone), overrides = {}, removalPolicy } = props;
    const lakeKey = keyProps(props);
    const logs = { retention: props.accessLogsRetention, removalPolicy };
    const settingsByZone = new Map(
      zones.map(({ zoneId }) => [zoneId, { removalPolicy, ...profileOf(zoneId), ...given(overrides[zoneId]) }]),
    );
    refuse(this, [
      ...tagProblems(props),
      ...zoneProblems(zones),
      ...overrideProblems(zones, overrides),
      ...removalProblems(props, overrides),
      ...prefixProblems(props.parameterPrefix),
      ...parametersTakenProblems(this, props.parameterPrefix),
      ...(props.key ? [] : problemsOf(this, 'Key', keyProblems(this, lakeKey))),
      ...problemsOf(this, 'AccessLogs', lifecycleProblems(lifecycleChoices(logs))),
      ...[...settingsByZone].flatMap(([zoneId, { key = props.key, ...settings }]) =>
        problemsOf(this, zoneId, bucketProblems(this, settings, key && ObjectEncryption.withKey(key))),
      ),
    ]);

    checkBelow(this);
    this.key = props.key ?? this.makeKey(lakeKey);
    this.accessLogs = new AccessLogsBucket(this, 'AccessLogs', logs);
    intend(this.accessLogs, { tags: LAKE_TAGS });
    for (const [zoneId, { classification, key = this.key, ...settings }] of settingsByZone) {
      const bucket = new DataWorksBucket(this, zoneId, { ...settings, key, accessLogs: this.accessLogs, accessLogsPrefix: `${zoneId}/` });
      tag(bucket, { zone: zoneId, classification });
      intend(bucket, { tags: [...LAKE_TAGS, 'zone', 'classification'] });
      this.buckets.set(zoneId, bucket);
    }

    if (props.parameterPrefix !== undefined) this.writeParameters(props.parameterPrefix);
    if (props.outputs) this.writeOutputs();
    tag(this, { project: props.project, environment: props.environment, owner: props.owner });
  }

  /** The bucket of a zone. Throws DW1021 when the lake was made without it. */
  public zone(zone: Zone): DataWorksBucket {
    const bucket = this.buckets.get(zone.zoneId);
    if (!bucket) refuse(this, [unknownZone(zone.zoneId, [...this.buckets.keys()])]);
    return bucket!;
  }

  /** Glue scripts and artifacts. */
  public get glueJobsZone(): DataWorksBucket {
    return this.zone(Zone.GLUE_JOBS);
  }

  /** Archived source data. Athena and Glue must restore objects older than 90 days before they can read them. */
  public get rawArchiveZone(): DataWorksBucket {
    return this.zone(Zone.RAW_ARCHIVE);
  }

  /** Data as received. */
  public get rawZone(): DataWorksBucket {
    return this.zone(Zone.RAW);
  }

  /** Processed data. */
  public get structuredZone(): DataWorksBucket {
    return this.zone(Zone.STRUCTURED);
  }

  /** Business data. */
  public get curatedZone(): DataWorksBucket {
    return this.zone(Zone.CURATED);
  }

  /** Temporary storage: objects are deleted after 7 days. */
  public get tempReloadZone(): DataWorksBucket {
    return this.zone(Zone.TEMP_RELOAD);
  }

  /** Domain data. */
  public get domainZone(): DataWorksBucket {
    return this.zone(Zone.DOMAIN);
  }

  /** Schema definitions, every version of them. */
  public get schemaRegistryZone(): DataWorksBucket {
    return this.zone(Zone.SCHEMA_REGISTRY);
  }

  /** Configuration. */
  public get domainConfigZone(): DataWorksBucket {
    return this.zone(Zone.DOMAIN_CONFIG);
  }

  /** Rule violations. */
  public get violationZone(): DataWorksBucket {
    return this.zone(Zone.VIOLATION);
  }

  /** Files as transferred in. */
  public get landingZone(): DataWorksBucket {
    return this.zone(Zone.LANDING);
  }

  /** Files in processing. */
  public get landingProcessZone(): DataWorksBucket {
    return this.zone(Zone.LANDING_PROCESS);
  }

  /** Quarantined files. */
  public get quarantineZone(): DataWorksBucket {
    return this.zone(Zone.QUARANTINE);
  }

  private makeKey(props: EncryptionKeyProps): IKey {
    const key = new EncryptionKey(this, 'Key', props);
    intend(key, { tags: LAKE_TAGS });
    return key.key;
  }

  private writeParameters(prefix: string): void {
    take(this, 'parameters', prefix);
    const names = new LakeParameters(prefix);
    const parameters = new Construct(this, 'Parameters');
    const write = (scope: Construct, id: string, parameterName: string, stringValue: string): void => {
      new StringParameter(scope, id, { parameterName, stringValue, simpleName: false }); // said, since a token does not show it
    };
    write(parameters, 'key-arn', names.keyArn(), this.key.keyArn);
    write(parameters, 'access-logs-bucket-name', names.accessLogsBucketName(), this.accessLogs.bucket.bucketName);
    for (const [zoneId, zone] of this.buckets) {
      const ofZone = new Construct(zone, 'Parameters'); // below the zone, whose tags they share
      write(ofZone, 'bucket-name', names.bucketName(zoneId), zone.bucket.bucketName);
      write(ofZone, 'bucket-arn', names.bucketArn(zoneId), zone.bucket.bucketArn);
      write(ofZone, 'key-arn', names.zoneKeyArn(zoneId), zone.key.keyArn);
    }
  }

  private writeOutputs(): void {
    const outputs = new Construct(this, 'Outputs');
    new CfnOutput(outputs, 'KeyArn', { value: this.key.keyArn });
    for (const [zoneId, { bucket }] of this.buckets) new CfnOutput(outputs, `${zoneId}-bucket-name`, { value: bucket.bucketName });
  }
}

/** Names of environments that are production, whatever else is said. */
const PRODUCTION = /^(prd|prod|production)$/i;

const keyProps = ({ project, environment, removalPolicy }: DataLakeZonesProps): EncryptionKeyProps => ({
  alias: `${project}/${environment}/lake`,
  description: `Encrypts the data lake of ${project}, ${environment}`,
  removalPolicy,
});

function profileOf(zoneId: string): ZoneSettings {
  return ZONE_PROFILES.find(([zone]) => zone.zoneId === zoneId)?.[1] ?? OWN_ZONE;
}

function tag(scope: IConstruct, tags: Record<string, string>): void {
  for (const [key, value] of Object.entries(tags)) Tags.of(scope).add(key, value);
}

/** Without the entries that are undefined: they would hide the profile's (jsii passes what is left out as undefined). */
function given(overrides: ZoneOverrides = {}): ZoneOverrides {
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
}

/** What every service that the lake tags allows, and CloudFormation. */
function tagProblems({ project, environment, owner }: DataLakeZonesProps): Problem[] {
  return Object.entries({ project, environment, owner })
    .filter(([, value]) => !Token.isUnresolved(value) && !/^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/iu.test(value))
    .map(([name, value]) => ({ ...REFUSALS.tagValue, received: `${name} ${JSON.stringify(value)}` }));
}

const unknownZone = (zoneId: string, zoneIds: readonly string[]): Problem => ({
  ...REFUSALS.unknownZone,
  received: `${JSON.stringify(zoneId)}; this lake has ${zoneIds.join(', ')}`,
});

function zoneProblems(zones: readonly Zone[]): Problem[] {
  if (zones.length === 0) return [{ ...REFUSALS.noZones, received: 'zones: []' }];
  return zones
    .filter(({ zoneId }, index) => zones.slice(0, index).some((other) => other.zoneId === zoneId))
    .map(({ zoneId }) => ({ ...REFUSALS.zoneTwice, received: JSON.stringify(zoneId) }));
}

function overrideProblems(zones: readonly Zone[], overrides: { readonly [zoneId: string]: ZoneOverrides }): Problem[] {
  const known = zones.map(({ zoneId }) => zoneId);
  return Object.keys(overrides)
    .filter((zoneId) => !known.includes(zoneId))
    .map((zoneId) => unknownZone(zoneId, known));
}

function parametersTakenProblems(scope: IConstruct, prefix: string | undefined): Problem[] {
  const other = prefix === undefined ? undefined : takenBy(scope, 'parameters', prefix);
  return other === undefined ? [] : [{ ...REFUSALS.parametersTaken, received: `${JSON.stringify(prefix)}, which is that of ${other}` }];
}

function removalProblems(
  { removalPolicy, environment, production = true }: DataLakeZonesProps,
  overrides: { readonly [zoneId: string]: ZoneOverrides },
): Problem[] {
  if (!production && !PRODUCTION.test(environment)) return [];
  const policies = {
    removalPolicy,
    ...Object.fromEntries(Object.entries(overrides).map(([id, zone]) => [`${id}: removalPolicy`, zone.removalPolicy])),
  };
  return Object.entries(policies)
    .filter(([, policy]) => policy === RemovalPolicy.DESTROY)
    .map(([prop]) => ({
      ...REFUSALS.destroysData,
      received: `${prop} DESTROY, production ${production}, environment ${JSON.stringify(environment)}`,
    }));
}
