import { StorageClass } from 'aws-cdk-lib/aws-s3';
import { Duration } from 'aws-cdk-lib/core';
import type { StorageTransition } from '../lifecycle';
import { Versioning } from '../versioning';
import { Zone } from './zone';

/** How much harm the data does in the wrong hands: a tag, for policies and audits. */
export enum DataClassification {
  /** For everybody in the company. */
  INTERNAL = 'internal',
  /** For those who work with it. */
  CONFIDENTIAL = 'confidential',
  /** Not looked at yet, or known to be sensitive. */
  RESTRICTED = 'restricted',
}

/** What makes a zone's bucket differ from the others. */
export interface ZoneSettings {
  /** Whether earlier versions are kept, and for how long. */
  readonly versioning: Versioning;
  /** Moves of current objects to cheaper storage. */
  readonly transitions: StorageTransition[];
  /** Age at which current objects are deleted. */
  readonly retention?: Duration;
  /** Whether object events go to EventBridge. */
  readonly events: boolean;
  /** Classification of the data. */
  readonly classification: DataClassification;
}

const { INTERNAL, CONFIDENTIAL, RESTRICTED } = DataClassification;
const days = (count: number): Duration => Duration.days(count);
const versions = (count: number): Versioning => Versioning.expiringAfter(days(count));
const to = (storageClass: StorageClass, after: number): StorageTransition[] => [{ storageClass, after: days(after) }];
const unversioned = Versioning.disabled();
const everySchema = Versioning.keepingAll('every version of a schema stays readable');

/** A zone of the user's own, until he says more. */
export const OWN_ZONE: ZoneSettings = { versioning: versions(30), transitions: [], events: false, classification: CONFIDENTIAL };

/** The thirteen zones. Data is never deleted silently: only the temp store expires its objects. */
export const ZONE_PROFILES: ReadonlyArray<readonly [Zone, ZoneSettings]> = [
  [Zone.GLUE_JOBS, { versioning: versions(90), transitions: [], events: false, classification: INTERNAL }],
  [Zone.RAW_ARCHIVE, { versioning: versions(90), transitions: to(StorageClass.GLACIER, 90), events: false, classification: CONFIDENTIAL }],
  [Zone.RAW, { versioning: versions(30), transitions: to(StorageClass.INFREQUENT_ACCESS, 30), events: true, classification: CONFIDENTIAL }],
  [
    Zone.STRUCTURED,
    { versioning: versions(30), transitions: to(StorageClass.INFREQUENT_ACCESS, 180), events: false, classification: CONFIDENTIAL },
  ],
  [
    Zone.CURATED,
    { versioning: versions(30), transitions: to(StorageClass.INTELLIGENT_TIERING, 0), events: false, classification: CONFIDENTIAL },
  ],
  [Zone.TEMP_RELOAD, { versioning: unversioned, transitions: [], retention: days(7), events: false, classification: CONFIDENTIAL }],
  [Zone.DOMAIN, { versioning: versions(90), transitions: [], events: false, classification: CONFIDENTIAL }],
  [Zone.SCHEMA_REGISTRY, { versioning: everySchema, transitions: [], events: true, classification: INTERNAL }],
  [Zone.DOMAIN_CONFIG, { versioning: versions(90), transitions: [], events: false, classification: INTERNAL }],
  [
    Zone.VIOLATION,
    { versioning: versions(90), transitions: to(StorageClass.INFREQUENT_ACCESS, 90), events: true, classification: CONFIDENTIAL },
  ],
  [Zone.LANDING, { versioning: versions(7), transitions: [], events: true, classification: RESTRICTED }],
  [Zone.LANDING_PROCESS, { versioning: unversioned, transitions: [], events: true, classification: RESTRICTED }],
  [Zone.QUARANTINE, { versioning: versions(90), transitions: [], events: true, classification: RESTRICTED }],
];
