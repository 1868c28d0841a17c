import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key as KmsKey } from 'aws-cdk-lib/aws-kms';
import { ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { propertiesOf, ZONE_TABLE } from './zone-table';
import {
  BucketName,
  DataClassification,
  DataLakeZones,
  DataWorksBucket,
  EncryptionKey,
  Versioning,
  Zone,
  type DataLakeZonesProps,
  type ZoneOverrides,
} from '../../src';
import type { Nothing } from '../support/synth';

const lake = (props: Partial<DataLakeZonesProps> = {}): Template => {
  const stack = new Stack(new App(), 'Stack');
  new DataLakeZones(stack, 'Lake', {
    project: 'dataworks',
    environment: 'dev',
    owner: 'data-platform',
    parameterPrefix: '/dataworks/dev/lake',
    ...props,
  });
  return Template.fromStack(stack);
};

interface BucketResource {
  readonly DeletionPolicy: string;
  readonly UpdateReplacePolicy: string;
  readonly Properties: {
    readonly Tags: Array<{ Key: string; Value: string }>;
    readonly [property: string]: unknown;
  };
}

describe('the thirteen zones', () => {
  const template = lake();
  const buckets = Object.values(template.findResources('AWS::S3::Bucket')) as BucketResource[];
  const tagOf = (bucket: BucketResource, key: string) => bucket.Properties.Tags.find(({ Key }) => Key === key)?.Value;
  const bucketOf = (zone: string) => buckets.find((bucket) => tagOf(bucket, 'zone') === zone)!;

  test('thirteen zones and the log bucket', () => {
    expect(buckets).toHaveLength(14);
  });

  test.each(ZONE_TABLE)('$zone', (row) => {
    const { Properties: properties, ...policies } = bucketOf(row.zone);
    const expected = propertiesOf(row);
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, properties[name]]))).toEqual(expected);
    expect(properties.LoggingConfiguration).toMatchObject({
      LogFilePrefix: `${row.zone}/`,
      TargetObjectKeyFormat: { PartitionedPrefix: { PartitionDateSource: 'EventTime' } },
    });
    expect(properties.BucketEncryption).toMatchObject({
      ServerSideEncryptionConfiguration: [
        {
          BucketKeyEnabled: true,
          BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
          ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' },
        },
      ],
    });
    expect(policies).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });

  test('every bucket refuses plain HTTP and TLS below 1.2', () => {
    const policies = Object.values(template.findResources('AWS::S3::BucketPolicy'));
    expect(policies).toHaveLength(14);
    for (const { Properties } of policies as Array<{ Properties: Record<string, unknown> }>) {
      expect(Properties.PolicyDocument).toMatchObject({
        Statement: expect.arrayContaining([
          expect.objectContaining({
            Effect: 'Deny',
            Action: 's3:*',
            Principal: { AWS: '*' },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
          expect.objectContaining({
            Effect: 'Deny',
            Action: 's3:*',
            Principal: { AWS: '*' },
            Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } },
          }),
        ]),
      });
    }
  });

  test('one key, which rotates, and its alias', () => {
    template.resourceCountIs('AWS::KMS::Key', 1);
    template.hasResource('AWS::KMS::Key', {
      Properties: { EnableKeyRotation: true, RotationPeriodInDays: 365, PendingWindowInDays: 30, KeySpec: 'SYMMETRIC_DEFAULT' },
      DeletionPolicy: 'RetainExceptOnCreate',
    });
    template.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/dataworks/dev/lake' });
  });

  test('names and ARNs of buckets, key and log bucket are published as parameters', () => {
    template.resourceCountIs('AWS::SSM::Parameter', 41);
    template.hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/dataworks/dev/lake/raw/bucket-name',
      Tags: Match.objectLike({ zone: 'raw' }),
    });
    template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/dataworks/dev/lake/key-arn' });
  });
});

