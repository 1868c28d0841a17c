import { refuse } from '@dataworks/constructs/lib/private/errors';
import { CfnManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { BackendNames } from './backend-names';
import { boundaryDocument } from './private/boundary-document';
import { acknowledge, DECISIONS } from './private/deployment-decisions';
import { applicationProblems, managedPolicyProblems } from './private/deployment-problems';

/** Properties of a `PermissionsBoundary`. */
export interface PermissionsBoundaryProps {
  /** What everything is called. */
  readonly names: BackendNames;

  /**
   * Beginnings of the names of other applications' stacks, deployed by the same CDK bootstrap: CloudFormation names roles
   * after their stack, and under the boundary a role is made, passed and assumed only under such a name.
   *
   * @default - `<project>-<environment>-` alone
   */
  readonly applications?: string[];
}

/**
 * The limit on everything that deployments of an environment create, and on the role by which CloudFormation creates it:
 * the managed policy `<project>-<environment>-boundary`.
 *
 * It grants nothing. Whatever a policy allows, a role that carries it can not: make or change a role without this
 * boundary; create users, access keys or identity providers; touch, pass or assume a role that no deployment made; change
 * the boundary, the pipeline's roles or the CDK bootstrap; read or write state; stop the audit trail; read the external
 * id; deploy, unless it is CloudFormation's role.
 *
 * A stack that creates a trail and fails cannot remove it again: its rollback stops until an administrator has deleted it.
 */
export class PermissionsBoundary extends Construct {
  /** ARN of the policy. */
  public readonly policyArn: string;

  /** Name of the policy, for `PermissionsBoundary.fromName` of the CDK. */
  public readonly policyName: string;

  public constructor(scope: Construct, id: string, props: PermissionsBoundaryProps) {
    super(scope, id);
    const { names } = props;
    const document = boundaryDocument(names, props.applications);
    refuse(this, [...applicationProblems(props.applications), ...managedPolicyProblems(document)]);
    this.policyName = names.boundary;
    this.policyArn = names.policyArn(names.boundary);
    const policy = new CfnManagedPolicy(this, 'Resource', {
      managedPolicyName: this.policyName,
      description: `What no role of ${names.project}, ${names.environment} can do, whatever its policies say`,
      policyDocument: document,
    });
    acknowledge(policy, DECISIONS.boundaryAllowsAll);
  }
}
