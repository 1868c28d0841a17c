import { AccountRootPrincipal, AnyPrincipal, Effect, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import {
  BlockedEncryptionType,
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectOwnership,
  StorageClass,
  TransitionDefaultMinimumObjectSize,
  type CfnBucket,
  type LifecycleRule,
} from 'aws-cdk-lib/aws-s3';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { CfnOutput, Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

interface ZoneRow {
  readonly id: string;
  readonly classification: string;
  /** Days until noncurrent versions expire; undefined: never. */
  readonly noncurrentDays?: number;
  readonly versioned?: false;
  readonly transition?: readonly [StorageClass, number];
  readonly retentionDays?: number;
  readonly events?: true;
}

const ZONES: readonly ZoneRow[] = [
  { id: 'glue-jobs', classification: 'internal', noncurrentDays: 90 },
  { id: 'raw-archive', classification: 'confidential', noncurrentDays: 90, transition: [StorageClass.GLACIER, 90] },
  { id: 'raw', classification: 'confidential', noncurrentDays: 30, transition: [StorageClass.INFREQUENT_ACCESS, 30], events: true },
  { id: 'structured', classification: 'confidential', noncurrentDays: 30, transition: [StorageClass.INFREQUENT_ACCESS, 180] },
  { id: 'curated', classification: 'confidential', noncurrentDays: 30, transition: [StorageClass.INTELLIGENT_TIERING, 0] },
  { id: 'temp-reload', classification: 'confidential', versioned: false, retentionDays: 7 },
  { id: 'domain', classification: 'confidential', noncurrentDays: 90 },
  { id: 'schema-registry', classification: 'internal', events: true },
  { id: 'domain-config', classification: 'internal', noncurrentDays: 90 },
  { id: 'violation', classification: 'confidential', noncurrentDays: 90, transition: [StorageClass.INFREQUENT_ACCESS, 90], events: true },
  { id: 'landing', classification: 'restricted', noncurrentDays: 7, events: true },
  { id: 'landing-process', classification: 'restricted', versioned: false, events: true },
  { id: 'quarantine', classification: 'restricted', noncurrentDays: 90, events: true },
];

const RETAIN = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
const ALGORITHM = 's3:x-amz-server-side-encryption';
const KEY_ID = 's3:x-amz-server-side-encryption-aws-kms-key-id';

/**
 * The lake as a team would write it that knows all of its rules and uses CDK's own constructs: what `DataLakeZones` is
 * measured against. Its template is the same but for the logical ids, which a test proves.
 */
export class HandWrittenLake extends Construct {
  public constructor(scope: Construct, id: string, environment: string) {
    super(scope, id);
    const prefix = `/dataworks/${environment}/lake`;
    const key = new Key(this, 'Key', {
      description: `Encrypts the data lake of dataworks, ${environment}`,
      enabled: true,
      enableKeyRotation: true,
      rotationPeriod: Duration.days(365),
      keySpec: KeySpec.SYMMETRIC_DEFAULT,
      keyUsage: KeyUsage.ENCRYPT_DECRYPT,
      multiRegion: false,
      pendingWindow: Duration.days(30),
      removalPolicy: RETAIN,
      policy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            sid: 'AccountDelegation',
            principals: [new AccountRootPrincipal()],
            actions: ['kms:*'],
            resources: ['*'],
          }),
        ],
      }),
    });
    new Alias(this, 'Alias', { aliasName: `alias/dataworks/${environment}/lake`, targetKey: key });

    const logs = new Bucket(this, 'Logs', {
      ...this.hardened([{ id: 'expire-objects', enabled: true, expiration: Duration.days(365) }, ...this.versionRules(30)]),
      encryption: BucketEncryption.S3_MANAGED,
      versioned: true,
    });
    logs.addToResourcePolicy(this.denyPut(logs, 'DenyOtherAlgorithm', this.other('StringNotEquals', ALGORITHM, 'AES256')));

    logs.policy!.applyRemovalPolicy(RETAIN);

    const parameter = (parameterName: string, stringValue: string) =>
      new StringParameter(this, parameterName.slice(prefix.length + 1).replace('/', '-'), { parameterName, stringValue });
    const buckets = ZONES.map((zone) => {
      const bucket = this.addZone(zone, key, logs);
      for (const one of [
        parameter(`${prefix}/${zone.id}/bucket-name`, bucket.bucketName),
        parameter(`${prefix}/${zone.id}/bucket-arn`, bucket.bucketArn),
        parameter(`${prefix}/${zone.id}/key-arn`, key.keyArn),
      ]) {
        Tags.of(one).add('zone', zone.id);
        Tags.of(one).add('classification', zone.classification);
      }
      return { zone, bucket };
    });
    parameter(`${prefix}/key-arn`, key.keyArn);
    parameter(`${prefix}/access-logs/bucket-name`, logs.bucketName);
    new CfnOutput(this, 'KeyArn', { value: key.keyArn });
    for (const { zone, bucket } of buckets) new CfnOutput(this, `${zone.id}-name`, { value: bucket.bucketName });

    Tags.of(this).add('project', 'dataworks');
    Tags.of(this).add('environment', environment);
    Tags.of(this).add('owner', 'data-platform');
  }

  private addZone(zone: ZoneRow, key: Key, logs: Bucket): Bucket {
    const versioned = zone.versioned ?? true;
    const bucket = new Bucket(this, zone.id, {
      ...this.hardened([
        ...(zone.transition
          ? [
              {
                id: 'transition-objects',
                enabled: true,
                transitions: [{ storageClass: zone.transition[0], transitionAfter: Duration.days(zone.transition[1]) }],
              },
            ]
          : []),
        ...(zone.retentionDays === undefined
          ? []
          : [{ id: 'expire-objects', enabled: true, expiration: Duration.days(zone.retentionDays) }]),
        ...(versioned ? this.versionRules(zone.noncurrentDays) : []),
      ]),
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      versioned,
    });
    const resource = bucket.node.defaultChild as CfnBucket;
    if (zone.events) resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    resource.loggingConfiguration = {
      destinationBucketName: logs.bucketName,
      logFilePrefix: `${zone.id}/`,
      targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: 'EventTime' } },
    };
    logs.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [logs.arnForObjects(`${zone.id}/*`)],
        conditions: {
          ArnLike: { 'aws:SourceArn': bucket.bucketArn },
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
        },
      }),
    );

    bucket.addToResourcePolicy(this.denyPut(bucket, 'DenyOtherAlgorithm', this.other('StringNotEquals', ALGORITHM, 'aws:kms')));
    bucket.addToResourcePolicy(this.denyPut(bucket, 'DenyOtherKey', this.other('ArnNotEquals', KEY_ID, [key.keyArn])));
    bucket.addToResourcePolicy(
      this.denyPut(bucket, 'DenyUnnamedKey', { StringEquals: { [ALGORITHM]: 'aws:kms' }, Null: { [KEY_ID]: 'true' } }),
    );
    bucket.policy!.applyRemovalPolicy(RETAIN);
    Tags.of(bucket).add('zone', zone.id);
    Tags.of(bucket).add('classification', zone.classification);
    return bucket;
  }

  private hardened(rules: LifecycleRule[]) {
    return {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockedEncryptionTypes: [BlockedEncryptionType.SSE_C],
      lifecycleRules: [{ id: 'abort-incomplete-uploads', enabled: true, abortIncompleteMultipartUploadAfter: Duration.days(7) }, ...rules],
      transitionDefaultMinimumObjectSize: TransitionDefaultMinimumObjectSize.ALL_STORAGE_CLASSES_128_K,
      removalPolicy: RETAIN,
    };
  }

  private versionRules(days: number | undefined): LifecycleRule[] {
    return [
      ...(days === undefined
        ? []
        : [{ id: 'expire-noncurrent-versions', enabled: true, noncurrentVersionExpiration: Duration.days(days) }]),
      { id: 'remove-expired-delete-markers', enabled: true, expiredObjectDeleteMarker: true },
    ];
  }

  private other(operator: string, header: string, value: unknown): Record<string, unknown> {
    return { Null: { [header]: 'false' }, [operator]: { [header]: value } };
  }

  private denyPut(bucket: Bucket, sid: string, conditions: Record<string, unknown>): PolicyStatement {
    return new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects('*')],
      conditions,
    });
  }
}
