import {
  GetOpenIDConnectProviderCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  NoSuchEntityException,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from '@aws-sdk/client-iam';
import { clientSettings, raisesFaults } from './client-settings';

export interface RoleSettings {
  /** Who may assume the role: a policy document. */
  readonly trust: string;
  /** ARN of the permissions boundary. */
  readonly boundary?: string;
  /** Inline policy documents by name. */
  readonly policies: Readonly<Record<string, string>>;
  /** ARNs of attached managed policies. */
  readonly attached: readonly string[];
}

/** Roles, policies and identity providers of an account. */
export class Identities {
  private readonly client: IAMClient;

  public constructor(region: string) {
    this.client = new IAMClient(clientSettings(region));
    this.client.middlewareStack.use(raisesFaults);
  }

  public role(name: string): Promise<RoleSettings | undefined> {
    return whenThere(async () => {
      const RoleName = name;
      const { Role } = await this.client.send(new GetRoleCommand({ RoleName }));
      const names: string[] = [];
      for await (const { PolicyNames = [] } of paginateListRolePolicies({ client: this.client }, { RoleName })) names.push(...PolicyNames);
      const policies = await Promise.all(names.map((PolicyName) => this.client.send(new GetRolePolicyCommand({ RoleName, PolicyName }))));
      const attached: string[] = [];
      for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies({ client: this.client }, { RoleName })) {
        attached.push(...AttachedPolicies.map(({ PolicyArn }) => PolicyArn!));
      }
      return {
        trust: decodeURIComponent(Role!.AssumeRolePolicyDocument!),
        boundary: Role!.PermissionsBoundary?.PermissionsBoundaryArn,
        policies: Object.fromEntries(policies.map(({ PolicyName, PolicyDocument }) => [PolicyName!, decodeURIComponent(PolicyDocument!)])),
        attached,
      };
    });
  }

  /** The document of a managed policy that is in force. */
  public managedPolicy(arn: string): Promise<string | undefined> {
    return whenThere(async () => {
      const { Policy } = await this.client.send(new GetPolicyCommand({ PolicyArn: arn }));
      const version = { PolicyArn: arn, VersionId: Policy!.DefaultVersionId };
      const { PolicyVersion } = await this.client.send(new GetPolicyVersionCommand(version));
      return decodeURIComponent(PolicyVersion!.Document!);
    });
  }

  /** Audiences of an OpenID Connect provider; undefined when there is none. */
  public audiences(providerArn: string): Promise<readonly string[] | undefined> {
    return whenThere(async () => {
      const { ClientIDList = [] } = await this.client.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: providerArn }));
      return ClientIDList;
    });
  }
}

async function whenThere<T>(answer: () => Promise<T>): Promise<T | undefined> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof NoSuchEntityException) return undefined;
    throw error;
  }
}
