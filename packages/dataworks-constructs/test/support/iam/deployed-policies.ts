import { FULL_ACCESS, type IdentityPolicies } from './principals';
import { resolver, type Template } from './resolve';
import type { Environment } from './resource-shapes';

type Json = Readonly<Record<string, unknown>>;

/** Policies of AWS that a template names by ARN, as far as they are known here. */
const AWS_MANAGED: Readonly<Record<string, unknown>> = { AdministratorAccess: FULL_ACCESS };

/** The policies of a synthesised template, as they would be in force once it is deployed. */
export class DeployedPolicies {
  readonly #template: Template;
  readonly #resolve: (value: unknown) => unknown;

  public constructor(template: Template, environment: Environment) {
    this.#template = template;
    this.#resolve = resolver(template, environment);
  }

  /** The one resource of a type whose logical id begins so. */
  public logicalId(type: string, prefix = ''): string {
    const ids = this.#ids(type).filter((id) => id.startsWith(prefix));
    if (ids.length !== 1) throw new Error(`${ids.length} resources of type ${type} have a logical id like '${prefix}…'.`);
    return ids[0];
  }

  public ref(logicalId: string): string {
    return this.#resolve({ Ref: logicalId }) as string;
  }

  public arn(logicalId: string): string {
    return this.#resolve({ 'Fn::GetAtt': [logicalId, 'Arn'] }) as string;
  }

  /** Of a bucket; undefined when it has none. */
  public bucketPolicy(bucket: string): unknown {
    const policies = this.#ids('AWS::S3::BucketPolicy').map((id) => this.#properties(id));
    return policies.find(({ Bucket }) => Bucket === this.ref(bucket))?.PolicyDocument;
  }

  /** Of a key. */
  public keyPolicy(key: string): unknown {
    return this.#properties(key).KeyPolicy;
  }

  /** What a policy of AWS Organizations says. */
  public serviceControlPolicy(policy: string): unknown {
    return this.#properties(policy).Content;
  }

  /** Of a role: who may assume it. */
  public trustPolicy(role: string): unknown {
    return this.#properties(role).AssumeRolePolicyDocument;
  }

  /** Of a role: everything attached to it inline, by policy resources and by managed policies, and its boundary. */
  public identityPolicies(role: string): Pick<IdentityPolicies, 'identity' | 'boundary'> {
    const {
      Policies = [],
      ManagedPolicyArns = [],
      PermissionsBoundary,
    } = this.#properties(role) as {
      readonly Policies?: readonly Json[];
      readonly ManagedPolicyArns?: readonly string[];
      readonly PermissionsBoundary?: string;
    };
    return {
      identity: [
        ...Policies.map(({ PolicyDocument }) => PolicyDocument),
        ...this.attachedTo(this.ref(role)),
        ...ManagedPolicyArns.map((arn) => this.#managed(arn)),
      ],
      ...(PermissionsBoundary !== undefined && { boundary: this.#managed(PermissionsBoundary) }),
    };
  }

  /** What the template attaches to a role, which need not be of the template itself. */
  public attachedTo(roleName: string): readonly unknown[] {
    return ['AWS::IAM::Policy', 'AWS::IAM::RolePolicy', 'AWS::IAM::ManagedPolicy']
      .flatMap((type) => this.#ids(type))
      .map(
        (id) =>
          this.#properties(id) as { readonly Roles?: readonly string[]; readonly RoleName?: string; readonly PolicyDocument: unknown },
      )
      .filter(({ Roles = [], RoleName }) => [...Roles, RoleName].includes(roleName))
      .map(({ PolicyDocument }) => PolicyDocument);
  }

  #managed(arn: string): unknown {
    const known = AWS_MANAGED[arn.replace(/^arn:[\w-]+:iam::aws:policy\//, '')];
    const own = this.#ids('AWS::IAM::ManagedPolicy').find((id) => this.ref(id) === arn);
    if (known === undefined && own === undefined) throw new Error(`The text of the managed policy ${arn} is not known.`);
    return own === undefined ? known : this.#properties(own).PolicyDocument;
  }

  #ids(type: string): readonly string[] {
    return Object.keys(this.#template.Resources).filter((id) => this.#template.Resources[id]?.Type === type);
  }

  #properties(logicalId: string): Json {
    const resource = this.#template.Resources[logicalId];
    if (!resource) throw new Error(`The template has no resource ${logicalId}.`);
    return this.#resolve(resource.Properties ?? {}) as Json;
  }
}