test('only the log service may deliver, for one bucket and from one account', () => {
  const policies = Object.values(lake().findResources('AWS::S3::BucketPolicy')) as Array<{
    Properties: { PolicyDocument: { Statement: Array<Record<string, unknown>> } };
  }>;
  const deliveries = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement).filter(({ Effect }) => Effect === 'Allow');
  expect(deliveries).toHaveLength(13);
  for (const statement of deliveries) {
    expect(statement).toMatchObject({
      Action: 's3:PutObject',
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Condition: { ArnLike: { 'aws:SourceArn': expect.anything() }, StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
  }
});

test('all problems are reported at once, with code, path, value and fix', () => {
  const act = () => lake({ overrides: { rawe: {}, bronze: {} }, removalPolicy: RemovalPolicy.DESTROY, parameterPrefix: 'lake/' });
  expect(act).toThrow(/DW1021 at Stack\/Lake: .*"rawe".*\n.*DW1021.*"bronze".*\n.*DW1022.*DESTROY.*\n.*DW1023.*"lake\/"/);
});

test('an override changes one zone and nothing else', () => {
  const overridden = lake({ overrides: { domain: { events: true } } }).toJSON() as { Resources: Record<string, unknown> };
  const plain = lake().toJSON() as { Resources: Record<string, unknown> };
  const changed = Object.keys(plain.Resources).filter(
    (id) => JSON.stringify(plain.Resources[id]) !== JSON.stringify(overridden.Resources[id]),
  );
  expect(changed).toEqual([expect.stringMatching(/^Lakedomain[0-9A-F]{8}$/)]);
});

describe('the zones of a lake', () => {
  const build = (props: Partial<DataLakeZonesProps>) => {
    const stack = new Stack(new App(), 'Stack');
    return { stack, it: new DataLakeZones(stack, 'Lake', { project: 'p', environment: 'e', owner: 'o', ...props }) };
  };
  const zoneTags = (template: Template) =>
    Object.values(template.findResources('AWS::S3::Bucket') as Record<string, BucketResource>).map(
      ({ Properties }) => Properties.Tags.find(({ Key }) => Key === 'zone')?.Value,
    );

  test('are found by getter and by zone', () => {
    const { it } = build({});
    const getters: ReadonlyArray<readonly [Zone, DataWorksBucket]> = [
      [Zone.GLUE_JOBS, it.glueJobsZone],
      [Zone.RAW_ARCHIVE, it.rawArchiveZone],
      [Zone.RAW, it.rawZone],
      [Zone.STRUCTURED, it.structuredZone],
      [Zone.CURATED, it.curatedZone],
      [Zone.TEMP_RELOAD, it.tempReloadZone],
      [Zone.DOMAIN, it.domainZone],
      [Zone.SCHEMA_REGISTRY, it.schemaRegistryZone],
      [Zone.DOMAIN_CONFIG, it.domainConfigZone],
      [Zone.VIOLATION, it.violationZone],
      [Zone.LANDING, it.landingZone],
      [Zone.LANDING_PROCESS, it.landingProcessZone],
      [Zone.QUARANTINE, it.quarantineZone],
    ];
    expect(getters.map(([{ zoneId }]) => zoneId)).toEqual(ZONE_TABLE.map(({ zone }) => zone));
    for (const [zone, bucket] of getters) {
      expect(it.zone(zone)).toBe(bucket);
      expect(it.zone(Zone.of(zone.zoneId))).toBe(bucket);
      expect(bucket.node.id).toBe(zone.zoneId);
    }
  });

  test('can be fewer, and be joined by zones of your own', () => {
    const sandbox = Zone.of('sandbox');
    const { stack, it } = build({ zones: [Zone.RAW, sandbox], overrides: { sandbox: { events: true, retention: Duration.days(9) } } });
    const template = Template.fromStack(stack);
    expect(zoneTags(template)).toEqual(expect.arrayContaining(['raw', 'sandbox', undefined]));
    template.resourceCountIs('AWS::S3::Bucket', 3);
    template.hasResourceProperties('AWS::S3::Bucket', {
      Tags: Match.arrayWith([
        { Key: 'classification', Value: 'confidential' },
        { Key: 'zone', Value: 'sandbox' },
      ]),
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          { Id: 'expire-objects', ExpirationInDays: 9, Status: 'Enabled' },
          { Id: 'expire-noncurrent-versions', NoncurrentVersionExpiration: { NoncurrentDays: 30 }, Status: 'Enabled' },
        ]),
      },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
    expect(it.zone(sandbox).bucket).toBeDefined();
    expect(() => it.landingZone).toThrow('DW1021');
  });

  test('take overrides one property at a time', () => {
    const { stack } = build({
      zones: [Zone.CURATED],
      overrides: {
        curated: {
          archiveTiers: { archiveAfter: Duration.days(90) },
          bucketName: BucketName.explicit('curated-data'),
          classification: DataClassification.RESTRICTED,
          events: true,
          objectLock: ObjectLockRetention.governance(Duration.days(1)),
          removalPolicy: RemovalPolicy.DESTROY,
          versioning: Versioning.expiringAfter(Duration.days(5)),
        },
      },
      production: false,
    });
    Template.fromStack(stack).hasResource('AWS::S3::Bucket', {
      Properties: {
        BucketName: 'curated-data',
        IntelligentTieringConfigurations: [
          { Id: 'archive-tiers', Status: 'Enabled', Tierings: [{ AccessTier: 'ARCHIVE_ACCESS', Days: 90 }] },
        ],
        LifecycleConfiguration: {
          Rules: Match.arrayWith([
            { Id: 'transition-objects', Status: 'Enabled', Transitions: [{ StorageClass: 'INTELLIGENT_TIERING', TransitionInDays: 0 }] },
            { Id: 'expire-noncurrent-versions', NoncurrentVersionExpiration: { NoncurrentDays: 5 }, Status: 'Enabled' },
          ]),
        },
        NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
        ObjectLockEnabled: true,
        Tags: Match.arrayWith([{ Key: 'classification', Value: 'restricted' }]),
      },
      DeletionPolicy: 'Delete',
    });
  });

  test('keep their profile where an override is undefined', () => {
    const nothing: Nothing<ZoneOverrides> = {
      archiveTiers: undefined,
      bucketName: undefined,
      classification: undefined,
      events: undefined,
      key: undefined,
      objectLock: undefined,
      removalPolicy: undefined,
      replicateTo: undefined,
      restrictedPrefixes: undefined,
      retention: undefined,
      transitionMinimumObjectSize: undefined,
      transitions: undefined,
      versioning: undefined,
    };
    expect(lake({ overrides: { raw: nothing, 'temp-reload': nothing } }).toJSON()).toEqual(lake().toJSON());
  });

  test('can have a key of their own', () => {
    const stack = new Stack(new App(), 'Stack');
    const key = new EncryptionKey(stack, 'LandingKey', { alias: 'landing' });
    const overrides = { landing: { key: key.key } };
    const it = new DataLakeZones(stack, 'Lake', { project: 'p', environment: 'e', owner: 'o', parameterPrefix: '/lake', overrides });
    expect(it.landingZone.key).toBe(key.key);
    expect(it.rawZone.key).toBe(it.key);
    const arn = (id: string) => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(`^${id}`), 'Arn'] });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/lake/landing/key-arn', Value: arn('LandingKey') });
    template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/lake/raw/key-arn', Value: arn('LakeKey') });
    template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/lake/key-arn', Value: arn('LakeKey') });
  });

  test('can share a key that is given, and then the lake makes none', () => {
    const stack = new Stack(new App(), 'Stack');
    const { key } = new EncryptionKey(stack, 'Mine', { alias: 'mine' });
    expect(new DataLakeZones(stack, 'Lake', { project: 'p', environment: 'e', owner: 'o', key }).key).toBe(key);
    Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 1);
  });
});

