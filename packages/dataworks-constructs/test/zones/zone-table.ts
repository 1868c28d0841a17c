/** One row of the reference table of zones, typed by hand: what a bucket must have, whatever the code says. */
export interface ZoneRow {
  readonly zone: string;
  /** Storage class and age in days of current objects. */
  readonly transition?: readonly [string, number];
  /** Age in days at which current objects are deleted. */
  readonly expiry?: number;
  /** Days until noncurrent versions are deleted. */
  readonly noncurrent: number | 'not versioned' | 'never';
  readonly events: boolean;
  readonly classification: 'internal' | 'confidential' | 'restricted';
}

export const ZONE_TABLE: readonly ZoneRow[] = [
  { zone: 'glue-jobs', noncurrent: 90, events: false, classification: 'internal' },
  { zone: 'raw-archive', transition: ['GLACIER', 90], noncurrent: 90, events: false, classification: 'confidential' },
  { zone: 'raw', transition: ['STANDARD_IA', 30], noncurrent: 30, events: true, classification: 'confidential' },
  { zone: 'structured', transition: ['STANDARD_IA', 180], noncurrent: 30, events: false, classification: 'confidential' },
  { zone: 'curated', transition: ['INTELLIGENT_TIERING', 0], noncurrent: 30, events: false, classification: 'confidential' },
  { zone: 'temp-reload', expiry: 7, noncurrent: 'not versioned', events: false, classification: 'confidential' },
  { zone: 'domain', noncurrent: 90, events: false, classification: 'confidential' },
  { zone: 'schema-registry', noncurrent: 'never', events: true, classification: 'internal' },
  { zone: 'domain-config', noncurrent: 90, events: false, classification: 'internal' },
  { zone: 'violation', transition: ['STANDARD_IA', 90], noncurrent: 90, events: true, classification: 'confidential' },
  { zone: 'landing', noncurrent: 7, events: true, classification: 'restricted' },
  { zone: 'landing-process', noncurrent: 'not versioned', events: true, classification: 'restricted' },
  { zone: 'quarantine', noncurrent: 90, events: true, classification: 'restricted' },
];

/** The row as CloudFormation writes it; undefined where the bucket must not have the property. */
export function propertiesOf({ zone, transition, expiry, noncurrent, events, classification }: ZoneRow) {
  const rules: object[] = [
    { Id: 'abort-incomplete-uploads', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, Status: 'Enabled' },
  ];
  if (transition) {
    const [StorageClass, TransitionInDays] = transition;
    rules.push({ Id: 'transition-objects', Transitions: [{ StorageClass, TransitionInDays }], Status: 'Enabled' });
  }
  if (expiry !== undefined) rules.push({ Id: 'expire-objects', ExpirationInDays: expiry, Status: 'Enabled' });
  if (typeof noncurrent === 'number') {
    rules.push({ Id: 'expire-noncurrent-versions', NoncurrentVersionExpiration: { NoncurrentDays: noncurrent }, Status: 'Enabled' });
  }
  if (noncurrent !== 'not versioned') {
    rules.push({ Id: 'remove-expired-delete-markers', ExpiredObjectDeleteMarker: true, Status: 'Enabled' });
  }
  return {
    LifecycleConfiguration: { Rules: rules, TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K' },
    VersioningConfiguration: noncurrent === 'not versioned' ? undefined : { Status: 'Enabled' },
    NotificationConfiguration: events ? { EventBridgeConfiguration: { EventBridgeEnabled: true } } : undefined,
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
    Tags: [
      { Key: 'classification', Value: classification },
      { Key: 'environment', Value: 'dev' },
      { Key: 'owner', Value: 'data-platform' },
      { Key: 'project', Value: 'dataworks' },
      { Key: 'zone', Value: zone },
    ],
  };
}
