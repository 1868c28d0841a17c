import { createRequire } from 'node:module';
import { ACCESS, BOUNDS, DOCUMENTS, GRANTS, OPEN_WITHOUT_POLICY } from '../../../src/plan/risks/access-risks';
import { broadeningOf } from '../../../src/plan/risks/broadening';
import { LOSS } from '../../../src/plan/risks/loss-risks';
import { GUARDS, PROTECTION } from '../../../src/plan/risks/protection-risks';
import { expiryOf, weakeningOf } from '../../../src/plan/risks/weakening';
import type { TemplateResource } from '../../../src/plan/template/stack-template';
import { STATEFUL } from '../../../src/plan/template/stateful';

type Properties = object | undefined;
type Row = readonly [what: string, type: string, before: Properties, after: Properties];

const resource = (Type: string, Properties: Properties) => Properties && ({ Type, Properties } as TemplateResource);

function judged(riskOf: typeof broadeningOf, [, type, before, after]: Row): string | undefined {
  return riskOf(type, resource(type, before), resource(type, after));
}

const at = (path: string, value: unknown): object =>
  path.split('.').reduceRight<unknown>((inner, name) => (name === '0' ? [inner] : { [name]: inner }), value) as object;

/** A property that has another value, or none on one of the sides. */
const row = (type: string, path: string, before: unknown, after: unknown): Row => [
  `${type} ${path}: ${JSON.stringify(before)} to ${JSON.stringify(after)}`,
  type,
  before === undefined ? {} : at(path, before),
  after === undefined ? {} : at(path, after),
];

/** Of a resource that was not there. */
const added = (type: string, path: string, after: unknown): Row => [
  `new ${type} ${path}: ${JSON.stringify(after)}`,
  type,
  undefined,
  after === undefined ? {} : at(path, after),
];

const SETTINGS = 'AWS::LakeFormation::DataLakeSettings';
const principal = (name: string) => ({ DataLakePrincipalIdentifier: name });
const grant = (name: string) => ({ Principal: principal(name), Permissions: ['ALL'] });
const COMPUTED = { Ref: 'P' };
const interfaces = (...members: unknown[]) => at('NetworkInterfaces', members);
const eni = (DeviceIndex: string, AssociatePublicIpAddress: boolean) => ({ DeviceIndex, AssociatePublicIpAddress });

const COMPUTED_DATA = { LaunchTemplateData: { 'Fn::If': ['C', interfaces(eni('0', true)), {}] } };

/** The entry by which the CDK closes a group. */
const NOWHERE = { CidrIp: '255.255.255.255/32', IpProtocol: 'icmp', FromPort: 252, ToPort: 86 };