test('by default and with undefined: no parameters, no outputs, logs for a year, everything kept', () => {
  const nothing: Nothing<DataLakeZonesProps> = {
    accessLogsRetention: undefined,
    key: undefined,
    outputs: undefined,
    overrides: undefined,
    parameterPrefix: undefined,
    production: undefined,
    removalPolicy: undefined,
    zones: undefined,
  };
  const template = lake(nothing);
  template.resourceCountIs('AWS::SSM::Parameter', 0);
  expect(template.findOutputs('*')).toEqual({});
  template.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: { Rules: Match.arrayWith([{ Id: 'expire-objects', ExpirationInDays: 365, Status: 'Enabled' }]) },
  });
  template.allResources('AWS::S3::Bucket', { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  template.allResources('AWS::S3::BucketPolicy', { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  template.allResources('AWS::KMS::Key', { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  expect(template.toJSON()).toEqual(lake({ parameterPrefix: undefined }).toJSON());
});

test('access logs are kept as long as it is said', () => {
  lake({ accessLogsRetention: Duration.days(30) }).hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: { Rules: Match.arrayWith([{ Id: 'expire-objects', ExpirationInDays: 30, Status: 'Enabled' }]) },
    LoggingConfiguration: Match.absent(),
  });
});

test('outside production the removal reaches key, zones and logs', () => {
  const template = lake({ production: false, removalPolicy: RemovalPolicy.DESTROY });
  template.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
  template.allResources('AWS::S3::BucketPolicy', { DeletionPolicy: 'Delete' });
  template.allResources('AWS::KMS::Key', { DeletionPolicy: 'Delete' });
});

test('outputs are for people to read: bucket names and the ARN of the key, not exported', () => {
  const outputs = Object.values(lake({ outputs: true }).findOutputs('*')) as Array<Record<string, unknown>>;
  expect(outputs).toHaveLength(14);
  for (const output of outputs) expect(Object.keys(output)).toEqual(['Value']);
  expect(outputs.map(({ Value }) => Value)).toContainEqual({ 'Fn::GetAtt': [expect.stringMatching(/^LakeKey/), 'Arn'] });
});

/** Resource types of a lake that CloudFormation can tag; the others have no `Tags`. */
const TAGGABLE = ['AWS::IAM::Role', 'AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::SSM::Parameter'];
const UNTAGGABLE = ['AWS::IAM::Policy', 'AWS::KMS::Alias', 'AWS::S3::BucketPolicy'];

test('everything that can be tagged says project, environment and owner, and what is of a zone also zone and classification', () => {
  const stack = new Stack(new App(), 'Stack');
  const replicateTo = new DataWorksBucket(stack, 'Copy', {
    key: KmsKey.fromKeyArn(stack, 'K', 'arn:aws:kms:eu-west-1:111122223333:key/k'),
  });
  const given = { project: 'p', environment: 'e', owner: 'o' };
  new DataLakeZones(stack, 'Lake', { ...given, parameterPrefix: '/lake', overrides: { raw: { replicateTo } } });
  const { Resources } = Template.fromStack(stack).toJSON() as {
    Resources: Record<string, { Type: string; Properties: { Tags?: Array<{ Key: string; Value: string }> | Record<string, string> } }>;
  };
  const ofTheLake = Object.entries(Resources).filter(([id]) => id.startsWith('Lake'));
  expect([...new Set(ofTheLake.map(([, { Type }]) => Type))].sort()).toEqual([...TAGGABLE, ...UNTAGGABLE].sort());

  for (const [id, { Type, Properties }] of ofTheLake.filter(([, resource]) => TAGGABLE.includes(resource.Type))) {
    const { Tags = {} } = Properties;
    const tags = Array.isArray(Tags) ? Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) : Tags;
    const zone = ZONE_TABLE.find((row) => new RegExp(`^Lake${row.zone.replaceAll('-', '')}([0-9A-F]{8}|P|R)`).test(id));
    const ofZone = zone ? { zone: zone.zone, classification: zone.classification } : {};
    expect([Type, id, tags]).toEqual([Type, id, { ...given, ...ofZone }]);
  }
});

test('no resource of two lakes clashes, and nothing that was passed is changed', () => {
  const stack = new Stack(new App(), 'Stack');
  const zones = Object.freeze([Zone.LANDING, Zone.RAW]) as Zone[];
  const overrides = Object.freeze({ raw: Object.freeze({ events: false }) });
  for (const environment of ['dev', 'test']) {
    new DataLakeZones(stack, environment, { project: 'p', environment, owner: 'o', zones, overrides });
  }
  Template.fromStack(stack).resourceCountIs('AWS::S3::Bucket', 6);
});
