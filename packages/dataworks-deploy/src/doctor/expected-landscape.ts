import type { ByName, HeldBucket, Landscape, RecoverableTable } from './landscape';
import type { RoleSettings } from '../aws/iam';
import type { LifecycleSettings } from '../aws/s3';
import type { ExpectedStack } from '../bootstrap/synthesis';
import { Resolver, type Place } from '../template/resolver';

/** Of a resource, with its intrinsic functions resolved. */
interface Declared {
  readonly type: string;
  readonly properties: Properties;
}

interface Properties {
  readonly [name: string]: unknown;
}

/** Types that the doctor does not read: the deployed template alone vouches for them. */
export const UNREAD_TYPES: readonly string[] = ['AWS::ECR::Repository'];

const READ_TYPES: readonly string[] = [
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::DynamoDB::Table',
  'AWS::IAM::Role',
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::OIDCProvider',
  'AWS::SSM::Parameter',
];

/** What a stack's template says, in the words of the services. Throws for a type of resource that nobody would check. */
export function expectedLandscape(stack: ExpectedStack, place: Place): Landscape {
  const { name, template, tags } = stack;
  const declared = declaredIn(stack, place);
  const unknown = declared.find(({ type }) => !READ_TYPES.includes(type) && !UNREAD_TYPES.includes(type));
  if (unknown) throw new Error(`The doctor does not know the type ${unknown.type} of the stacks.`);
  const of = (type: string) => declared.filter((one) => one.type === type).map(({ properties }) => properties);

  const bucketPolicies = new Map(of('AWS::S3::BucketPolicy').map(({ Bucket, PolicyDocument }) => [Bucket, JSON.stringify(PolicyDocument)]));
  const inline = of('AWS::IAM::Policy');
  const arn = (resource: string): string => `arn:${place.partition}:iam::${place.account}:${resource}`;
  return {
    stacks: { [name]: { status: 'CREATE_COMPLETE', terminationProtection: true, drifted: false, tags, template } },
    buckets: byName(of('AWS::S3::Bucket'), 'BucketName', (bucket) => bucketOf(bucket, bucketPolicies.get(bucket.BucketName))),
    tables: byName(of('AWS::DynamoDB::Table'), 'TableName', tableOf),
    roles: byName(of('AWS::IAM::Role'), 'RoleName', (role) => roleOf(role, inline)),
    policies: Object.fromEntries(
      of('AWS::IAM::ManagedPolicy').map(({ ManagedPolicyName, PolicyDocument }) => [
        arn(`policy/${String(ManagedPolicyName)}`),
        JSON.stringify(PolicyDocument),
      ]),
    ),
    providers: Object.fromEntries(
      of('AWS::IAM::OIDCProvider').map(({ Url, ClientIdList }) => [
        arn(`oidc-provider/${String(Url).replace(/^https:\/\//, '')}`),
        ClientIdList as string[],
      ]),
    ),
    parameters: byName(of('AWS::SSM::Parameter'), 'Name', ({ Value }) => String(Value)),
  };
}

function byName<T>(all: readonly Properties[], name: string, settings: (properties: Properties) => T): ByName<T> {
  return Object.fromEntries(all.map((properties) => [String(properties[name]), settings(properties)] as const));
}

function declaredIn({ template }: ExpectedStack, place: Place): Declared[] {
  const resolver = new Resolver(template, place);
  return Object.values(template.Resources).map((resource) => ({ type: resource.Type, properties: resolver.properties(resource) }));
}

/** A member of nested properties; undefined where the path ends early. */
function at(value: unknown, ...path: Array<string | number>): unknown {
  return path.reduce<unknown>((here, key) => (here as Readonly<Record<string | number, unknown>> | undefined)?.[key], value);
}

function bucketOf(properties: Properties, policy: string | undefined): HeldBucket {
  const encryption = ['BucketEncryption', 'ServerSideEncryptionConfiguration', 0, 'ServerSideEncryptionByDefault'];
  const access = (name: string): boolean | undefined => at(properties, 'PublicAccessBlockConfiguration', name) as boolean | undefined;
  const rules = (at(properties, 'LifecycleConfiguration', 'Rules') ?? []) as Properties[];
  return {
    holder: 'us',
    settings: {
      versioning: at(properties, 'VersioningConfiguration', 'Status') as string | undefined,
      encryption: at(properties, ...encryption, 'SSEAlgorithm') as string | undefined,
      encryptionKey: at(properties, ...encryption, 'KMSMasterKeyID') as string | undefined,
      publicAccess: {
        BlockPublicAcls: access('BlockPublicAcls'),
        BlockPublicPolicy: access('BlockPublicPolicy'),
        IgnorePublicAcls: access('IgnorePublicAcls'),
        RestrictPublicBuckets: access('RestrictPublicBuckets'),
      },
      ownership: at(properties, 'OwnershipControls', 'Rules', 0, 'ObjectOwnership') as string | undefined,
      policy,
      lifecycle: rules.map(lifecycleOf),
      logsTo: at(properties, 'LoggingConfiguration', 'DestinationBucketName') as string | undefined,
      copiesTo: [], // neither stack replicates a bucket
    },
  };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function lifecycleOf(rule: Properties): LifecycleSettings {
  const number = (...path: string[]): number | undefined => at(rule, ...path) as number | undefined;
  return {
    id: text(rule.Id),
    enabled: rule.Status === 'Enabled',
    prefix: text(rule.Prefix),
    expirationDays: number('ExpirationInDays'),
    noncurrentDays: number('NoncurrentVersionExpiration', 'NoncurrentDays') ?? number('NoncurrentVersionExpirationInDays'),
    noncurrentKept: number('NoncurrentVersionExpiration', 'NewerNoncurrentVersions'),
    abortDays: number('AbortIncompleteMultipartUpload', 'DaysAfterInitiation'),
    expiredMarkers: (rule.ExpiredObjectDeleteMarker ?? false) as boolean,
  };
}

function tableOf(properties: Properties): RecoverableTable {
  const types = properties.AttributeDefinitions as ReadonlyArray<Readonly<Record<string, string>>>;
  const key = properties.KeySchema as ReadonlyArray<Readonly<Record<string, string>>>;
  return {
    key: key.map(({ AttributeName }) => `${AttributeName}:${types.find((type) => type.AttributeName === AttributeName)?.AttributeType}`),
    deletionProtection: properties.DeletionProtectionEnabled === true,
    ownKey: at(properties, 'SSESpecification', 'SSEEnabled') === true,
    onDemand: properties.BillingMode === 'PAY_PER_REQUEST',
    recoverable: at(properties, 'PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled') === true,
  };
}

function roleOf(properties: Properties, inline: readonly Properties[]): RoleSettings {
  const own = (properties.Policies ?? []) as Properties[];
  const added = inline.filter(({ Roles }) => (Roles as string[]).includes(String(properties.RoleName)));
  return {
    trust: JSON.stringify(properties.AssumeRolePolicyDocument),
    boundary: properties.PermissionsBoundary as string | undefined,
    policies: Object.fromEntries(
      [...own, ...added].map(({ PolicyName, PolicyDocument }) => [String(PolicyName), JSON.stringify(PolicyDocument)] as const),
    ),
    attached: (properties.ManagedPolicyArns ?? []) as string[],
  };
}