const OPENED: readonly Row[] = [
  row(SETTINGS, 'Admins', [principal('a')], [principal('a'), principal('arn:aws:iam::999999999999:root')]),
  row(SETTINGS, 'Admins', [principal('a')], COMPUTED),
  added(SETTINGS, 'Admins', [principal('a')]),
  row(SETTINGS, 'CreateDatabaseDefaultPermissions', [], [grant('IAM_ALLOWED_PRINCIPALS')]),
  row(SETTINGS, 'CreateTableDefaultPermissions', [], undefined),
  row(SETTINGS, 'TrustedResourceOwners', undefined, ['999999999999']),
  row(SETTINGS, 'AllowExternalDataFiltering', false, true),
  row(SETTINGS, 'AllowFullTableExternalDataAccess', undefined, 'true'),
  added('AWS::EC2::VPCEndpointServicePermissions', 'AllowedPrincipals', ['*']),
  row('AWS::EC2::VPCEndpointServicePermissions', 'AllowedPrincipals', ['a'], ['*']),
  row('AWS::EC2::Instance', 'NetworkInterfaces.0.AssociatePublicIpAddress', false, true),
  row('AWS::EC2::LaunchTemplate', 'LaunchTemplateData.NetworkInterfaces.0.AssociatePublicIpAddress', false, 'true'),
  row('AWS::EC2::LaunchTemplate', 'LaunchTemplateData', { NetworkInterfaces: [] }, { 'Fn::If': ['C', interfaces(eni('0', true)), {}] }),
  [
    'the public interface changes its place',
    'AWS::EC2::Instance',
    interfaces(eni('0', true), eni('1', false)),
    interfaces(eni('1', true), eni('0', false)),
  ],
  [
    'one of two interfaces of one name',
    'AWS::EC2::Instance',
    interfaces(eni('0', false), eni('0', false)),
    interfaces(eni('0', true), eni('0', false)),
  ],
  row('AWS::EC2::SecurityGroup', 'SecurityGroupEgress', [NOWHERE], undefined),
  row('AWS::EC2::SecurityGroup', 'SecurityGroupEgress', [NOWHERE], [NOWHERE, { CidrIp: '0.0.0.0/0' }]),
  row('AWS::EC2::SecurityGroup', 'SecurityGroupEgress', COMPUTED, undefined),
  added('AWS::EC2::SecurityGroup', 'GroupDescription', 'a'),
  row('AWS::EKS::Cluster', 'ResourcesVpcConfig.EndpointPublicAccess', false, true),
  row('AWS::EKS::Cluster', 'ResourcesVpcConfig.EndpointPublicAccess', false, undefined),
  added('AWS::EKS::Cluster', 'ResourcesVpcConfig', {}),
  row('AWS::EKS::Cluster', 'ResourcesVpcConfig.PublicAccessCidrs', ['10.0.0.0/8'], ['0.0.0.0/0']),
  row('AWS::EKS::Cluster', 'ResourcesVpcConfig.PublicAccessCidrs', ['10.0.0.0/8'], undefined),
  row('AWS::ECS::Service', 'NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp', 'DISABLED', 'ENABLED'),
  row('AWS::Events::Rule', 'Targets.0.EcsParameters.NetworkConfiguration.AwsVpcConfiguration.AssignPublicIp', undefined, 'ENABLED'),
  row('AWS::MSK::Cluster', 'BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type', 'DISABLED', 'SERVICE_PROVIDED_EIPS'),
  row('AWS::MSK::Cluster', 'BrokerNodeGroupInfo', at('ConnectivityInfo.PublicAccess.Type', 'DISABLED'), COMPUTED),
  row('AWS::ECS::TaskDefinition', 'ContainerDefinitions', [{ Name: 'a' }], COMPUTED),
  row('AWS::ECS::TaskDefinition', 'ContainerDefinitions', COMPUTED, [{ Name: 'a', Privileged: true }]),
  row('AWS::ApiGateway::Method', 'AuthorizationType', 'AWS_IAM', 'NONE'),
  added('AWS::ApiGateway::Method', 'HttpMethod', 'GET'),
  row('AWS::ApiGatewayV2::Route', 'AuthorizationType', 'JWT', undefined),
  row('AWS::AppSync::GraphQLApi', 'AuthenticationType', 'AWS_IAM', 'API_KEY'),
  row('AWS::AppSync::GraphQLApi', 'AdditionalAuthenticationProviders', undefined, [{ AuthenticationType: 'API_KEY' }]),
  row('AWS::AppSync::ChannelNamespace', 'SubscribeAuthModes.0.AuthType', 'AWS_IAM', 'API_KEY'),
  added('AWS::AppSync::Api', 'EventConfig.DefaultPublishAuthModes', [{ AuthType: 'API_KEY' }]),
  row('AWS::ApiGatewayV2::ApiGatewayManagedOverrides', 'Route.AuthorizationType', 'AWS_IAM', 'NONE'),
  row('AWS::Serverless::Function', 'FunctionUrlConfig.AuthType', 'AWS_IAM', 'NONE'),
  row('AWS::IoT::DomainConfiguration', 'AuthenticationType', 'AWS_X509', 'CUSTOM_AUTH'),
  added('AWS::VpcLattice::Service', 'AuthType', 'NONE'),
  row('AWS::VpcLattice::ServiceNetwork', 'AuthType', 'AWS_IAM', undefined),
  row('AWS::S3::MultiRegionAccessPoint', 'PublicAccessBlockConfiguration', { BlockPublicAcls: true }, { BlockPublicAcls: false }),
  added('AWS::S3::AccessPoint', 'PublicAccessBlockConfiguration', { BlockPublicAcls: false }),
  row('AWS::S3::Bucket', 'PublicAccessBlockConfiguration', undefined, { BlockPublicPolicy: false }),
  row('AWS::S3::Bucket', 'OwnershipControls.Rules.0.ObjectOwnership', 'BucketOwnerEnforced', 'ObjectWriter'),
  row('AWS::S3::Bucket', 'OwnershipControls', at('Rules.0.ObjectOwnership', 'BucketOwnerEnforced'), undefined),
  added('AWS::S3::Bucket', 'OwnershipControls.Rules.0.ObjectOwnership', 'BucketOwnerPreferred'),
  row('AWS::S3::Bucket', 'ReplicationConfiguration.Rules', [], [{ Id: 'a', Destination: { Bucket: 'arn:aws:s3:::other' } }]),
  row('AWS::Lambda::Function', 'Role', 'a', 'b'),
  row('AWS::Glue::Job', 'Role', { 'Fn::GetAtt': ['A', 'Arn'] }, { 'Fn::GetAtt': ['B', 'Arn'] }),
  row('AWS::StepFunctions::StateMachine', 'RoleArn', 'a', 'b'),
  row('AWS::ECS::TaskDefinition', 'TaskRoleArn', undefined, 'b'),
  row('AWS::Events::Rule', 'Targets.0.RoleArn', 'a', 'b'),
  row('AWS::Organizations::Policy', 'Content', '{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}', '{"Statement":[]}'),
  row('AWS::Organizations::Policy', 'Content', { tags: {} }, { tags: { a: {} } }),
  row('AWS::Organizations::Policy', 'TargetIds', ['ou-1', 'ou-2'], ['ou-1']),
  ['no policy of the organization', 'AWS::Organizations::Policy', { Content: '{}' }, undefined],
  row('AWS::OpenSearchServerless::AccessPolicy', 'Policy', '[]', '[{}]'),
  row('AWS::DMS::ReplicationInstance', 'PubliclyAccessible', false, undefined),
];

