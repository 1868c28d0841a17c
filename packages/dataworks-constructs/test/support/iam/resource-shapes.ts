/** The surroundings a template is deployed into. */
export interface Environment {
  readonly account: string;
  readonly region: string;
  /** @default 'aws' */
  readonly partition?: string;
  /**
   * Values of parameters, and of references that `resource-shapes.ts` does not cover, by `LogicalId` or `LogicalId.Attribute`.
   *
   * @default - none
   */
  readonly values?: Readonly<Record<string, string | undefined>>;
}

/** A resource with resolved properties, on the way to its physical id. */
export interface Deployed {
  readonly logicalId: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly environment: Required<Environment>;
}

/** What `Ref` and `Fn::GetAtt` give for a type of resource. */
interface Shape {
  readonly ref: (resource: Deployed) => string;
  readonly attributes: Readonly<Record<string, ((resource: Deployed) => string) | undefined>>;
}

/** The name that the template gives, else one made from the logical id: the same in every run. */
const named = (property: string) => (resource: Deployed) => {
  const name = resource.properties[property];
  return typeof name === 'string' ? name : resource.logicalId.toLowerCase();
};

const arn =
  (service: string, rest: (resource: Deployed) => string, scope: 'regional' | 'global' | 'bare' = 'regional') =>
  (resource: Deployed) => {
    const { partition, region, account } = resource.environment;
    const place = { regional: `${region}:${account}`, global: `:${account}`, bare: ':' }[scope];
    return `arn:${partition}:${service}:${place}:${rest(resource)}`;
  };

const pathOf = ({ properties }: Deployed) => (typeof properties.Path === 'string' ? properties.Path : '/');

const bucket = named('BucketName');
const keyId = ({ logicalId }: Deployed) => `key-of-${logicalId.toLowerCase()}`;
const roleName = named('RoleName');
const table = named('TableName');
const trail = named('TrailName');
const logGroup = named('LogGroupName');
const lambda = named('FunctionName');
const managedPolicy = arn('iam', (resource) => `policy${pathOf(resource)}${named('ManagedPolicyName')(resource)}`, 'global');
const provider = arn('iam', ({ properties }) => `oidc-provider/${String(properties.Url).replace(/^https:\/\//, '')}`, 'global');
const secret = arn('secretsmanager', (resource) => `secret:${named('Name')(resource)}-AbCdEf`);

/** Attributes as the CloudFormation resource reference lists them; those that policies of ours use. */
export const SHAPES: Readonly<Record<string, Shape | undefined>> = {
  'AWS::CloudTrail::Trail': { ref: trail, attributes: { Arn: arn('cloudtrail', (resource) => `trail/${trail(resource)}`) } },
  'AWS::DynamoDB::Table': { ref: table, attributes: { Arn: arn('dynamodb', (resource) => `table/${table(resource)}`) } },
  'AWS::IAM::ManagedPolicy': { ref: managedPolicy, attributes: { PolicyArn: managedPolicy } },
  'AWS::IAM::OIDCProvider': { ref: provider, attributes: { Arn: provider } },
  'AWS::IAM::Role': {
    ref: roleName,
    attributes: { Arn: arn('iam', (resource) => `role${pathOf(resource)}${roleName(resource)}`, 'global') },
  },
  'AWS::KMS::Alias': { ref: named('AliasName'), attributes: {} },
  'AWS::KMS::Key': { ref: keyId, attributes: { Arn: arn('kms', (resource) => `key/${keyId(resource)}`), KeyId: keyId } },
  'AWS::Lambda::Function': { ref: lambda, attributes: { Arn: arn('lambda', (resource) => `function:${lambda(resource)}`) } },
  'AWS::Logs::LogGroup': { ref: logGroup, attributes: { Arn: arn('logs', (resource) => `log-group:${logGroup(resource)}:*`) } },
  'AWS::S3::Bucket': { ref: bucket, attributes: { Arn: arn('s3', bucket, 'bare') } },
  'AWS::SecretsManager::Secret': { ref: secret, attributes: { Id: secret } },
  'AWS::SSM::Parameter': { ref: named('Name'), attributes: {} },
};
