import type { Resource, Template } from './template';

/** Where a template is deployed. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
}

/** What stands for the value of a template parameter, which is not in the template. */
export function parameterMark(name: string): string {
  return `<${name}>`;
}

type Properties = Readonly<Record<string, unknown>>;

/** What `Ref` gives of a type: all resources of the two stacks have names of their own. */
const REFERENCES: Readonly<Record<string, ((properties: Properties, place: Place) => string) | undefined>> = {
  'AWS::S3::Bucket': ({ BucketName }) => String(BucketName),
  'AWS::DynamoDB::Table': ({ TableName }) => String(TableName),
  'AWS::ECR::Repository': ({ RepositoryName }) => String(RepositoryName),
  'AWS::IAM::Role': ({ RoleName }) => String(RoleName),
  'AWS::IAM::ManagedPolicy': ({ ManagedPolicyName }, place) => iamArn(`policy/${String(ManagedPolicyName)}`, place),
  'AWS::IAM::OIDCProvider': ({ Url }, place) => iamArn(`oidc-provider/${String(Url).replace(/^https:\/\//, '')}`, place),
  'AWS::SSM::Parameter': ({ Name }) => String(Name),
};

/** What `Fn::GetAtt` gives, by type and attribute. */
const ATTRIBUTES: Readonly<Record<string, ((properties: Properties, place: Place) => string) | undefined>> = {
  'AWS::S3::Bucket.Arn': ({ BucketName }, { partition }) => `arn:${partition}:s3:::${String(BucketName)}`,
  'AWS::DynamoDB::Table.Arn': ({ TableName }, { partition, region, account }) =>
    `arn:${partition}:dynamodb:${region}:${account}:table/${String(TableName)}`,
  'AWS::ECR::Repository.Arn': ({ RepositoryName }, { partition, region, account }) =>
    `arn:${partition}:ecr:${region}:${account}:repository/${String(RepositoryName)}`,
  'AWS::IAM::Role.Arn': ({ RoleName }, place) => iamArn(`role/${String(RoleName)}`, place),
  'AWS::IAM::ManagedPolicy.PolicyArn': ({ ManagedPolicyName }, place) => iamArn(`policy/${String(ManagedPolicyName)}`, place),
  'AWS::IAM::OIDCProvider.Arn': ({ Url }, place) => iamArn(`oidc-provider/${String(Url).replace(/^https:\/\//, '')}`, place),
  'AWS::SSM::Parameter.Value': ({ Value }) => String(Value),
};

/** Properties that hold the name of a resource, or of the one that a policy belongs to. */
const NAMES = ['BucketName', 'TableName', 'RepositoryName', 'RoleName', 'ManagedPolicyName', 'Url', 'Name', 'Bucket', 'Roles'];

function iamArn(resource: string, { partition, account }: Place): string {
  return `arn:${partition}:iam::${account}:${resource}`;
}

/** The intrinsic functions of a template, replaced by what they stand for. Throws for one that the stacks should not use. */
export class Resolver {
  public constructor(
    private readonly template: Template,
    private readonly place: Place,
  ) {}

  /** What the resources are called, by logical id; a policy by what it belongs to. */
  public names(): Readonly<Record<string, string | undefined>> {
    return Object.fromEntries(
      Object.entries(this.template.Resources).map(([logicalId, resource]) => {
        const properties = this.properties(resource);
        const names = NAMES.flatMap((property) => properties[property] ?? []);
        return [logicalId, names.find((name) => typeof name === 'string')];
      }),
    );
  }

  /** The properties of a resource. */
  public properties({ Properties: properties = {} }: Resource): Properties {
    return this.resolve(properties) as Properties;
  }

  private resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item: unknown) => this.resolve(item));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [name, argument] = entries.length === 1 ? (entries[0] as [string, unknown]) : ['', undefined];
    switch (name) {
      case 'Ref':
        return this.reference(String(argument));
      case 'Fn::GetAtt':
        return this.attribute(argument as [string, string]);
      case 'Fn::Join': {
        const [separator, parts] = this.resolve(argument) as [string, string[]];
        return parts.join(separator);
      }
      case 'Fn::Sub':
        return String(argument).replace(/\$\{([^}]+)\}/g, (_match, target: string) =>
          target.includes('.') && !target.startsWith('AWS::')
            ? this.attribute(target.split('.') as [string, string])
            : this.reference(target),
        );
      default:
        if (name.startsWith('Fn::')) throw new Error(`The stacks should not use ${name}: ${JSON.stringify(value)}`);
        return Object.fromEntries(entries.map(([key, member]) => [key, this.resolve(member)]));
    }
  }

  private reference(name: string): string {
    const { account, region, partition } = this.place;
    const pseudo: Readonly<Record<string, string | undefined>> = {
      'AWS::AccountId': account,
      'AWS::Region': region,
      'AWS::Partition': partition,
      'AWS::URLSuffix': partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
    };
    const parameter = this.template.Parameters?.[name];
    if (parameter) return parameter.Default ?? parameterMark(name);
    return pseudo[name] ?? this.of(name, REFERENCES, '');
  }

  private attribute([name, attribute]: [string, string]): string {
    return this.of(name, ATTRIBUTES, `.${attribute}`);
  }

  private of(name: string, rules: typeof REFERENCES, suffix: string): string {
    const resource = this.template.Resources[name] as Resource | undefined;
    const rule = rules[`${resource?.Type ?? 'nothing'}${suffix}`];
    if (!resource || !rule) throw new Error(`The stacks should not refer to ${name}${suffix} (${resource?.Type ?? 'no resource'}).`);
    return rule(this.properties(resource), this.place);
  }
}