const CLOSED: readonly Row[] = [
  row(SETTINGS, 'Admins', [principal('a'), principal('b')], [principal('b')]),
  row(SETTINGS, 'CreateTableDefaultPermissions', [grant('IAM_ALLOWED_PRINCIPALS')], []),
  row(SETTINGS, 'AllowExternalDataFiltering', true, false),
  [
    'settings that give nothing',
    SETTINGS,
    undefined,
    { Admins: [], CreateDatabaseDefaultPermissions: [], CreateTableDefaultPermissions: [] },
  ],
  row('AWS::EC2::VPCEndpointServicePermissions', 'AllowedPrincipals', ['a', 'b'], ['b']),
  [
    'the interfaces in another order',
    'AWS::EC2::Instance',
    interfaces(eni('0', true), eni('1', false)),
    interfaces(eni('1', false), eni('0', true)),
  ],
  row('AWS::EC2::SecurityGroup', 'SecurityGroupEgress', undefined, [NOWHERE]),
  row('AWS::EC2::SecurityGroup', 'SecurityGroupEgress', [NOWHERE, { CidrIp: '0.0.0.0/0' }], [NOWHERE]),
  row('AWS::EC2::SecurityGroup', 'SecurityGroupIngress', [NOWHERE], undefined),
  row('AWS::EC2::Instance', 'ImageId', 'a', COMPUTED),
  row('AWS::DMS::ReplicationInstance', 'PubliclyAccessible', undefined, true),
  [
    'what a function gave before',
    'AWS::EC2::LaunchTemplate',
    { ...COMPUTED_DATA, LaunchTemplateName: 'a' },
    { ...COMPUTED_DATA, LaunchTemplateName: 'b' },
  ],
  row('AWS::EKS::Cluster', 'ResourcesVpcConfig.EndpointPublicAccess', COMPUTED, false),
  row('AWS::EKS::Cluster', 'ResourcesVpcConfig.EndpointPublicAccess', undefined, 'true'),
  added('AWS::EKS::Cluster', 'ResourcesVpcConfig.EndpointPublicAccess', false),
  row('AWS::ECS::Service', 'NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp', 'ENABLED', 'DISABLED'),
  row('AWS::S3::Bucket', 'OwnershipControls.Rules.0.ObjectOwnership', 'ObjectWriter', 'BucketOwnerEnforced'),
  added('AWS::Lambda::Function', 'Role', 'a'),
  row('AWS::Lambda::Function', 'MemorySize', 128, 256),
  row('AWS::ApiGatewayV2::Route', 'AuthorizationType', undefined, 'AWS_IAM'),
  // By what it logs in elsewhere itself.
  added('AWS::Events::Connection', 'AuthorizationType', 'API_KEY'),
  added('AWS::Glue::Connection', 'ConnectionInput.AuthenticationConfiguration.AuthenticationType', 'OAUTH2'),
  row('AWS::DMS::Endpoint', 'MongoDbSettings.AuthType', undefined, 'password'),
  row('AWS::Organizations::Policy', 'Content', '{"Statement":[]}', '{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}'),
];

