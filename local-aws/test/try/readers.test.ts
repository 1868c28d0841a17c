import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ECRClient } from '@aws-sdk/client-ecr';
import type { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { answering } from './answering';
import { dynamoDbTableReader } from '../../try/readers/dynamodb-table';
import { ecrRepositoryReader } from '../../try/readers/ecr-repository';
import { iamManagedPolicyReader } from '../../try/readers/iam-managed-policy';
import { iamOidcProviderReader } from '../../try/readers/iam-oidc-provider';
import { iamPolicyReader } from '../../try/readers/iam-policy';
import { iamRoleReader } from '../../try/readers/iam-role';
import { kmsAliasReader } from '../../try/readers/kms-alias';
import { kmsKeyReader } from '../../try/readers/kms-key';
import { s3BucketReader } from '../../try/readers/s3-bucket';
import { s3BucketPolicyReader } from '../../try/readers/s3-bucket-policy';
import { ssmParameterReader } from '../../try/readers/ssm-parameter';

const trust = '{"Version":"2012-10-17"}';
const resource = { physicalId: 'id', properties: { Bucket: 'id' } };

describe('a bucket', () => {
  const nothing = {
    GetBucketEncryption: 'ServerSideEncryptionConfigurationNotFoundError',
    GetBucketLifecycleConfiguration: 'NoSuchLifecycleConfiguration',
    GetBucketOwnershipControls: 'OwnershipControlsNotFoundError',
    GetPublicAccessBlock: 'NoSuchPublicAccessBlockConfiguration',
    GetBucketTagging: 'NoSuchTagSet',
    GetObjectLockConfiguration: 'ObjectLockConfigurationNotFoundError',
    GetBucketReplication: 'ReplicationConfigurationNotFoundError',
  };
  const read = (answers: Readonly<Record<string, object | string>>) =>
    s3BucketReader(answering({ ...nothing, ...answers }) as unknown as S3Client).read(resource);

  test('of which nothing is set has no properties', async () => {
    expect(await read({})).toEqual({});
  });

  test.each<[string, Record<string, object>, object]>([
    [
      'encryption by a key',
      {
        GetBucketEncryption: {
          ServerSideEncryptionConfiguration: {
            Rules: [
              {
                ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'arn:key' },
                BucketKeyEnabled: true,
                BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
              },
            ],
          },
        },
      },
      {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            {
              ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'arn:key' },
              BucketKeyEnabled: true,
              BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
            },
          ],
        },
      },
    ],
    [
      'a bucket key that is off is the default',
      {
        GetBucketEncryption: {
          ServerSideEncryptionConfiguration: {
            Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
          },
        },
      },
      { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] } },
    ],
    [
      'lifecycle',
      {
        GetBucketLifecycleConfiguration: {
          TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K',
          Rules: [
            { ID: 'a', Status: 'Enabled', Filter: { Prefix: '' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
            { ID: 'b', Status: 'Enabled', Filter: { Prefix: 'x/' }, Transitions: [{ Days: 30, StorageClass: 'STANDARD_IA' }] },
            { ID: 'c', Status: 'Disabled', Expiration: { Days: 7 } },
            {
              ID: 'd',
              Status: 'Enabled',
              NoncurrentVersionExpiration: { NoncurrentDays: 30, NewerNoncurrentVersions: 3 },
              NoncurrentVersionTransitions: [{ NoncurrentDays: 10, StorageClass: 'GLACIER' }],
            },
            { ID: 'e', Status: 'Enabled', Expiration: { ExpiredObjectDeleteMarker: true } },
          ],
        },
      },
      {
        LifecycleConfiguration: {
          TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K',
          Rules: [
            { Id: 'a', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
            { Id: 'b', Status: 'Enabled', Prefix: 'x/', Transitions: [{ TransitionInDays: 30, StorageClass: 'STANDARD_IA' }] },
            { Id: 'c', Status: 'Disabled', ExpirationInDays: 7 },
            {
              Id: 'd',
              Status: 'Enabled',
              NoncurrentVersionExpiration: { NoncurrentDays: 30, NewerNoncurrentVersions: 3 },
              NoncurrentVersionTransitions: [{ TransitionInDays: 10, StorageClass: 'GLACIER' }],
            },
            { Id: 'e', Status: 'Enabled', ExpiredObjectDeleteMarker: true },
          ],
        },
      },
    ],
    [
      'access log',
      {
        GetBucketLogging: {
          LoggingEnabled: {
            TargetBucket: 'logs',
            TargetPrefix: 'raw/',
            TargetObjectKeyFormat: { PartitionedPrefix: { PartitionDateSource: 'EventTime' } },
          },
        },
      },
      {
        LoggingConfiguration: {
          DestinationBucketName: 'logs',
          LogFilePrefix: 'raw/',
          TargetObjectKeyFormat: { PartitionedPrefix: { PartitionDateSource: 'EventTime' } },
        },
      },
    ],
    [
      'access log without a prefix, in the simple format',
      { GetBucketLogging: { LoggingEnabled: { TargetBucket: 'logs', TargetPrefix: '', TargetObjectKeyFormat: { SimplePrefix: {} } } } },
      { LoggingConfiguration: { DestinationBucketName: 'logs', TargetObjectKeyFormat: { SimplePrefix: {} } } },
    ],
    [
      'events',
      { GetBucketNotificationConfiguration: { EventBridgeConfiguration: {} } },
      { NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } },
    ],
    [
      'ownership',
      { GetBucketOwnershipControls: { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } } },
      { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } },
    ],
    [
      'public access',
      { GetPublicAccessBlock: { PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: false } } },
      { PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: false } },
    ],
    [
      'tags, without those of CloudFormation',
      {
        GetBucketTagging: {
          TagSet: [
            { Key: 'zone', Value: 'raw' },
            { Key: 'aws:cloudformation:stack-name', Value: 'x' },
          ],
        },
      },
      { Tags: [{ Key: 'zone', Value: 'raw' }] },
    ],
    [
      'object lock',
      {
        GetObjectLockConfiguration: {
          ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 30 } } },
        },
      },
      {
        ObjectLockEnabled: true,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 30 } } },
      },
    ],
    [
      'archive tiers',
      {
        ListBucketIntelligentTieringConfigurations: {
          IntelligentTieringConfigurationList: [{ Id: 'a', Status: 'Enabled', Tierings: [{ AccessTier: 'ARCHIVE_ACCESS', Days: 90 }] }],
        },
      },
      { IntelligentTieringConfigurations: [{ Id: 'a', Status: 'Enabled', Tierings: [{ AccessTier: 'ARCHIVE_ACCESS', Days: 90 }] }] },
    ],
    [
      'replication',
      {
        GetBucketReplication: {
          ReplicationConfiguration: {
            Role: 'arn:role',
            Rules: [
              {
                ID: 'r',
                Status: 'Enabled',
                Priority: 1,
                Filter: { Prefix: '' },
                Destination: { Bucket: 'arn:bucket', EncryptionConfiguration: { ReplicaKmsKeyID: 'arn:key' } },
                DeleteMarkerReplication: { Status: 'Disabled' },
                SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
              },
            ],
          },
        },
      },
      {
        ReplicationConfiguration: {
          Role: 'arn:role',
          Rules: [
            {
              Id: 'r',
              Status: 'Enabled',
              Priority: 1,
              Filter: { Prefix: '' },
              Destination: { Bucket: 'arn:bucket', EncryptionConfiguration: { ReplicaKmsKeyID: 'arn:key' } },
              DeleteMarkerReplication: { Status: 'Disabled' },
              SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
            },
          ],
        },
      },
    ],
    ['versions', { GetBucketVersioning: { Status: 'Enabled' } }, { VersioningConfiguration: { Status: 'Enabled' } }],
  ])('%s', async (_name, answers, expected) => {
    expect(await read(answers)).toEqual(expected);
  });

  test.each<[string, Record<string, string>, string, object, string?]>([
    ['a name that was claimed', { BucketName: 'id' }, 'id', { BucketName: 'id' }],
    ['a name that S3 does not list', { BucketName: 'id' }, 'id', {}, 'other'],
    ['a name that CloudFormation made', {}, 'id', {}],
    [
      'a prefix in the account-regional namespace',
      { BucketNamePrefix: 'lake', BucketNamespace: 'account-regional' },
      'lake-111111111111-eu-central-1-an',
      { BucketNamePrefix: 'lake', BucketNamespace: 'account-regional' },
    ],
    ['a prefix that the name does not have', { BucketNamePrefix: 'lake', BucketNamespace: 'account-regional' }, 'lake', {}],
  ])('%s', async (_name, properties, physicalId, expected, listed = physicalId) => {
    const client = Object.assign(
      new S3Client({ region: 'eu-central-1' }), // the SDK's paginator asks for an instance
      answering({ ...nothing, ListBuckets: { Buckets: [{ Name: `${physicalId}-2` }, { Name: listed }] } }),
    );
    const reader = s3BucketReader(client);
    expect(await reader.read({ physicalId, properties })).toEqual(expected);
  });

  test('that cannot be read is an error, not an empty one', async () => {
    await expect(read({ GetBucketTagging: 'AccessDenied' })).rejects.toThrow('AccessDenied');
  });
});

