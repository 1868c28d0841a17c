import { AccountPrincipal, ArnPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { ObjectLockRetention, StorageClass, TransitionDefaultMinimumObjectSize } from 'aws-cdk-lib/aws-s3';
import { App, Duration, RemovalPolicy, Stack, Validations, type Environment } from 'aws-cdk-lib/core';
import {
  AccessLogsBucket,
  BucketName,
  DataClassification,
  DataLakeZones,
  DataWorksBucket,
  EncryptionKey,
  HardenedBucket,
  ObjectEncryption,
  Versioning,
  Zone,
  ZoneReference,
} from '@dataworks/constructs';

/** Where stacks go: each partition, and a stack that does not say. */
export const PLACES = {
  aws: { account: '111111111111', region: 'eu-central-1' },
  'aws-us-gov': { account: '111111111111', region: 'us-gov-west-1' },
  'aws-cn': { account: '111111111111', region: 'cn-north-1' },
  agnostic: undefined,
} as const satisfies Record<string, Environment | undefined>;
export type Place = keyof typeof PLACES;

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly [section: string]: unknown;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly [attribute: string]: unknown;
}

/**
 * Every option of the constructs at least once, in three stacks.
 *
 * Imports the library by its name: the same file runs against the sources and against the packed library.
 *
 * @param flags context of the app
 * @returns the templates by stack
 */
export function everyOption(place: Place, flags: Readonly<Record<string, unknown>>): Record<string, Template> {
  const app = new App({ context: flags });
  const env = PLACES[place];
  const logs = new AccessLogsBucket(new Stack(app, 'Logs', { env }), 'Archive', {
    bucketName: BucketName.accountRegional('central-logs'),
    retention: Duration.days(731),
  });
  addLake(new Stack(app, 'Lake', { env }), logs);
  addConsumer(new Stack(app, 'Consumer', { env }));
  const { stacks } = app.synth();
  return Object.fromEntries(stacks.map(({ stackName, template }) => [stackName, template as Template]));
}

const days = (count: number): Duration => Duration.days(count);

function addLake(stack: Stack, logs: AccessLogsBucket): void {
  const id = 'Annotation::@aws-cdk/core:crossStackReferencesDefaultStrong';
  Validations.of(stack).acknowledge({ id, reason: 'One of the cases sets no flag' });
  const role = (resourceName: string): string => stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName });
  const guarded = new EncryptionKey(stack, 'GuardedKey', {
    alias: 'dataworks/dev/guarded',
    description: 'Used only by whom its policy names',
    administrators: [new ArnPrincipal(role('key-administrator'))],
    keyPolicyOnly: true,
    rotationPeriod: days(180),
    pendingWindow: days(14),
  });
  guarded.grantCloudTrail(stack.formatArn({ service: 'cloudtrail', resource: 'trail', resourceName: 'audit' }));
  guarded.grantLogGroup(stack.formatArn({ service: 'logs', resource: 'log-group:audit' }));
  const administered = new EncryptionKey(stack, 'AdministeredKey', {
    alias: 'dataworks/dev/administered',
    administrators: [new ArnPrincipal(role('key-administrator'))],
  });
  const deployed = new EncryptionKey(stack, 'DeployedKey', {
    alias: 'dataworks/dev/deployed',
    administrators: [new ArnPrincipal(role('key-administrator'))],
    keyPolicyOnly: true,
    deploymentRole: new ArnPrincipal(role('deployer')),
    removalPolicy: RemovalPolicy.DESTROY,
  });

  const replica = new DataWorksBucket(stack, 'Replica', {
    key: administered.key,
    bucketName: BucketName.explicit('dataworks-dev-replica'),
  });
  const sandbox = Zone.of('sandbox');
  const lake = new DataLakeZones(stack, 'Lake', {
    project: 'dataworks',
    environment: 'dev',
    owner: 'data-platform',
    zones: [Zone.RAW, Zone.STRUCTURED, Zone.CURATED, Zone.TEMP_RELOAD, Zone.DOMAIN, Zone.SCHEMA_REGISTRY, Zone.LANDING, sandbox],
    overrides: {
      raw: { key: guarded.key, events: false },
      structured: {
        versioning: Versioning.expiringAfter(days(400), {
          transitions: [{ storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, after: days(30) }],
          keepNewest: 3,
        }),
        transitions: [
          { storageClass: StorageClass.INFREQUENT_ACCESS, after: days(60) },
          { storageClass: StorageClass.DEEP_ARCHIVE, after: days(365) },
        ],
        transitionMinimumObjectSize: TransitionDefaultMinimumObjectSize.VARIES_BY_STORAGE_CLASS,
        retention: days(3650),
      },
      curated: { archiveTiers: { archiveAfter: days(90), deepArchiveAfter: days(180) }, replicateTo: replica },
      domain: { restrictedPrefixes: [{ prefix: 'team-a/', principalArns: [role('team-a')] }] },
      landing: { objectLock: ObjectLockRetention.governance(days(7)), bucketName: BucketName.accountRegional('dataworks-dev-landing') },
      sandbox: { versioning: Versioning.disabled(), classification: DataClassification.INTERNAL, removalPolicy: RemovalPolicy.DESTROY },
    },
    accessLogsRetention: days(90),
    parameterPrefix: '/dataworks/dev/lake',
    outputs: true,
    production: false,
  });
  new DataLakeZones(stack, 'Small', {
    project: 'dataworks',
    environment: 'small',
    owner: 'data-platform',
    zones: [Zone.QUARANTINE],
    key: administered.key,
    production: false,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const alone = new DataWorksBucket(stack, 'Alone', {
    key: administered.key,
    additionalKeys: [guarded.key],
    accessLogs: logs,
    accessLogsPrefix: 'alone/',
    events: true,
  });
  new HardenedBucket(stack, 'Public', { encryption: ObjectEncryption.s3Managed('Open data'), versioning: Versioning.keepingAll('Cited') });

  const analyst = new Role(stack, 'Analyst', { assumedBy: new AccountPrincipal(stack.account) });
  lake.rawZone.grantRead(analyst);
  lake.domainZone.grantReadWrite(analyst, 'team-a/*');
  lake.zone(sandbox).grantWrite(analyst);
  alone.grantDelete(analyst, 'old/*');
  administered.grantDecryptThroughS3(analyst);
  deployed.grantEncryptDecryptThroughS3(analyst);
}

function addConsumer(stack: Stack): void {
  const lake = DataLakeZones.fromParameters(stack, 'Lake', { prefix: '/dataworks/dev/lake' });
  const job = new Role(stack, 'Job', { assumedBy: new AccountPrincipal(stack.account) });
  lake.zone(Zone.RAW).grantRead(job);
  const keyArn = stack.formatArn({ service: 'kms', resource: 'key', resourceName: '1234abcd-12ab-34cd-56ef-1234567890ab' });
  new ZoneReference(stack, 'Elsewhere', { bucketName: 'sales-dev-curated', keyArn }).grantRead(job, 'reports/*');
  lake.key.grantDecrypt(job);
}