describe('ACCESS', () => {
  test.each(OPENED)('%s', (...one) => {
    expect(judged(broadeningOf, one)).toEqual(expect.any(String));
  });

  test.each(CLOSED)('not for %s', (...one) => {
    expect(judged(broadeningOf, one)).toBeUndefined();
  });

  test('says what it does, and by which property', () => {
    const [one] = [row(SETTINGS, 'AllowExternalDataFiltering', false, true)];
    expect(judged(broadeningOf, one)).toBe('lets engines from elsewhere read filtered data (AllowExternalDataFiltering)');
    const url = row('AWS::Lambda::Url', 'AuthType', 'AWS_IAM', 'NONE');
    expect(judged(broadeningOf, url)).toBe('makes a function callable by URL; can be called by everybody (AuthType)');
    const computed = row(SETTINGS, 'AllowExternalDataFiltering', false, COMPUTED);
    expect(judged(broadeningOf, computed)).toBe('AllowExternalDataFiltering cannot be compared');
  });
});

const RULES = 'LifecycleConfiguration.Rules';
const expiring = (more: object) => [{ Id: 'a', Status: 'Enabled', ...more }];
const noncurrent = (NoncurrentDays: number, NewerNoncurrentVersions?: number) =>
  expiring({ NoncurrentVersionExpiration: { NoncurrentDays, ...(NewerNoncurrentVersions !== undefined && { NewerNoncurrentVersions }) } });

describe('DATA LOSS by an expiry', () => {
  test.each<Row>([
    row('AWS::S3::Bucket', RULES, undefined, expiring({ ExpirationInDays: 1 })),
    row('AWS::S3::Bucket', RULES, expiring({ ExpirationInDays: 30 }), expiring({ ExpirationInDays: '7' })),
    row('AWS::S3::Bucket', RULES, expiring({ ExpirationInDays: 30, Prefix: 'tmp/' }), expiring({ ExpirationInDays: 30 })),
    row('AWS::S3::Bucket', RULES, expiring({ ExpirationInDays: 30, Status: 'Disabled' }), expiring({ ExpirationInDays: 30 })),
    row('AWS::S3::Bucket', RULES, expiring({ ExpirationInDays: 30, Status: COMPUTED }), expiring({ ExpirationInDays: 30 })),
    row('AWS::S3::Bucket', RULES, expiring({ ExpirationInDays: 30 }), expiring({ ExpirationInDays: COMPUTED })),
    row('AWS::S3::Bucket', RULES, expiring({ ExpirationDate: '2030-01-01' }), expiring({ ExpirationDate: '2029-01-01' })),
    row('AWS::S3::Bucket', RULES, undefined, expiring({ NoncurrentVersionExpirationInDays: 3 })),
    row('AWS::S3::Bucket', RULES, expiring({ ExpirationInDays: 7 }), expiring({ NoncurrentVersionExpirationInDays: 7 })),
    row('AWS::S3::Bucket', RULES, noncurrent(30, 5), noncurrent(30)),
    row('AWS::S3::Bucket', RULES, noncurrent(30, 5), noncurrent(30, 4)),
    row('AWS::Logs::LogGroup', 'RetentionInDays', 3653, 1),
    row('AWS::Logs::LogGroup', 'RetentionInDays', undefined, 3653),
    row('AWS::Logs::LogGroup', 'RetentionInDays', 30, COMPUTED),
    row('AWS::Events::Archive', 'RetentionDays', 0, 1),
    row('AWS::Events::Archive', 'RetentionDays', undefined, 30),
    row('Custom::LogRetention', 'RetentionInDays', 3653, 1),
    row('AWS::DynamoDB::Table', 'TimeToLiveSpecification', undefined, { Enabled: true, AttributeName: 'at' }),
    row('AWS::DynamoDB::Table', 'TimeToLiveSpecification.AttributeName', 'created', 'modified'),
    row('AWS::Kinesis::Stream', 'RetentionPeriodHours', 168, undefined),
    row('AWS::SQS::Queue', 'MessageRetentionPeriod', undefined, 60),
    row('AWS::ECR::Repository', 'LifecyclePolicy.LifecyclePolicyText', undefined, '{}'),
    row('AWS::Glue::Crawler', 'SchemaChangePolicy.DeleteBehavior', 'LOG', 'DELETE_FROM_DATABASE'),
  ])('%s', (...one) => {
    expect(judged(expiryOf, one)).toEqual(expect.any(String));
  });

  test.each<Row>([
    added('AWS::S3::Bucket', RULES, expiring({ ExpirationInDays: 1 })),
    row('AWS::S3::Bucket', RULES, expiring({ ExpirationInDays: 7 }), expiring({ ExpirationInDays: 30 })),
    row('AWS::S3::Bucket', RULES, expiring({ ExpirationInDays: 7 }), undefined),
    row('AWS::S3::Bucket', RULES, undefined, expiring({ ExpirationInDays: 7, Status: 'Disabled' })),
    row('AWS::S3::Bucket', RULES, undefined, expiring({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } })),
    row('AWS::S3::Bucket', RULES, noncurrent(30), noncurrent(30, 5)),
    row('AWS::Logs::LogGroup', 'RetentionInDays', 1, 3653),
    row('AWS::Logs::LogGroup', 'RetentionInDays', 30, undefined),
    row('AWS::Events::Archive', 'RetentionDays', 30, 0),
    row('AWS::Events::Archive', 'RetentionDays', 7, 30),
    row('AWS::DynamoDB::Table', 'TimeToLiveSpecification.Enabled', true, false),
  ])('not for %s', (...one) => {
    expect(judged(expiryOf, one)).toBeUndefined();
  });
});

