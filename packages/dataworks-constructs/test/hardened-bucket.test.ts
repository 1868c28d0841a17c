import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ObjectLockRetention, StorageClass, TransitionDefaultMinimumObjectSize } from 'aws-cdk-lib/aws-s3';
import { CfnParameter, Duration, LegacyStackSynthesizer, RemovalPolicy, type Stack } from 'aws-cdk-lib/core';
import { HardenedBucket, ObjectEncryption, Versioning, type HardenedBucketProps } from '../src';
import { DeployedPolicies } from './support/iam';
import { ACCOUNT, newStack, REGION, rendered, synth, type Nothing } from './support/synth';

const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/own`;
const byKey = (stack: Stack) => ObjectEncryption.withKey(Key.fromKeyArn(stack, 'Key', KEY));

const template = (props: Partial<HardenedBucketProps> = {}) =>
  synth((stack) => {
    new HardenedBucket(stack, 'Bucket', { encryption: byKey(stack), ...props });
  });
const bucketOf = (props?: Partial<HardenedBucketProps>) => Template.fromJSON(template(props));

const has = (properties: object, props?: Partial<HardenedBucketProps>) => {
  bucketOf(props).hasResourceProperties('AWS::S3::Bucket', properties);
};

test('by default: private, encrypted by the key, versioned for 30 days, and nothing that was not asked for', () => {
  bucketOf().hasResource('AWS::S3::Bucket', {
    Properties: {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { KMSMasterKeyID: KEY, SSEAlgorithm: 'aws:kms' },
          },
        ],
      },
      LifecycleConfiguration: {
        Rules: [
          { Id: 'abort-incomplete-uploads', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, Status: 'Enabled' },
          { Id: 'expire-noncurrent-versions', NoncurrentVersionExpiration: { NoncurrentDays: 30 }, Status: 'Enabled' },
          { Id: 'remove-expired-delete-markers', ExpiredObjectDeleteMarker: true, Status: 'Enabled' },
        ],
        TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K',
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: { Status: 'Enabled' },
    },
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
  });
  for (const property of [
    'AccessControl',
    'BucketName',
    'IntelligentTieringConfigurations',
    'LoggingConfiguration',
    'NotificationConfiguration',
  ]) {
    has({ [property]: Match.absent() });
  }
  for (const property of ['ObjectLockConfiguration', 'ObjectLockEnabled', 'ReplicationConfiguration']) has({ [property]: Match.absent() });
});

test('no Lambda function is deployed, whatever is switched on', () => {
  bucketOf({ events: true, objectLock: ObjectLockRetention.governance(Duration.days(1)) }).resourceCountIs('AWS::Lambda::Function', 0);
});

test('SSE-S3 has no key and no bucket key', () => {
  has(
    {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
            BucketKeyEnabled: Match.absent(),
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256', KMSMasterKeyID: Match.absent() },
          },
        ],
      },
    },
    { encryption: ObjectEncryption.s3Managed('a test') },
  );
});

test('events go to EventBridge by the property of the bucket', () => {
  has({ NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } }, { events: true });
});

test('object lock, in both modes', () => {
  const versioning = Versioning.expiringAfter(Duration.days(60));
  for (const [Mode, objectLock] of [
    ['COMPLIANCE', ObjectLockRetention.compliance(Duration.days(60))],
    ['GOVERNANCE', ObjectLockRetention.governance(Duration.days(60))],
  ] as const) {
    has(
      {
        ObjectLockEnabled: true,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Days: 60, Mode } } },
      },
      { objectLock, versioning },
    );
  }
  expect(() =>
    bucketOf({ objectLock: ObjectLockRetention.governance(Duration.days(9)), versioning: Versioning.keepingAll('a test') }),
  ).not.toThrow();
});

test('the minimum size of objects that move', () => {
  has(
    { LifecycleConfiguration: { TransitionDefaultMinimumObjectSize: 'varies_by_storage_class' } },
    { transitionMinimumObjectSize: TransitionDefaultMinimumObjectSize.VARIES_BY_STORAGE_CLASS },
  );
});

test('removal only when it is said', () => {
  bucketOf({ removalPolicy: RemovalPolicy.DESTROY }).hasResource('AWS::S3::Bucket', {
    DeletionPolicy: 'Delete',
    UpdateReplacePolicy: 'Delete',
  });
});

test('encryption, versioning and restricted prefixes can be read', () => {
  const stack = newStack();
  const encryption = byKey(stack);
  const versioning = Versioning.disabled();
  const principalArns = [`arn:aws:iam::${ACCOUNT}:role/hr`];
  const bucket = new HardenedBucket(stack, 'Bucket', { encryption, versioning, restrictedPrefixes: [{ prefix: 'hr/', principalArns }] });
  expect(bucket).toMatchObject({ encryption, versioning, restrictedPrefixes: ['hr/'] });
});

interface Statement {
  readonly Sid?: string;
  readonly Resource: unknown;
  readonly Condition?: { readonly ArnNotLike?: Record<string, unknown> };
}

function statementsOf(stack: Stack): readonly Statement[] {
  const policies = new DeployedPolicies(rendered(stack), { account: ACCOUNT, region: REGION, values: { Prefix: 'p/' } });
  const bucket = policies.logicalId('AWS::S3::Bucket');
  return (policies.bucketPolicy(bucket) as { readonly Statement: readonly Statement[] }).Statement;
}

describe('restricted prefixes', () => {
  const role = `arn:aws:iam::${ACCOUNT}:role/hr`;
  const restrict = (stack: Stack, ...prefixes: string[]) => {
    const restrictedPrefixes = prefixes.map((prefix) => ({ prefix, principalArns: [role] }));
    new HardenedBucket(stack, 'Bucket', { encryption: byKey(stack), restrictedPrefixes });
    return statementsOf(stack).filter(({ Condition }) => Condition?.ArnNotLike);
  };

  test('are a statement each', () => {
    expect(restrict(newStack(), 'hr/', 'finance/2026/').map(({ Resource }) => Resource)).toEqual([
      'arn:aws:s3:::buckete75ea64c/hr/*',
      'arn:aws:s3:::buckete75ea64c/finance/2026/*',
    ]);
  });

  test('name the execution role of the bootstrap, if there is one', () => {
    const execution = `arn:aws:iam::${ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}`;
    expect(restrict(newStack(), 'hr/')[0].Condition?.ArnNotLike).toEqual({ 'aws:PrincipalArn': [role, execution] });
    const [alone] = restrict(newStack({ synthesizer: new LegacyStackSynthesizer() }), 'hr/');
    expect(alone.Condition?.ArnNotLike).toEqual({ 'aws:PrincipalArn': [role] });
  });

  test('may be tokens', () => {
    const stack = newStack();
    const prefix = new CfnParameter(stack, 'Prefix').valueAsString;
    expect(restrict(stack, prefix).map(({ Resource }) => Resource)).toEqual(['arn:aws:s3:::buckete75ea64c/p/*']);
  });
});

test('no Sid is given twice', () => {
  const stack = newStack();
  const principalArns = [`arn:aws:iam::${ACCOUNT}:role/hr`];
  const restrictedPrefixes = ['a/', 'b/'].map((prefix) => ({ prefix, principalArns }));
  new HardenedBucket(stack, 'Bucket', { encryption: byKey(stack), restrictedPrefixes });
  const sids = statementsOf(stack).flatMap(({ Sid }) => Sid ?? []);
  expect(sids).toEqual(['DenyOtherAlgorithm', 'DenyOtherKey', 'DenyUnnamedKey']);
});

test('undefined is as good as left out', () => {
  const nothing: Nothing<HardenedBucketProps> = {
    accessLogsBucket: undefined,
    accessLogsPrefix: undefined,
    archiveTiers: undefined,
    bucketName: undefined,
    events: undefined,
    objectLock: undefined,
    removalPolicy: undefined,
    replicateTo: undefined,
    restrictedPrefixes: undefined,
    retention: undefined,
    transitionMinimumObjectSize: undefined,
    transitions: undefined,
    versioning: undefined,
  };
  expect(template(nothing)).toEqual(template());
});

test('what is passed stays as it is', () => {
  const frozen = <T>(...values: T[]): T[] => Object.freeze(values) as T[];
  const transition = Object.freeze({ storageClass: StorageClass.GLACIER, after: Duration.days(1) });
  const restricted = Object.freeze({ prefix: 'hr/', principalArns: frozen(`arn:aws:iam::${ACCOUNT}:role/hr`) });
  expect(() =>
    synth((stack) => {
      const additional = frozen(Key.fromKeyArn(stack, 'Additional', `${KEY}2`));
      const bucket = new HardenedBucket(
        stack,
        'Bucket',
        Object.freeze({
          encryption: ObjectEncryption.withKey(Key.fromKeyArn(stack, 'Key', KEY), additional),
          versioning: Versioning.expiringAfter(Duration.days(30), Object.freeze({ transitions: frozen(transition) })),
          transitions: frozen(transition),
          archiveTiers: Object.freeze({ archiveAfter: Duration.days(90) }),
          restrictedPrefixes: frozen(restricted),
        }),
      );
      expect(bucket.bucket.encryptionKey).toBeDefined();
    }),
  ).not.toThrow();
});