test('a bucket policy, and a bucket without one', async () => {
  const read = (answer: object | string) =>
    s3BucketPolicyReader(answering({ GetBucketPolicy: answer }) as unknown as S3Client).read(resource);
  expect(await read({ Policy: '{"Statement":[]}' })).toEqual({ PolicyDocument: { Statement: [] } });
  expect(await read('NoSuchBucketPolicy')).toEqual({});
});

test('a key', async () => {
  const kms = answering({
    DescribeKey: {
      KeyMetadata: { Description: 'd', Enabled: true, KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT', MultiRegion: false },
    },
    GetKeyPolicy: { Policy: '{"Version":"2012-10-17"}' },
    GetKeyRotationStatus: { KeyRotationEnabled: true, RotationPeriodInDays: 365 },
    ListResourceTags: { Tags: [{ TagKey: 'a', TagValue: 'b' }] },
  });
  expect(await kmsKeyReader(kms as unknown as KMSClient).read(resource)).toEqual({
    Description: 'd',
    Enabled: true,
    EnableKeyRotation: true,
    KeyPolicy: { Version: '2012-10-17' },
    KeySpec: 'SYMMETRIC_DEFAULT',
    KeyUsage: 'ENCRYPT_DECRYPT',
    MultiRegion: false,
    RotationPeriodInDays: 365,
    Tags: [{ Key: 'a', Value: 'b' }],
  });
});

test('a key without a description, for which KMS answers an empty text', async () => {
  const kms = answering({ DescribeKey: { KeyMetadata: { Description: '' } } });
  expect(await kmsKeyReader(kms as unknown as KMSClient).read(resource)).toEqual({});
});

test.each([
  ['an alias, by the key that it names and by what that key says', ['other', 'id'], { AliasName: 'id', TargetKeyId: 'arn:key' }],
  ['an alias of which its key knows nothing', ['other'], { TargetKeyId: 'arn:key' }],
])('%s', async (_name, names, expected) => {
  const client = Object.assign(
    new KMSClient({ region: 'eu-central-1' }), // the SDK's paginator asks for an instance
    answering({ DescribeKey: { KeyMetadata: { Arn: 'arn:key' } }, ListAliases: { Aliases: names.map((AliasName) => ({ AliasName })) } }),
  );
  expect(await kmsAliasReader(client).read(resource)).toEqual(expected);
});

test('a parameter', async () => {
  const ssm = answering({
    GetParameter: { Parameter: { Name: '/a', Type: 'String', Value: 'v' } },
    ListTagsForResource: { TagList: [] },
  });
  expect(await ssmParameterReader(ssm as unknown as SSMClient).read(resource)).toEqual({ Name: '/a', Type: 'String', Value: 'v' });
});

test('a parameter with what only its description tells', async () => {
  const ssm = answering({
    GetParameter: { Parameter: { Name: '/a', Type: 'String', Value: 'v' } },
    DescribeParameters: { Parameters: [{ Description: 'text', AllowedPattern: 'v+' }] },
  });
  expect(await ssmParameterReader(ssm as unknown as SSMClient).read(resource)).toMatchObject({ Description: 'text', AllowedPattern: 'v+' });
});

describe('a repository', () => {
  const plain = { repositoryName: 'images', repositoryArn: 'arn:images', encryptionConfiguration: { encryptionType: 'AES256' } };
  const without = { GetRepositoryPolicy: 'RepositoryPolicyNotFoundException', GetLifecyclePolicy: 'LifecyclePolicyNotFoundException' };
  const read = (repository: object, answers: Readonly<Record<string, object | string>>, properties = {}) =>
    ecrRepositoryReader(
      answering({ DescribeRepositories: { repositories: [{ ...plain, ...repository }] }, ...answers }) as unknown as ECRClient,
    ).read({ physicalId: 'images', properties });

  test('of which nothing is set has no properties', async () => {
    const defaults = { imageTagMutability: 'MUTABLE', imageScanningConfiguration: { scanOnPush: false } };
    expect(await read(defaults, without)).toEqual({});
  });

  test('with everything', async () => {
    const answers = {
      GetRepositoryPolicy: { policyText: trust },
      GetLifecyclePolicy: { lifecyclePolicyText: '{"rules":[]}' },
      ListTagsForResource: { tags: [{ Key: 'a', Value: 'b' }] },
    };
    const set = { imageTagMutability: 'IMMUTABLE', imageScanningConfiguration: { scanOnPush: true } };
    expect(await read(set, answers, { RepositoryName: 'images', EncryptionConfiguration: {} })).toEqual({
      EncryptionConfiguration: { EncryptionType: 'AES256' },
      ImageScanningConfiguration: { ScanOnPush: true },
      ImageTagMutability: 'IMMUTABLE',
      LifecyclePolicy: { LifecyclePolicyText: '{"rules":[]}' },
      RepositoryName: 'images',
      RepositoryPolicyText: { Version: '2012-10-17' },
      Tags: [{ Key: 'a', Value: 'b' }],
    });
  });
});

test('a role, without what IAM gives every role', async () => {
  const role = { RoleName: 'made-up', Description: '', MaxSessionDuration: 3600, AssumeRolePolicyDocument: encodeURIComponent(trust) };
  const read = (Role: object, properties = {}) =>
    iamRoleReader(
      answering({
        GetRole: { Role },
        ListAttachedRolePolicies: { AttachedPolicies: [{ PolicyArn: 'arn:b' }, { PolicyArn: 'arn:a' }] },
      }) as unknown as IAMClient,
    ).read({ physicalId: 'made-up', properties });
  expect(await read(role)).toEqual({ AssumeRolePolicyDocument: JSON.parse(trust), ManagedPolicyArns: ['arn:a', 'arn:b'] });
  const boundary = { PermissionsBoundary: { PermissionsBoundaryArn: 'arn:limit' } };
  expect(await read({ ...role, ...boundary, Description: 'd', MaxSessionDuration: 7200 }, { RoleName: 'made-up' })).toMatchObject({
    RoleName: 'made-up',
    Description: 'd',
    MaxSessionDuration: 7200,
    PermissionsBoundary: 'arn:limit',
  });
});

test('an inline policy, the same in all of its roles', async () => {
  const read = (document: (role: string) => string) => {
    const send = ({ input: { RoleName, PolicyName } }: { input: { RoleName: string; PolicyName: string } }) =>
      Promise.resolve({ RoleName, PolicyName, PolicyDocument: encodeURIComponent(document(RoleName)) });
    return iamPolicyReader({ send } as unknown as IAMClient).read({ physicalId: 'p', properties: { PolicyName: 'p', Roles: ['a', 'b'] } });
  };
  expect(await read(() => trust)).toEqual({ PolicyName: 'p', Roles: ['a', 'b'], PolicyDocument: JSON.parse(trust) });
  await expect(read((role) => `"${role}"`)).rejects.toThrow('Policy p differs between its roles');
});

test("a role's own inline policies, where its template claims some", async () => {
  const iam = answering({
    GetRole: { Role: {} },
    ListAttachedRolePolicies: {},
    ListRolePolicies: { PolicyNames: ['p'] },
    GetRolePolicy: { PolicyName: 'p', PolicyDocument: encodeURIComponent(trust) },
  }) as unknown as IAMClient;
  const policies = [{ PolicyName: 'p', PolicyDocument: JSON.parse(trust) as object }];
  expect(await iamRoleReader(iam).read({ physicalId: 'r', properties: { Policies: [] } })).toEqual({ Policies: policies });
  expect(await iamRoleReader(iam).read({ physicalId: 'r', properties: {} })).toEqual({});
});

test('a managed policy, by its default version and without a name that nobody chose', async () => {
  const Policy = { PolicyName: 'made-up', Path: '/', Description: '', DefaultVersionId: 'v2' };
  const read = (more: object, properties = {}) =>
    iamManagedPolicyReader(
      answering({
        GetPolicy: { Policy: { ...Policy, ...more } },
        GetPolicyVersion: { PolicyVersion: { Document: encodeURIComponent(trust) } },
      }) as unknown as IAMClient,
    ).read({ physicalId: 'arn:policy', properties });
  expect(await read({})).toEqual({ PolicyDocument: JSON.parse(trust) });
  expect(await read({ Path: '/x/', Description: 'd' }, { ManagedPolicyName: 'made-up' })).toMatchObject({
    ManagedPolicyName: 'made-up',
    Path: '/x/',
    Description: 'd',
  });
});

test('an OIDC provider, with the scheme that IAM leaves out', async () => {
  const read = (found: object) =>
    iamOidcProviderReader(answering({ GetOpenIDConnectProvider: found }) as unknown as IAMClient).read(resource);
  expect(await read({ Url: 'issuer.example.com', ClientIDList: [], ThumbprintList: [] })).toEqual({ Url: 'https://issuer.example.com' });
  expect(
    await read({ Url: 'https://issuer.example.com', ClientIDList: ['a'], ThumbprintList: ['b'], Tags: [{ Key: 'k', Value: 'v' }] }),
  ).toEqual({
    Url: 'https://issuer.example.com',
    ClientIdList: ['a'],
    ThumbprintList: ['b'],
    Tags: [{ Key: 'k', Value: 'v' }],
  });
});

describe('a table', () => {
  const keys = {
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  };
  const throughput = { ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 6 } };
  const read = (table: object, recovery: object, living: object, properties: object) =>
    dynamoDbTableReader(
      answering({
        DescribeTable: { Table: { TableName: 'made-up', ...keys, ...throughput, ...table } },
        DescribeContinuousBackups: { ContinuousBackupsDescription: { PointInTimeRecoveryDescription: recovery } },
        DescribeTimeToLive: { TimeToLiveDescription: living },
        ListTagsOfResource: { Tags: [{ Key: 'aws:cloudformation:stack-name', Value: 's' }] },
      }) as unknown as DynamoDBClient,
    ).read({ physicalId: 'made-up', properties: properties as Record<string, never> });

  test('that says nothing is provisioned, and has nothing else', async () => {
    const off = { PointInTimeRecoveryStatus: 'DISABLED' };
    expect(await read({ DeletionProtectionEnabled: false }, off, { TimeToLiveStatus: 'DISABLED' }, {})).toEqual({ ...keys, ...throughput });
  });

  test('with everything', async () => {
    const table = {
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      DeletionProtectionEnabled: true,
      SSEDescription: { Status: 'ENABLED', KMSMasterKeyArn: 'arn:key' },
      TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
    };
    const recovery = { PointInTimeRecoveryStatus: 'ENABLED', RecoveryPeriodInDays: 20 };
    const living = { TimeToLiveStatus: 'ENABLED', AttributeName: 'until' };
    const claimed = { TableName: 'made-up', SSESpecification: { SSEEnabled: true, KMSMasterKeyId: 'arn:key' } };
    expect(await read(table, recovery, living, claimed)).toEqual({
      ...keys,
      ...claimed,
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 20 },
      TableClass: 'STANDARD_INFREQUENT_ACCESS',
      TimeToLiveSpecification: { AttributeName: 'until', Enabled: true },
    });
    expect(await read(table, recovery, living, { SSESpecification: { SSEEnabled: true } })).toMatchObject({
      SSESpecification: { SSEEnabled: true },
    });
  });
});