const LOCK = 'ObjectLockConfiguration.Rule.DefaultRetention';
const SSE = 'BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault';
const rule = (RuleName: string, DeleteAfterDays: number) => ({ RuleName, Lifecycle: { DeleteAfterDays } });
const replica = (Region: string, DeletionProtectionEnabled: boolean) => ({ Region, DeletionProtectionEnabled });

describe('PROTECTION', () => {
  test.each<Row>([
    row('AWS::S3::Bucket', 'VersioningConfiguration.Status', 'Enabled', 'Suspended'),
    row('AWS::S3::Bucket', 'VersioningConfiguration', { Status: 'Enabled' }, undefined),
    row('AWS::S3::Bucket', LOCK, { Mode: 'COMPLIANCE', Days: 30 }, { Mode: 'GOVERNANCE', Days: 30 }),
    row('AWS::S3::Bucket', LOCK, { Mode: 'COMPLIANCE', Years: 1 }, { Mode: 'COMPLIANCE', Days: 30 }),
    row('AWS::S3::Bucket', 'ObjectLockConfiguration', { ObjectLockEnabled: 'Enabled' }, undefined),
    row('AWS::S3::Bucket', 'ReplicationConfiguration.Rules', [{ Id: 'a' }, { Id: 'b' }], [{ Id: 'a' }]),
    row(
      'AWS::S3::Bucket',
      'BucketEncryption',
      at('ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.SSEAlgorithm', 'aws:kms'),
      undefined,
    ),
    row('AWS::S3::Bucket', SSE, { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'a' }, { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'b' }),
    row('AWS::S3::Bucket', SSE, { SSEAlgorithm: 'aws:kms' }, { SSEAlgorithm: 'AES256' }),
    row('AWS::S3::Bucket', 'LoggingConfiguration', {}, undefined),
    row('AWS::DynamoDB::Table', 'PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled', true, false),
    row('AWS::DynamoDB::Table', 'PointInTimeRecoverySpecification.RecoveryPeriodInDays', undefined, 1),
    row('AWS::DynamoDB::Table', 'DeletionProtectionEnabled', true, undefined),
    [
      'replicas in another order',
      'AWS::DynamoDB::GlobalTable',
      { Replicas: [replica('a', true), replica('b', false)] },
      { Replicas: [replica('b', true), replica('a', false)] },
    ],
    row('AWS::RDS::DBInstance', 'BackupRetentionPeriod', 35, 1),
    row('AWS::RDS::DBInstance', 'BackupRetentionPeriod', '35', COMPUTED),
    row('AWS::RDS::DBCluster', 'BackupRetentionPeriod', 35, undefined),
    row('AWS::RDS::DBCluster', 'DeletionProtection', true, false),
    row('AWS::RDS::DBCluster', 'StorageEncrypted', true, false),
    row('AWS::Logs::LogGroup', 'KmsKeyId', 'a', undefined),
    row('AWS::KMS::Key', 'EnableKeyRotation', true, false),
    row('AWS::KMS::Key', 'RotationPeriodInDays', 90, 365),
    row('AWS::KMS::Key', 'RotationPeriodInDays', undefined, 2560),
    row('AWS::KMS::Key', 'PendingWindowInDays', undefined, 7),
    row('AWS::CloudTrail::Trail', 'IsLogging', true, false),
    row('AWS::CloudTrail::Trail', 'EnableLogFileValidation', true, undefined),
    ['no trail any more', 'AWS::CloudTrail::Trail', { IsLogging: true }, undefined],
    ['no backup plan any more', 'AWS::Backup::BackupPlan', {}, undefined],
    row('AWS::Backup::BackupPlan', 'BackupPlan.BackupPlanRule', [rule('a', 35), rule('b', 7)], [rule('a', 7), rule('b', 7)]),
    row('AWS::Backup::BackupPlan', 'BackupPlan.BackupPlanRule', [rule('a', 35), rule('a', 7)], [rule('a', 7), rule('a', 7)]),
    row('AWS::EFS::FileSystem', 'BackupPolicy.Status', 'ENABLED', 'DISABLED'),
    row('AWS::Glue::Job', 'SecurityConfiguration', 'a', undefined),
    row('AWS::MSK::Cluster', 'EncryptionInfo.EncryptionInTransit.ClientBroker', 'TLS', 'TLS_PLAINTEXT'),
    row('AWS::MSK::Cluster', 'EncryptionInfo.EncryptionInTransit.ClientBroker', COMPUTED, 'PLAINTEXT'),
    row('AWS::Cognito::UserPool', 'DeletionProtection', 'ACTIVE', 'INACTIVE'),
  ])('%s', (...one) => {
    expect(judged(weakeningOf, one)).toEqual(expect.any(String));
  });

  test.each<Row>([
    row('AWS::S3::Bucket', 'VersioningConfiguration.Status', 'Suspended', 'Enabled'),
    row('AWS::S3::Bucket', LOCK, { Mode: 'GOVERNANCE', Days: 365 }, { Mode: 'COMPLIANCE', Years: 1 }),
    row('AWS::S3::Bucket', SSE, { SSEAlgorithm: 'AES256' }, { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'b' }),
    row('AWS::DynamoDB::Table', 'DeletionProtectionEnabled', false, true),
    row('AWS::RDS::DBInstance', 'BackupRetentionPeriod', 1, 35),
    row('AWS::KMS::Key', 'EnableKeyRotation', undefined, true),
    row('AWS::KMS::Key', 'RotationPeriodInDays', 365, 90),
    row('AWS::CloudTrail::Trail', 'TrailName', 'a', 'b'),
    added('AWS::RDS::DBInstance', 'StorageEncrypted', false),
    ['a table that goes', 'AWS::DynamoDB::Table', { DeletionProtectionEnabled: true }, undefined],
  ])('not for %s', (...one) => {
    expect(judged(weakeningOf, one)).toBeUndefined();
  });

  test('not for what becomes something else', () => {
    const before = { Type: 'AWS::RDS::DBCluster', Properties: { DeletionProtection: true } };
    expect(weakeningOf('AWS::RDS::DBInstance', before, { Type: 'AWS::RDS::DBInstance' })).toBeUndefined();
  });

  type Policies = Pick<TemplateResource, 'DeletionPolicy' | 'UpdateReplacePolicy'>;
  const kept = (before: Policies, after: Policies, Type = 'AWS::S3::Bucket') => weakeningOf(Type, { Type, ...before }, { Type, ...after });

  test.each<[string, Policies, Policies]>([
    ['no policy any more', { DeletionPolicy: 'Retain' }, {}],
    ['a snapshot alone', { UpdateReplacePolicy: 'Retain' }, { UpdateReplacePolicy: 'Snapshot' }],
    ['no snapshot, which a database has by itself', {}, { DeletionPolicy: 'Delete' }],
    ['a policy that is not known', { DeletionPolicy: 'Retain' }, { DeletionPolicy: 'Keep' }],
  ])('what is kept less: %s', (_, before, after) => {
    expect(kept(before, after)).toEqual(expect.any(String));
    expect(kept(before, after, 'AWS::SNS::Topic')).toBeUndefined();
  });

  test('what is kept as long, or longer', () => {
    expect(kept({}, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })).toBeUndefined();
    expect(kept({ DeletionPolicy: 'Retain' }, { DeletionPolicy: 'RetainExceptOnCreate' })).toBeUndefined();
  });
});

