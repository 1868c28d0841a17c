import { refuse } from '@dataworks/constructs/lib/private/errors';
import { CfnManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { BackendNames } from './backend-names';
import { acknowledge, acknowledgeWildcards, DECISIONS, EXECUTION_WILDCARDS } from './private/deployment-decisions';
import { applicationProblems, familyProblems, managedPolicyProblems } from './private/deployment-problems';
import { executionDocument } from './private/execution-document';
import { SERVICE_FAMILIES } from './private/service-families';

/** A group of services, and what deployments may do with it. */
export interface ServiceFamily {
  /** What AWS calls it. */
  readonly family: string;

  /** What deployments need it for: shown to whoever reviews the policy. */
  readonly reason: string;

  /**
   * Actions that CloudFormation calls, like `firehose:*DeliveryStream*`: on every resource, in the environment's region.
   * None of IAM or STS: roles have rules of their own.
   */
  readonly actions: string[];

  /**
   * Services to which a deployment may pass its roles, like `firehose.amazonaws.com`.
   *
   * @default - none
   */
  readonly passedTo?: string[];

  /**
   * Services whose service-linked role CloudFormation creates when it does not exist, like `autoscaling.amazonaws.com`.
   *
   * @default - none
   */
  readonly serviceLinkedRoles?: string[];
}

/** Properties of an `ExecutionPolicy`. */
export interface ExecutionPolicyProps {
  /** What everything is called. */
  readonly names: BackendNames;

  /**
   * What other applications deploy beside the lake by the same CDK bootstrap. IAM's limit of 6,144 characters leaves room
   * for about a dozen actions; wildcards save some.
   *
   * @default - the families of the data lake alone
   */
  readonly furtherServices?: ServiceFamily[];

  /**
   * Beginnings of the names of other applications' stacks, as in `PermissionsBoundaryProps`.
   *
   * @default - `<project>-<environment>-` alone
   */
  readonly applications?: string[];
}

/**
 * What CloudFormation may do when it deploys, in place of `AdministratorAccess`: the managed policy
 * `<project>-<environment>-execution`.
 *
 * The services of a data lake, in one region, and of those that hold data only what manages them. Roles only with the
 * `PermissionsBoundary`, named after their stack, and passed only to the services listed.
 */
export class ExecutionPolicy extends Construct {
  /** The families of the data lake, as the documentation shows them. */
  public static families(): ServiceFamily[] {
    return [...SERVICE_FAMILIES];
  }

  /** ARN of the policy. */
  public readonly policyArn: string;

  /** Name of the policy. */
  public readonly policyName: string;

  public constructor(scope: Construct, id: string, props: ExecutionPolicyProps) {
    super(scope, id);
    const { names } = props;
    const families = [...SERVICE_FAMILIES, ...(props.furtherServices ?? [])];
    const document = executionDocument(names, families, props.applications);
    refuse(this, [
      ...familyProblems(props.furtherServices),
      ...applicationProblems(props.applications),
      ...managedPolicyProblems(document),
    ]);
    this.policyName = names.executionPolicy;
    this.policyArn = names.policyArn(names.executionPolicy);
    const policy = new CfnManagedPolicy(this, 'Resource', {
      managedPolicyName: this.policyName,
      description: `What CloudFormation may deploy for ${names.project}, ${names.environment}`,
      policyDocument: document,
    });
    acknowledge(policy, DECISIONS.wholeServices);
    acknowledgeWildcards(policy, document, EXECUTION_WILDCARDS);
  }
}
