import { ArnPrincipal, ServicePrincipal, Role, type CfnPolicy, type CfnRole } from 'aws-cdk-lib/aws-iam';
import { Key, type CfnKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockedEncryptionType,
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectLockRetention,
  ObjectOwnership,
  type CfnBucket,
  type CfnBucketPolicy,
} from 'aws-cdk-lib/aws-s3';
import { App, Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { DataLakeZones, DataWorksBucket, EncryptionKey, Versioning, Zone } from '../../src';

export const ACCOUNT = '111111111111';
export const ADMINISTRATOR = `arn:aws:iam::${ACCOUNT}:role/key-administrator`;

/** What an escape hatch is used on. */
export interface Target {
  readonly l2: Bucket;
  readonly bucket: CfnBucket;
  readonly policy: CfnBucketPolicy;
  readonly key: CfnKey;
  /** A key that its own policy alone governs. */
  readonly strictKey: CfnKey;
  readonly logs: CfnBucket;
  /** A bucket that keeps its objects. */
  readonly replica: CfnBucket;
  readonly role: CfnRole;
  readonly rights: CfnPolicy;
}

const child = (scope: IConstruct, ...ids: string[]): IConstruct => ids.reduce((node, id) => node.node.findChild(id), scope);

function targetOf(l2: Bucket, logs: IConstruct, replica: IConstruct, keys: readonly [IConstruct, IConstruct], role: IConstruct): Target {
  return {
    l2,
    bucket: l2.node.defaultChild as CfnBucket,
    policy: l2.policy!.node.defaultChild as CfnBucketPolicy,
    key: keys[0].node.defaultChild as CfnKey,
    strictKey: keys[1].node.defaultChild as CfnKey,
    logs: logs.node.defaultChild as CfnBucket,
    replica: replica.node.defaultChild as CfnBucket,
    role: role.node.defaultChild as CfnRole,
    rights: child(role, 'DefaultPolicy', 'Resource') as CfnPolicy,
  };
}

/** A lake and its surroundings with every option in use, and beside it the same in plain constructs. */
export function fixture(context: Record<string, unknown> = {}) {
  const app = new App({ context });
  const stack = new Stack(app, 'Stack', { env: { account: ACCOUNT, region: 'eu-central-1' } });
  return { app, stack, ours: ours(stack), neighbour: neighbour(stack) };
}

function ours(stack: Stack): Target {
  const administrators = [new ArnPrincipal(ADMINISTRATOR)];
  const strictKey = new EncryptionKey(stack, 'StrictKey', { alias: 'strict', administrators, keyPolicyOnly: true });
  const objectLock = ObjectLockRetention.governance(Duration.days(10));
  const replica = new DataWorksBucket(stack, 'Replica', { key: strictKey.key, objectLock });
  const lake = new DataLakeZones(stack, 'Lake', {
    project: 'dataworks',
    environment: 'dev',
    owner: 'data-platform',
    zones: [Zone.RAW],
    overrides: {
      raw: {
        objectLock,
        versioning: Versioning.expiringAfter(Duration.days(30), { keepNewest: 2 }),
        restrictedPrefixes: [{ prefix: 'team-a/', principalArns: [`arn:aws:iam::${ACCOUNT}:role/team-a`] }],
        replicateTo: replica,
        retention: Duration.days(400),
      },
    },
  });
  const raw = lake.rawZone;
  const role = child(raw, 'ReplicationRole');
  return targetOf(raw.bucket, lake.accessLogs.bucket, replica.bucket, [child(lake, 'Key', 'Resource'), child(strictKey, 'Resource')], role);
}

function neighbour(stack: Stack): Target {
  const key = new Key(stack, 'PlainKey', { enableKeyRotation: true });
  const strictKey = new Key(stack, 'PlainStrictKey', { enableKeyRotation: true });
  const logs = new Bucket(stack, 'PlainLogs', { lifecycleRules: [{ expiration: Duration.days(365) }] });
  const role = new Role(stack, 'PlainRole', { assumedBy: new ServicePrincipal('s3.amazonaws.com') });
  const replica = new Bucket(stack, 'PlainReplica', { versioned: true });
  replica.grantWrite(role);
  const bucket = new Bucket(stack, 'Plain', {
    encryption: BucketEncryption.KMS,
    encryptionKey: key,
    bucketKeyEnabled: true,
    blockedEncryptionTypes: [BlockedEncryptionType.SSE_C],
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    versioned: true,
    lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(7), noncurrentVersionExpiration: Duration.days(30) }],
    objectLockDefaultRetention: ObjectLockRetention.governance(Duration.days(10)),
    replicationRole: role,
    replicationRules: [{ destination: replica, priority: 1 }],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  (bucket.node.defaultChild as CfnBucket).loggingConfiguration = { destinationBucketName: logs.bucketName };
  Tags.of(bucket).add('classification', 'internal');
  return targetOf(bucket, logs, replica, [key, strictKey], role);
}