interface SpecType {
  readonly type: string;
  readonly reference?: { readonly $ref: string };
  readonly element?: SpecType;
  readonly types?: readonly SpecType[];
}
type SpecProperties = Readonly<Record<string, { readonly type: SpecType } | undefined>>;
interface Specification {
  all(kind: 'typeDefinition'): ReadonlyArray<{ readonly properties: SpecProperties }>;
  all(kind: 'resource'): ReadonlyArray<{ readonly cloudFormationType: string; readonly properties: SpecProperties }>;
  get(kind: 'typeDefinition', id: string): { readonly properties: SpecProperties };
}

/** What the library that compares templates knows of CloudFormation. */
function specification(): Specification {
  const ofLibrary = createRequire(require.resolve('@aws-cdk/cloudformation-diff'));
  return (ofLibrary('@aws-cdk/aws-service-spec') as { loadAwsServiceSpecSync: () => Specification }).loadAwsServiceSpecSync();
}

describe('CloudFormation has', () => {
  const spec = specification();
  const types = new Map(spec.all('resource').map((one) => [one.cloudFormationType, one.properties]));
  const known = [ACCESS, LOSS, PROTECTION];

  const propertiesOf = ({ reference, element, types: several }: SpecType): SpecProperties[] => [
    ...(reference ? [spec.get('typeDefinition', reference.$ref).properties] : []),
    ...(element ? propertiesOf(element) : []),
    ...(several ?? []).flatMap(propertiesOf),
  ];
  const has = (properties: readonly SpecProperties[], [name, ...rest]: readonly string[]): boolean => {
    const found = properties.flatMap((one) => one[name.replace('[]', '')] ?? []);
    if (name.endsWith('[]') !== found.some(({ type }) => type.type === 'array') && rest.length > 0) return false;
    return (
      found.length > 0 &&
      (rest.length === 0 ||
        has(
          found.flatMap(({ type }) => propertiesOf(type)),
          rest,
        ))
    );
  };

  test('every type', () => {
    const named = [
      ...STATEFUL,
      ...[GRANTS, BOUNDS, GUARDS, OPEN_WITHOUT_POLICY, DOCUMENTS, ...known.map(({ ofType }) => ofType)].flatMap(Object.keys),
    ];
    expect(named.filter((type) => !types.has(type))).toEqual(['Custom::LogRetention']); // of the CDK
  });

  test('every property that is marked anywhere', () => {
    const names = new Set([...types.values(), ...spec.all('typeDefinition').map(({ properties }) => properties)].flatMap(Object.keys));
    expect(known.flatMap(({ anywhere }) => Object.keys(anywhere)).filter((name) => !names.has(name))).toEqual([]);
  });

  test('every property of a type', () => {
    const paths = known.flatMap(({ ofType }) =>
      Object.entries(ofType).flatMap(([type, rules]) => Object.keys(rules ?? {}).map((path) => [type, path])),
    );
    const ofAws = paths.filter(([type]) => type.startsWith('AWS::'));
    expect(ofAws.filter(([type, path]) => !has([types.get(type) ?? {}], path.split('.')))).toEqual([]);
  });
});
