import { refuse } from '@dataworks/constructs/lib/private/errors';
import { CfnOIDCProvider, Role, WebIdentityPrincipal, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { acknowledgePolicy } from './private/acknowledgements';
import { applyStatements, planStatements } from './private/pipeline-policies';
import { circleCiProblems } from './private/problems';
import type { StateBackend } from './state-backend';

/** Whose tokens are trusted. */
export interface CircleCiProject {
  /** The organisation's id, a UUID, as its settings in CircleCI show it. */
  readonly organizationId: string;

  /** The project's id, a UUID, as its settings in CircleCI show it. */
  readonly projectId: string;

  /** `host/organisation/repository`, as CircleCI's tokens name it: `github.com/acme/lake`. */
  readonly repository: string;

  /**
   * Whether the account has the organisation's OIDC provider already. An account can have one only.
   *
   * @default false - it is created
   */
  readonly existingProvider?: boolean;
}

/** Properties of `CircleCiIdentities`. */
export interface CircleCiIdentitiesProps {
  /** Where plans are written. */
  readonly backend: StateBackend;

  /** Whose tokens are trusted. */
  readonly circleCi: CircleCiProject;
}

/**
 * How CircleCI becomes a role of the account without a stored key: by the token of a job.
 *
 * A token proves project and branch, not the context or the approval of its job: every job on `main` can become the
 * apply role. So that role may only assume the deployer role, which wants an external id that the restricted context of
 * the environment holds.
 */
export class CircleCiIdentities extends Construct {
  /** Role that plans, from any branch of the project. */
  public readonly planRole: Role;

  /** Role that a job on `main` assumes to become the deployer, and for nothing else. */
  public readonly applyRole: Role;

  public constructor(scope: Construct, id: string, { backend, circleCi }: CircleCiIdentitiesProps) {
    super(scope, id);
    refuse(this, circleCiProblems(circleCi));
    const { names, bucket } = backend;
    const issuer = `oidc.circleci.com/org/${circleCi.organizationId}`;
    const providerArn = circleCi.existingProvider
      ? names.circleCiProviderArn(circleCi.organizationId)
      : // No thumbprint: IAM trusts the public authority that signed CircleCI's certificate.
        new CfnOIDCProvider(this, 'Provider', { url: `https://${issuer}`, clientIdList: [circleCi.organizationId] }).attrArn;

    const role = (roleId: string, roleName: string, description: string, branches: string, statements: PolicyStatement[]): Role => {
      const created = new Role(this, roleId, {
        roleName,
        description,
        assumedBy: new WebIdentityPrincipal(providerArn, fromBranches(issuer, circleCi, branches)),
        maxSessionDuration: Duration.hours(1), // as long as the token that it was made from
      });
      for (const statement of statements) created.addToPolicy(statement);
      return created;
    };
    this.planRole = role('PlanRole', names.planRole, 'Plans, from any branch; reads no data', '*', planStatements(backend));
    this.applyRole = role('ApplyRole', names.applyRole, 'Becomes the deployer, from main only', 'main', applyStatements(names));
    acknowledgePolicy(
      this.planRole,
      [names.historyPrefix, names.plansPrefix].map((prefix) => bucket.arnForObjects(`${prefix}*`)),
    );
    acknowledgePolicy(this.applyRole, []);
  }
}

/** A user, whoever it is. `*` would also match a `/`, and with it a branch that is named like the rest of a subject on main. */
const ANY_USER = ['????????', '????', '????', '????', '????????????'].join('-');

function fromBranches(
  issuer: string,
  { organizationId, projectId, repository }: CircleCiProject,
  branches: string,
): Record<string, unknown> {
  const subject = `org/${organizationId}/project/${projectId}/user/${ANY_USER}/vcs-origin/${repository}/vcs-ref/refs/heads/${branches}`;
  return {
    StringEquals: { [`${issuer}:aud`]: organizationId, [`${issuer}:oidc.circleci.com/project-id`]: projectId },
    StringLike: { [`${issuer}:sub`]: subject },
  };
}
