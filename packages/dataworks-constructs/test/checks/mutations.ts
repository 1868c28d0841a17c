import {
  AnyPrincipal,
  ArnPrincipal,
  FederatedPrincipal,
  ManagedPolicy,
  PolicyStatement,
  ServicePrincipal,
  type CfnPolicy,
  type Role,
} from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { CfnBucketPolicy, EventType, StorageClass, type Bucket, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { App, Aspects, CfnCondition, CfnDeletionPolicy, CfnParameter, Duration, Fn, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib/core';
import { ACCOUNT, ADMINISTRATOR, type Target } from './fixture';
import { at, list } from '../../src/checks/json';

/** By which way a mutation gets past the API of a construct. */
export type Hatch =
  | 'property override'
  | 'override'
  | 'deletion override'
  | 'assigned property'
  | 'aspect'
  | 'statement added later'
  | 'removed child'
  | 'added resource'
  | 'L2 call';

export interface Mutation {
  /** The check that must find it. */
  readonly id: string;
  readonly hatch: Hatch;
  readonly what: string;
  /** Which resource is reported. */
  readonly at: keyof Omit<Target, 'l2' | 'policy'>;
  readonly mutate: (target: Target) => void;
  /** Checks that see the same from another side. */
  readonly also?: readonly string[];
}

interface StatementJson {
  Sid?: string;
  Effect: unknown;
  Condition?: Record<string, Record<string, unknown>>;
  [element: string]: unknown;
}

const policyOf = (policy: CfnBucketPolicy | CfnPolicy): StatementJson[] =>
  (Stack.of(policy).resolve(policy.policyDocument) as { Statement: StatementJson[] }).Statement;

const has =
  (text: string) =>
  (statement: StatementJson): boolean =>
    JSON.stringify(statement).includes(text);

/** Change the statements of the bucket's policy that hold a text; undefined takes one out. */
function rewrite({ policy }: Target, text: string, change: (statement: StatementJson) => StatementJson | undefined): void {
  const statements = policyOf(policy).map((statement) => (has(text)(statement) ? change(statement) : statement));
  policy.addPropertyOverride(
    'PolicyDocument.Statement',
    statements.filter((statement) => statement !== undefined),
  );
}

/** Change the statements that let S3 deliver logs; undefined takes one out. */
function rewriteDeliveries({ logs }: Target, change: (statement: StatementJson) => StatementJson | undefined): void {
  const policy = (logs.node.scope as Bucket).policy?.node.defaultChild as CfnBucketPolicy | undefined;
  policy?.addPropertyOverride(
    'PolicyDocument.Statement',
    policyOf(policy)
      .map((statement) => (statement.Effect === 'Deny' ? statement : change(statement)))
      .filter((statement) => statement !== undefined),
  );
}

const onVisit = (target: Target, visit: (bucket: CfnBucket) => void): void => {
  Aspects.of(Stack.of(target.bucket)).add({
    visit: (node) => {
      if (node === target.bucket) visit(target.bucket);
    },
  });
};

const l2Key = ({ key }: Target) => key.node.scope as Key;
const l2Role = ({ role }: Target) => role.node.scope as Role;

const lifecycleRule = (target: Target, rule: CfnBucket.RuleProperty): void => {
  const { rules } = Stack.of(target.bucket).resolve(target.bucket.lifecycleConfiguration) as { rules: CfnBucket.RuleProperty[] };
  target.bucket.lifecycleConfiguration = { rules: [...rules, rule] };
};

const BLOCKED = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };

const ENCRYPTION = 'BucketEncryption.ServerSideEncryptionConfiguration.0';

/** A lifecycle as it is rendered, without the expiration of objects. */
const HYGIENE = [
  { Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
  { Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 30, NewerNoncurrentVersions: 2 } },
];

const ALLOW_ANYBODY = { actions: ['s3:GetObject'], principals: [new AnyPrincipal()] };

const keyStatement = (target: Target, statement: PolicyStatement, which: 'key' | 'strictKey' = 'key'): void => {
  const document = Stack.of(target[which]).resolve(target[which].keyPolicy) as { Statement: unknown[] };
  target[which].addPropertyOverride('KeyPolicy.Statement', [
    ...document.Statement,
    Stack.of(target[which]).resolve(statement.toStatementJson()),
  ]);
};

const expandRights = (target: Target, statement: StatementJson): void => {
  target.rights.addPropertyOverride('PolicyDocument.Statement', [...policyOf(target.rights), statement]);
};

const extraRule =
  (rule: Record<string, unknown>) =>
  ({ bucket }: Target): void => {
    bucket.addPropertyOverride('LifecycleConfiguration.Rules.20', rule);
  };

const EXFILTRATION = { Status: 'Enabled', Priority: 2, Filter: { Prefix: '' }, Destination: { Bucket: 'arn:aws:s3:::stranger' } };

/** Somebody of another account. */
const STRANGER = 'arn:aws:iam::999999999999:role/stranger';

export const MUTATIONS: readonly Mutation[] = [
  // Who may come
  {
    id: 'DataWorks-S3-PublicAccessBlock',
    hatch: 'property override',
    what: 'public ACLs are accepted',
    also: ['DataWorks-S3BucketLevelPublicAccessProhibited'],
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyOverride('PublicAccessBlockConfiguration.BlockPublicAcls', false);
    },
  },
  {
    id: 'DataWorks-S3-PublicAccessBlock',
    hatch: 'deletion override',
    what: 'nothing blocks public access',
    also: ['DataWorks-S3BucketPublicReadProhibited', 'DataWorks-S3BucketPublicWriteProhibited'],
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyDeletionOverride('PublicAccessBlockConfiguration');
    },
  },
  {
    id: 'DataWorks-S3-PublicAccessBlock',
    hatch: 'assigned property',
    what: 'nothing blocks public access',
    also: ['DataWorks-S3BucketPublicReadProhibited', 'DataWorks-S3BucketPublicWriteProhibited'],
    at: 'bucket',
    mutate: ({ bucket }) => (bucket.publicAccessBlockConfiguration = undefined),
  },
  {
    id: 'DataWorks-S3-PublicAccessBlock',
    hatch: 'aspect',
    what: 'public policies are accepted',
    also: [
      'DataWorks-S3BucketLevelPublicAccessProhibited',
      'DataWorks-S3BucketPublicReadProhibited',
      'DataWorks-S3BucketPublicWriteProhibited',
    ],
    at: 'bucket',
    mutate: (target) => {
      onVisit(target, (bucket) => (bucket.publicAccessBlockConfiguration = { ...BLOCKED, blockPublicPolicy: false }));
    },
  },
  {
    id: 'DataWorks-S3-PublicAccessBlock',
    hatch: 'override',
    what: 'a parameter decides',
    also: ['DataWorks-S3BucketLevelPublicAccessProhibited'],
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addOverride('Properties.PublicAccessBlockConfiguration.RestrictPublicBuckets', { Ref: 'AWS::NoValue' });
    },
  },
  {
    id: 'DataWorks-S3-ObjectOwnership',
    hatch: 'property override',
    what: 'writers own what they write',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyOverride('OwnershipControls.Rules.0.ObjectOwnership', 'ObjectWriter');
    },
  },
  {
    id: 'DataWorks-S3-ObjectOwnership',
    hatch: 'assigned property',
    what: 'ACLs are on',
    at: 'bucket',
    mutate: ({ bucket }) => (bucket.ownershipControls = { rules: [{ objectOwnership: 'BucketOwnerPreferred' }] }),
  },
  {
    id: 'DataWorks-S3-ObjectOwnership',
    hatch: 'deletion override',
    what: 'no ownership',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addDeletionOverride('Properties.OwnershipControls');
    },
  },
  {
    id: 'DataWorks-S3-BucketPolicy',
    hatch: 'removed child',
    what: 'no policy',
    also: ['DataWorks-S3BucketSSLRequestsOnly'],
    at: 'bucket',
    mutate: ({ l2 }) => l2.node.tryRemoveChild('Policy'),
  },
  {
    id: 'DataWorks-S3-BucketPolicy',
    hatch: 'override',
    what: 'the policy belongs to another bucket',
    also: ['DataWorks-S3BucketSSLRequestsOnly'],
    at: 'bucket',
    mutate: ({ policy }) => {
      policy.addOverride('Properties.Bucket', 'another-bucket');
    },
  },
  {
    id: 'DataWorks-S3-BucketPolicy',
    hatch: 'assigned property',
    what: 'a condition decides whether there is a policy',
    also: ['DataWorks-S3BucketSSLRequestsOnly'],
    at: 'bucket',
    mutate: ({ policy }) => {
      policy.cfnOptions.condition = new CfnCondition(policy, 'Sometimes', { expression: Fn.conditionEquals(Fn.ref('AWS::Region'), 'x') });
    },
  },
  {
    id: 'DataWorks-S3-BucketPolicy',
    hatch: 'added resource',
    what: 'a second policy replaces the first',
    at: 'bucket',
    mutate: ({ l2 }) => {
      new CfnBucketPolicy(Stack.of(l2), `Second${l2.node.addr}`, { bucket: l2.bucketName, policyDocument: { Statement: [] } });
    },
  },
  {
    id: 'DataWorks-S3-PlainHttp',
    hatch: 'property override',
    what: 'an empty policy',
    also: [
      'DataWorks-S3-OtherAlgorithm',
      'DataWorks-S3-OtherKey',
      'DataWorks-S3-RestrictedPrefix',
      'DataWorks-S3-TlsFloor',
      'DataWorks-S3-UnnamedKey',
      'DataWorks-S3BucketSSLRequestsOnly',
    ],
    at: 'bucket',
    mutate: ({ policy }) => {
      policy.addPropertyOverride('PolicyDocument.Statement', []);
    },
  },
  {
    id: 'DataWorks-S3-PlainHttp',
    hatch: 'assigned property',
    what: 'the denial is taken out',
    also: ['DataWorks-S3BucketSSLRequestsOnly'],
    at: 'bucket',
    mutate: ({ policy }) => {
      policy.policyDocument = { Version: '2012-10-17', Statement: policyOf(policy).filter((one) => !has('aws:SecureTransport')(one)) };
    },
  },
  {
    id: 'DataWorks-S3-PlainHttp',
    hatch: 'property override',
    what: 'the denial is limited to one account',
    at: 'bucket',
    mutate: (target) => {
      rewrite(target, 'aws:SecureTransport', (statement) => ({
        ...statement,
        Condition: { ...statement.Condition, StringEquals: { 'aws:PrincipalAccount': '999999999999' } },
      }));
    },
  },
  {
    id: 'DataWorks-S3-PlainHttp',
    hatch: 'property override',
    what: 'the denial is limited to the bucket, without its objects',
    also: ['DataWorks-S3BucketSSLRequestsOnly'],
    at: 'bucket',
    mutate: (target) => {
      rewrite(target, 'aws:SecureTransport', (statement) => ({ ...statement, Resource: (statement.Resource as unknown[]).slice(0, 1) }));
    },
  },
  {
    id: 'DataWorks-S3-TlsFloor',
    hatch: 'property override',
    what: 'TLS 1.0 is accepted',
    at: 'bucket',
    mutate: (target) => {
      rewrite(target, 's3:TlsVersion', (statement) => ({ ...statement, Condition: { NumericLessThan: { 's3:TlsVersion': 1 } } }));
    },
  },
  {
    id: 'DataWorks-S3-TlsFloor',
    hatch: 'property override',
    what: 'the denial is taken out',
    at: 'bucket',
    mutate: (target) => {
      rewrite(target, 's3:TlsVersion', () => undefined);
    },
  },
  {
    id: 'DataWorks-S3-OpenPolicy',
    hatch: 'property override',
    what: 'a parameter decides whether a statement allows',
    at: 'bucket',
    mutate: ({ policy }) => {
      const effect = new CfnParameter(policy, 'Effect', { default: 'Deny' });
      policy.addPropertyOverride('PolicyDocument.Statement', [
        ...policyOf(policy),
        { Effect: effect.valueAsString, Principal: { AWS: ADMINISTRATOR }, Action: 's3:GetObject', Resource: 'arn:aws:s3:::it/*' },
      ]);
    },
  },
  {
    id: 'DataWorks-S3-OpenPolicy',
    hatch: 'statement added later',
    what: 'everybody reads',
    at: 'bucket',
    mutate: ({ l2 }) => l2.addToResourcePolicy(new PolicyStatement({ ...ALLOW_ANYBODY, resources: [l2.arnForObjects('*')] })),
  },
  {
    id: 'DataWorks-S3-OpenPolicy',
    hatch: 'statement added later',
    what: 'everybody with a condition that limits nothing reads',
    at: 'bucket',
    mutate: ({ l2 }) =>
      l2.addToResourcePolicy(
        new PolicyStatement({
          ...ALLOW_ANYBODY,
          resources: [l2.arnForObjects('*')],
          conditions: { StringLike: { 'aws:PrincipalArn': '*' }, StringEquals: { 'aws:UserAgent': 'curl' } },
        }),
      ),
  },
  ...[
    { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } },
    { StringLike: { 'aws:SourceIp': '192.0.2.1' } },
    { StringNotEquals: { 'aws:PrincipalAccount': '999999999999' } },
    { StringEqualsIfExists: { 'aws:PrincipalAccount': '111111111111' } },
  ].map((conditions): Mutation => ({
    id: 'DataWorks-S3-OpenPolicy',
    hatch: 'statement added later',
    what: `everybody reads under ${JSON.stringify(conditions)}`,
    at: 'bucket',
    mutate: ({ l2 }) => l2.addToResourcePolicy(new PolicyStatement({ ...ALLOW_ANYBODY, resources: [l2.arnForObjects('*')], conditions })),
  })),
  {
    id: 'DataWorks-S3-OpenPolicy',
    hatch: 'statement added later',
    what: 'everybody but one reads',
    at: 'bucket',
    mutate: ({ l2 }) =>
      l2.addToResourcePolicy(
        new PolicyStatement({
          actions: ['s3:GetObject'],
          notPrincipals: [new ArnPrincipal(ADMINISTRATOR)],
          resources: [l2.arnForObjects('*')],
        }),
      ),
  },
  {
    id: 'DataWorks-S3-ServiceAccess',
    hatch: 'statement added later',
    what: 'a service writes for anybody',
    at: 'bucket',
    mutate: ({ l2 }) =>
      l2.addToResourcePolicy(
        new PolicyStatement({
          actions: ['s3:PutObject'],
          principals: [new ServicePrincipal('cloudtrail.amazonaws.com')],
          resources: [l2.arnForObjects('*')],
        }),
      ),
  },
  {
    id: 'DataWorks-S3-RestrictedPrefix',
    hatch: 'property override',
    what: 'somebody else is let in',
    at: 'bucket',
    mutate: (target) => {
      rewrite(target, 'team-a/', (statement) => ({
        ...statement,
        Condition: { ...statement.Condition, ArnNotLike: { 'aws:PrincipalArn': ['arn:aws:iam::*:role/*'] } },
      }));
    },
  },
  {
    id: 'DataWorks-S3-Tags',
    hatch: 'L2 call',
    what: 'no classification',
    at: 'bucket',
    mutate: ({ bucket }) => {
      Tags.of(bucket).remove('classification');
    },
  },
  {
    id: 'DataWorks-S3-Tags',
    hatch: 'deletion override',
    what: 'no tags',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyDeletionOverride('Tags');
    },
  },

  // Encryption
  {
    id: 'DataWorks-S3-DefaultKey',
    hatch: 'property override',
    what: 'another key',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyOverride(
        `${ENCRYPTION}.ServerSideEncryptionByDefault.KMSMasterKeyID`,
        'arn:aws:kms:eu-central-1:999999999999:key/00000000-0000-0000-0000-000000000000',
      );
    },
  },
  {
    id: 'DataWorks-S3-DefaultKey',
    hatch: 'deletion override',
    what: 'the key that AWS manages',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyDeletionOverride(`${ENCRYPTION}.ServerSideEncryptionByDefault.KMSMasterKeyID`);
    },
  },
  {
    id: 'DataWorks-S3-DefaultKey',
    hatch: 'aspect',
    what: 'SSE-S3',
    also: ['DataWorks-S3DefaultEncryptionKMS'],
    at: 'bucket',
    mutate: (target) => {
      onVisit(target, (bucket) => {
        bucket.bucketEncryption = {
          serverSideEncryptionConfiguration: [
            { serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' }, blockedEncryptionTypes: { encryptionType: ['SSE-C'] } },
          ],
        };
      });
    },
  },
  {
    id: 'DataWorks-S3-BucketKey',
    hatch: 'property override',
    what: 'no bucket key',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyOverride(`${ENCRYPTION}.BucketKeyEnabled`, false);
    },
  },
  {
    id: 'DataWorks-S3-CustomerProvidedKeys',
    hatch: 'deletion override',
    what: 'SSE-C is accepted',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyDeletionOverride(`${ENCRYPTION}.BlockedEncryptionTypes`);
    },
  },
  ...(['DenyOtherAlgorithm', 'DenyOtherKey', 'DenyUnnamedKey'] as const).flatMap((sid): Mutation[] => [
    {
      id: `DataWorks-S3-${sid.slice('Deny'.length)}`,
      hatch: 'property override',
      what: `${sid} is taken out`,
      at: 'bucket',
      mutate: (target) => {
        rewrite(target, sid, () => undefined);
      },
    },
    {
      id: `DataWorks-S3-${sid.slice('Deny'.length)}`,
      hatch: 'override',
      what: `${sid} becomes an allowance of the administrator`,
      at: 'bucket',
      mutate: (target) => {
        rewrite(target, sid, (statement) => ({ ...statement, Effect: 'Allow', Principal: { AWS: ADMINISTRATOR } }));
      },
    },
  ]),
  {
    id: 'DataWorks-S3-OtherKey',
    hatch: 'property override',
    what: 'a further key is accepted',
    at: 'bucket',
    mutate: (target) => {
      rewrite(target, 'DenyOtherKey', (statement) => ({
        ...statement,
        Condition: {
          ...statement.Condition,
          ArnNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': ['arn:aws:kms:x:1:key/y'] },
        },
      }));
    },
  },

  // Lifecycle
  {
    id: 'DataWorks-S3-NoncurrentExpiry',
    hatch: 'assigned property',
    what: 'no noncurrent version ever goes',
    at: 'bucket',
    mutate: ({ bucket }) =>
      (bucket.lifecycleConfiguration = {
        rules: [{ status: 'Enabled', expirationInDays: 400, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } }],
      }),
  },
  {
    id: 'DataWorks-S3-NoncurrentExpiry',
    hatch: 'override',
    what: 'only those below a prefix go',
    at: 'bucket',
    mutate: ({ bucket }) => {
      const { rules } = Stack.of(bucket).resolve(bucket.lifecycleConfiguration) as { rules: CfnBucket.RuleProperty[] };
      rules.forEach((rule, index) => {
        if (rule.noncurrentVersionExpiration) bucket.addOverride(`Properties.LifecycleConfiguration.Rules.${index}.Prefix`, 'x/');
      });
    },
  },
  {
    id: 'DataWorks-S3-NoncurrentRetention',
    hatch: 'L2 call',
    what: 'noncurrent versions go after a day',
    at: 'bucket',
    mutate: ({ l2 }) => {
      l2.addLifecycleRule({ noncurrentVersionExpiration: Duration.days(1), noncurrentVersionsToRetain: 2 });
    },
  },
  {
    id: 'DataWorks-S3-Transitions',
    hatch: 'assigned property',
    what: 'to infrequent access after a week',
    at: 'bucket',
    mutate: (target) => {
      lifecycleRule(target, { status: 'Enabled', transitions: [{ storageClass: 'STANDARD_IA', transitionInDays: 7 }], prefix: 'early/' });
    },
  },
  {
    id: 'DataWorks-S3-Transitions',
    hatch: 'L2 call',
    what: 'archived after they were deleted',
    also: ['DataWorks-S3-Expiration'],
    at: 'bucket',
    mutate: ({ l2 }) => {
      l2.addLifecycleRule({
        prefix: 'late/',
        expiration: Duration.days(60),
        transitions: [{ storageClass: StorageClass.GLACIER, transitionAfter: Duration.days(90) }],
      });
    },
  },
  {
    id: 'DataWorks-S3-Expiration',
    hatch: 'property override',
    what: 'logs are kept for ever',
    at: 'logs',
    mutate: ({ logs }) => {
      logs.addPropertyOverride('LifecycleConfiguration.Rules', HYGIENE);
    },
  },
  {
    id: 'DataWorks-S3-Expiration',
    hatch: 'property override',
    what: 'objects go earlier than said',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyOverride('LifecycleConfiguration.Rules', [...HYGIENE, { Status: 'Enabled', ExpirationInDays: 100 }]);
    },
  },
  {
    id: 'DataWorks-S3-Expiration',
    hatch: 'L2 call',
    what: 'objects go that were to stay',
    at: 'replica',
    mutate: ({ replica }) => {
      (replica.node.scope as Bucket).addLifecycleRule({ expiration: Duration.days(30) });
    },
  },
  {
    id: 'DataWorks-S3-IncompleteUploads',
    hatch: 'property override',
    what: 'they stay for a year',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyOverride('LifecycleConfiguration.Rules.0.AbortIncompleteMultipartUpload.DaysAfterInitiation', 365);
    },
  },
  {
    id: 'DataWorks-S3-IncompleteUploads',
    hatch: 'property override',
    what: 'the rule is off',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyOverride('LifecycleConfiguration.Rules.0.Status', 'Disabled');
    },
  },

  {
    id: 'DataWorks-S3-Expiration',
    hatch: 'L2 call',
    what: 'objects below a prefix go',
    at: 'bucket',
    mutate: ({ l2 }) => {
      l2.addLifecycleRule({ prefix: 'a/', expiration: Duration.days(1) });
    },
  },
  {
    id: 'DataWorks-S3-Expiration',
    hatch: 'property override',
    what: 'objects go at a date',
    at: 'bucket',
    mutate: extraRule({ Status: 'Enabled', ExpirationDate: '2030-01-01T00:00:00Z', Prefix: '' }),
  },
  {
    id: 'DataWorks-S3-Expiration',
    hatch: 'property override',
    what: 'objects go after days that are a string',
    also: ['DataWorks-S3-Transitions'],
    at: 'bucket',
    mutate: extraRule({ Status: 'Enabled', ExpirationInDays: '1' }),
  },
  {
    id: 'DataWorks-S3-Expiration',
    hatch: 'property override',
    what: 'a parameter decides when objects go',
    at: 'bucket',
    mutate: (target) => {
      new CfnParameter(Stack.of(target.bucket), `Days${target.bucket.node.addr}`, { type: 'Number', default: 1 });
      extraRule({ Status: 'Enabled', ExpirationInDays: { Ref: `Days${target.bucket.node.addr}` } })(target);
    },
  },
  {
    id: 'DataWorks-S3-Expiration',
    hatch: 'property override',
    what: 'a condition decides whether objects go',
    also: ['DataWorks-S3-Transitions'],
    at: 'bucket',
    mutate: extraRule({ Status: { 'Fn::If': ['Never', 'Enabled', 'Disabled'] }, ExpirationInDays: 1 }),
  },
  {
    id: 'DataWorks-S3-IncompleteUploads',
    hatch: 'property override',
    what: 'a condition decides whether they go',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyOverride('LifecycleConfiguration.Rules.0.Status', Fn.conditionIf('Never', 'Enabled', 'Disabled'));
    },
  },
  {
    id: 'DataWorks-S3-NoncurrentRetention',
    hatch: 'property override',
    what: 'fewer of the newest versions stay',
    at: 'bucket',
    mutate: ({ bucket }) => {
      const rules = list(at(Stack.of(bucket).resolve(bucket.lifecycleConfiguration), 'rules'));
      const index = rules.findIndex((rule) => at(rule, 'noncurrentVersionExpiration', 'newerNoncurrentVersions') !== undefined);
      bucket.addPropertyOverride(`LifecycleConfiguration.Rules.${Math.max(index, 0)}.NoncurrentVersionExpiration`, {
        NoncurrentDays: 30,
        NewerNoncurrentVersions: 1,
      });
    },
  },
  {
    id: 'DataWorks-S3-NoncurrentRetention',
    hatch: 'L2 call',
    what: 'noncurrent versions below a prefix go',
    at: 'bucket',
    mutate: ({ l2 }) => {
      l2.addLifecycleRule({ prefix: 'a/', noncurrentVersionExpiration: Duration.days(1) });
    },
  },
  {
    id: 'DataWorks-S3-Retained',
    hatch: 'L2 call',
    what: 'its policy goes with the stack',
    at: 'bucket',
    mutate: ({ policy }) => {
      policy.applyRemovalPolicy(RemovalPolicy.DESTROY);
    },
  },
  {
    id: 'DataWorks-S3-BucketPolicy',
    hatch: 'added resource',
    what: 'another stack replaces the policy',
    at: 'bucket',
    mutate: ({ l2 }) => {
      const { account, region } = Stack.of(l2);
      const elsewhere = new Stack(App.of(l2), `Other${l2.node.addr}`, { env: { account, region } });
      new CfnBucketPolicy(elsewhere, 'Policy', { bucket: l2.bucketName, policyDocument: { Version: '2012-10-17', Statement: [] } });
    },
  },
  {
    id: 'DataWorks-S3-OtherAccounts',
    hatch: 'statement added later',
    what: 'another account changes the policy',
    at: 'bucket',
    mutate: ({ l2 }) => {
      const principals = [new ArnPrincipal(STRANGER)];
      l2.addToResourcePolicy(new PolicyStatement({ principals, actions: ['s3:Put*'], resources: [l2.bucketArn] }));
    },
  },
  {
    id: 'DataWorks-S3-Events',
    hatch: 'L2 call',
    what: 'notifications of CDK take the events away',
    at: 'bucket',
    mutate: ({ l2 }) => {
      l2.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(new Queue(Stack.of(l2), `Queue${l2.node.addr}`)));
    },
  },
  {
    id: 'DataWorks-S3-Events',
    hatch: 'deletion override',
    what: 'no events',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyDeletionOverride('NotificationConfiguration');
    },
  },

  // What is kept
  {
    id: 'DataWorks-S3-AccessLogs',
    hatch: 'deletion override',
    what: 'no log',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyDeletionOverride('LoggingConfiguration');
    },
  },
  {
    id: 'DataWorks-S3-AccessLogs',
    hatch: 'property override',
    what: 'the log goes elsewhere',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyOverride('LoggingConfiguration.DestinationBucketName', 'elsewhere');
    },
  },
  {
    id: 'DataWorks-S3-AccessLogs',
    hatch: 'property override',
    what: 'the log goes to a prefix where none is accepted',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyOverride('LoggingConfiguration.LogFilePrefix', 'elsewhere/');
    },
  },
  {
    id: 'DataWorks-S3-LogDelivery',
    hatch: 'property override',
    what: 'no log is accepted',
    at: 'logs',
    mutate: (target) => {
      rewriteDeliveries(target, () => undefined);
    },
  },
  ...(
    [
      ['logs are accepted from another bucket', { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::another' } } }],
      ['logs are accepted under another prefix', { Resource: 'arn:aws:s3:::logs/another/*' }],
      ['logs are tagged, not written', { Action: 's3:PutObjectTagging' }],
    ] as const
  ).map(([what, change]): Mutation => ({
    id: 'DataWorks-S3-LogDelivery',
    hatch: 'property override',
    what,
    at: 'logs',
    mutate: (target) => {
      rewriteDeliveries(target, (statement) => ({ ...statement, ...change }));
    },
  })),
  {
    id: 'DataWorks-S3-LogsIntoItself',
    hatch: 'assigned property',
    what: 'the log bucket logs',
    at: 'logs',
    mutate: ({ logs }) => (logs.loggingConfiguration = { destinationBucketName: logs.ref }),
  },
  {
    id: 'DataWorks-S3-Retained',
    hatch: 'override',
    what: 'deleted with the stack',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addOverride('DeletionPolicy', 'Delete');
    },
  },
  {
    id: 'DataWorks-S3-Retained',
    hatch: 'L2 call',
    what: 'destroyed',
    at: 'bucket',
    mutate: ({ l2 }) => {
      l2.applyRemovalPolicy(RemovalPolicy.DESTROY);
    },
  },
  {
    id: 'DataWorks-S3-Retained',
    hatch: 'assigned property',
    what: 'deleted when it is replaced',
    at: 'bucket',
    mutate: ({ bucket }) => (bucket.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE),
  },
  {
    id: 'DataWorks-S3-ObjectLock',
    hatch: 'property override',
    what: 'locked for a day',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyOverride('ObjectLockConfiguration.Rule.DefaultRetention.Days', 1);
    },
  },
  {
    id: 'DataWorks-S3-ObjectLock',
    hatch: 'property override',
    what: 'a parameter decides how strictly it is locked',
    at: 'bucket',
    mutate: ({ bucket }) => {
      const mode = new CfnParameter(bucket, 'Mode', { default: 'GOVERNANCE' });
      bucket.addPropertyOverride('ObjectLockConfiguration.Rule.DefaultRetention.Mode', mode.valueAsString);
    },
  },
  {
    id: 'DataWorks-S3-ObjectLock',
    hatch: 'deletion override',
    what: 'not locked',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyDeletionOverride('ObjectLockConfiguration');
      bucket.addPropertyDeletionOverride('ObjectLockEnabled');
    },
  },
  {
    id: 'DataWorks-S3-Replication',
    hatch: 'property override',
    what: 'the rule is off',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyOverride('ReplicationConfiguration.Rules.0.Status', 'Disabled');
    },
  },
  {
    id: 'DataWorks-S3-Replication',
    hatch: 'property override',
    what: 'only a prefix is replicated',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyOverride('ReplicationConfiguration.Rules.0.Filter', { Prefix: 'some/' });
    },
  },
  {
    id: 'DataWorks-S3-Replication',
    hatch: 'deletion override',
    what: 'nothing is replicated',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyDeletionOverride('ReplicationConfiguration');
    },
  },
  {
    id: 'DataWorks-S3-Replication',
    hatch: 'property override',
    what: 'a stranger gets a copy too',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyOverride('ReplicationConfiguration.Rules.1', EXFILTRATION);
    },
  },
  {
    id: 'DataWorks-S3-Replication',
    hatch: 'assigned property',
    what: 'a bucket that was not to be copied is',
    at: 'replica',
    mutate: ({ replica }) => {
      replica.replicationConfiguration = {
        role: ADMINISTRATOR,
        rules: [{ status: 'Enabled', prefix: '', destination: { bucket: EXFILTRATION.Destination.Bucket } }],
      };
    },
  },
  {
    id: 'DataWorks-S3-Replication',
    hatch: 'property override',
    what: 'the copy is encrypted by another key',
    at: 'bucket',
    mutate: ({ bucket }) => {
      const key = 'arn:aws:kms:eu-central-1:999999999999:key/x';
      bucket.addPropertyOverride('ReplicationConfiguration.Rules.0.Destination.EncryptionConfiguration.ReplicaKmsKeyID', key);
    },
  },
  {
    id: 'DataWorks-S3-Replication',
    hatch: 'property override',
    what: 'what a key encrypts is not copied',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyOverride('ReplicationConfiguration.Rules.0.SourceSelectionCriteria.SseKmsEncryptedObjects.Status', 'Disabled');
    },
  },
  {
    id: 'DataWorks-S3-Replication',
    hatch: 'property override',
    what: 'deletions are copied',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyOverride('ReplicationConfiguration.Rules.0.DeleteMarkerReplication.Status', 'Enabled');
    },
  },
  {
    id: 'DataWorks-S3-Replication',
    hatch: 'property override',
    what: 'another role copies',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyOverride('ReplicationConfiguration.Role', ADMINISTRATOR);
    },
  },
  {
    id: 'DataWorks-S3BucketVersioningEnabled',
    hatch: 'property override',
    what: 'suspended',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyOverride('VersioningConfiguration.Status', 'Suspended');
    },
  },
  {
    id: 'DataWorks-S3BucketVersioningEnabled',
    hatch: 'aspect',
    what: 'no versions',
    at: 'bucket',
    mutate: (target) => {
      onVisit(target, (bucket) => (bucket.versioningConfiguration = undefined));
    },
  },
  {
    id: 'DataWorks-S3WebBucketOAIAccess',
    hatch: 'property override',
    what: 'a website',
    at: 'bucket',
    mutate: ({ bucket }) => {
      bucket.addPropertyOverride('WebsiteConfiguration', { IndexDocument: 'index.html' });
    },
  },

  // Keys
  {
    id: 'DataWorks-KMS-OpenPolicy',
    hatch: 'property override',
    what: 'everybody decrypts',
    at: 'key',
    mutate: (target) => {
      keyStatement(target, new PolicyStatement({ actions: ['kms:Decrypt'], principals: [new AnyPrincipal()], resources: ['*'] }));
    },
  },
  {
    id: 'DataWorks-KMS-OpenPolicy',
    hatch: 'property override',
    what: 'whoever an identity provider knows decrypts',
    at: 'key',
    mutate: (target) => {
      const principals = [new FederatedPrincipal('cognito-identity.amazonaws.com')];
      keyStatement(target, new PolicyStatement({ actions: ['kms:Decrypt'], principals, resources: ['*'] }));
    },
  },
  {
    id: 'DataWorks-KMS-OtherAccounts',
    hatch: 'statement added later',
    what: 'another account decrypts',
    at: 'key',
    mutate: (target) =>
      l2Key(target).addToResourcePolicy(
        new PolicyStatement({
          actions: ['kms:Decrypt'],
          principals: [new ArnPrincipal('arn:aws:iam::999999999999:root')],
          resources: ['*'],
        }),
      ),
  },
  {
    id: 'DataWorks-KMS-OtherAccounts',
    hatch: 'property override',
    what: 'everybody of another account decrypts',
    at: 'key',
    mutate: (target) => {
      keyStatement(
        target,
        new PolicyStatement({
          actions: ['kms:Decrypt'],
          principals: [new AnyPrincipal()],
          resources: ['*'],
          conditions: { StringEquals: { 'kms:CallerAccount': '999999999999' } },
        }),
      );
    },
  },
  {
    id: 'DataWorks-KMS-ServiceAccess',
    hatch: 'property override',
    what: 'a service decrypts for anybody',
    at: 'key',
    mutate: (target) => {
      const principals = [new ServicePrincipal('sns.amazonaws.com')];
      keyStatement(target, new PolicyStatement({ actions: ['kms:Decrypt'], principals, resources: ['*'] }));
    },
  },
  {
    id: 'DataWorks-KMS-SeparationOfDuties',
    hatch: 'property override',
    what: 'administrators are no longer denied',
    at: 'strictKey',
    mutate: ({ strictKey }) => {
      const { Statement } = Stack.of(strictKey).resolve(strictKey.keyPolicy) as { Statement: StatementJson[] };
      strictKey.addPropertyOverride(
        'KeyPolicy.Statement',
        Statement.filter(({ Effect }) => Effect !== 'Deny'),
      );
    },
  },
  {
    id: 'DataWorks-KMS-KeyPolicyOnly',
    hatch: 'property override',
    what: 'IAM is asked again',
    at: 'strictKey',
    mutate: (target) => {
      keyStatement(
        target,
        new PolicyStatement({ actions: ['kms:*'], principals: [new ArnPrincipal('arn:aws:iam::111111111111:root')], resources: ['*'] }),
        'strictKey',
      );
    },
  },
  {
    id: 'DataWorks-KMS-KeyPolicyOnly',
    hatch: 'property override',
    what: 'everybody of the account decrypts',
    at: 'strictKey',
    mutate: (target) => {
      keyStatement(
        target,
        new PolicyStatement({
          actions: ['kms:Decrypt'],
          principals: [new AnyPrincipal()],
          resources: ['*'],
          conditions: { StringEquals: { 'kms:CallerAccount': ACCOUNT } },
        }),
        'strictKey',
      );
    },
  },
  {
    id: 'DataWorks-KMSBackingKeyRotationEnabled',
    hatch: 'property override',
    what: 'no rotation',
    at: 'key',
    mutate: ({ key }) => {
      key.addPropertyOverride('EnableKeyRotation', false);
    },
  },
  {
    id: 'DataWorks-KMSBackingKeyRotationEnabled',
    hatch: 'assigned property',
    what: 'no rotation',
    at: 'key',
    mutate: ({ key }) => (key.enableKeyRotation = false),
  },
  {
    id: 'DataWorks-KMS-RotationPeriod',
    hatch: 'property override',
    what: 'every seven years',
    at: 'key',
    mutate: ({ key }) => {
      key.addPropertyOverride('RotationPeriodInDays', 2560);
    },
  },
  {
    id: 'DataWorks-KMS-RotationPeriod',
    hatch: 'property override',
    what: 'every seven years, as a string',
    at: 'key',
    mutate: ({ key }) => {
      key.addPropertyOverride('RotationPeriodInDays', '2560');
    },
  },
  {
    id: 'DataWorks-KMS-PendingWindow',
    hatch: 'property override',
    what: 'a week, as a string',
    at: 'key',
    mutate: ({ key }) => {
      key.addPropertyOverride('PendingWindowInDays', '7');
    },
  },
  {
    id: 'DataWorks-KMS-PendingWindow',
    hatch: 'assigned property',
    what: 'three days',
    at: 'key',
    mutate: ({ key }) => (key.pendingWindowInDays = 3),
  },
  {
    id: 'DataWorks-KMS-Enabled',
    hatch: 'property override',
    what: 'disabled',
    at: 'key',
    mutate: ({ key }) => {
      key.addPropertyOverride('Enabled', false);
    },
  },
  {
    id: 'DataWorks-KMS-Retained',
    hatch: 'deletion override',
    what: 'no deletion policy',
    at: 'key',
    mutate: ({ key }) => {
      key.addDeletionOverride('DeletionPolicy');
    },
  },
  {
    id: 'DataWorks-KMS-Retained',
    hatch: 'override',
    what: 'deleted when it is replaced',
    at: 'key',
    mutate: ({ key }) => {
      key.addOverride('UpdateReplacePolicy', 'Delete');
    },
  },
  {
    id: 'DataWorks-KMS-Tags',
    hatch: 'L2 call',
    what: 'no owner',
    at: 'key',
    mutate: ({ key }) => {
      Tags.of(key).remove('owner');
    },
  },

  // The role that replicates
  {
    id: 'DataWorks-IAM-ReplicationTrust',
    hatch: 'property override',
    what: 'somebody else takes the role',
    at: 'role',
    mutate: ({ role }) => {
      role.addPropertyOverride('AssumeRolePolicyDocument.Statement.0.Principal', { AWS: ADMINISTRATOR });
    },
  },
  {
    id: 'DataWorks-IAM-ReplicationRights',
    hatch: 'property override',
    what: 'it deletes objects',
    at: 'rights',
    mutate: (target) => {
      expandRights(target, { Effect: 'Allow', Action: 's3:DeleteObject', Resource: 'arn:aws:s3:::x/*' });
    },
  },
  {
    id: 'DataWorks-IAM-ReplicationRights',
    hatch: 'statement added later',
    what: 'it decrypts by every key',
    at: 'rights',
    mutate: (target) => {
      l2Role(target).addToPolicy(new PolicyStatement({ actions: ['kms:Decrypt'], resources: ['*'] }));
    },
  },
  {
    id: 'DataWorks-IAMPolicyNoStatementsWithFullAccess',
    hatch: 'property override',
    what: 'it does everything in S3',
    also: ['DataWorks-IAM-ReplicationRights'],
    at: 'rights',
    mutate: (target) => {
      expandRights(target, { Action: 's3:*', Effect: 'Allow', Resource: 'arn:aws:s3:::x/*' });
    },
  },
  {
    id: 'DataWorks-IAMPolicyNoStatementsWithAdminAccess',
    hatch: 'property override',
    what: 'it does everything',
    also: ['DataWorks-IAM-ReplicationRights', 'DataWorks-IAMPolicyNoStatementsWithFullAccess'],
    at: 'rights',
    mutate: (target) => {
      expandRights(target, { Action: '*', Effect: 'Allow', Resource: '*' });
    },
  },
  {
    id: 'DataWorks-IAM-ReplicationRights',
    hatch: 'property override',
    what: 'a condition decides whether it deletes objects',
    at: 'rights',
    mutate: (target) => {
      const Effect = { 'Fn::If': ['Never', 'Allow', 'Deny'] };
      expandRights(target, { Effect, Action: 's3:DeleteObject', Resource: 'arn:aws:s3:::x/*' });
    },
  },
  {
    id: 'DataWorks-IAM-ReplicationRights',
    hatch: 'statement added later',
    what: 'it reads every bucket',
    at: 'rights',
    mutate: (target) => {
      const resources = ['arn:aws:s3:::*/*'];
      l2Role(target).addToPolicy(new PolicyStatement({ actions: ['s3:GetObjectVersionForReplication'], resources }));
    },
  },
  {
    id: 'DataWorks-IAM-ReplicationPolicies',
    hatch: 'added resource',
    what: 'a policy from elsewhere',
    at: 'role',
    mutate: (target) => {
      const statements = [new PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] })];
      new ManagedPolicy(Stack.of(target.role), `Rights${target.role.node.addr}`, { roles: [l2Role(target)], statements });
    },
  },
  {
    id: 'DataWorks-IAM-ReplicationPolicies',
    hatch: 'L2 call',
    what: 'a policy that AWS manages',
    also: ['DataWorks-IAMNoManagedPolicies'],
    at: 'role',
    mutate: (target) => {
      l2Role(target).addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess'));
    },
  },
];
