import { refuse } from '@dataworks/constructs/lib/private/errors';
import { CfnPolicy } from 'aws-cdk-lib/aws-organizations';
import { Construct } from 'constructs';
import { serviceControlProblems } from './private/deployment-problems';
import { serviceControlDocument } from './private/service-control-document';

/** Properties of a `ServiceControlPolicy`. */
export interface ServiceControlPolicyProps {
  /** First part of the names that it protects, in every account to which it is attached. */
  readonly project: string;

  /**
   * Who bootstraps accounts: patterns of ARNs of roles, with `*` for the account, like
   * `arn:*:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_PlatformAdministrator_*`. Nobody else can change the
   * bootstrap once the policy is attached: without one that exists, only the organisation's management account is left.
   * These roles can be changed by each other alone.
   */
  readonly administrators: string[];

  /**
   * Qualifier of the CDK bootstrap.
   *
   * @default 'dataworks'
   */
  readonly qualifier?: string;

  /**
   * Base name of state buckets and lock tables.
   *
   * @default 'dataworks-terraform-state'
   */
  readonly stateName?: string;

  /**
   * Ids of the accounts and organisational units to which it is attached.
   *
   * @default - none: it is made, and attached by hand
   */
  readonly targets?: string[];
}

/**
 * A service control policy for the accounts of a project's environments. It closes what no policy within an account can.
 *
 * CloudFormation deploys by the role that is stored with a stack, whoever calls: so every principal that may update stacks
 * has that role's rights. And who may change roles, may change those of the bootstrap. With this policy, stacks of the
 * project change by the pipeline alone, and the bootstrap by administrators alone.
 *
 * Deployed in the organisation's management account, or the account to which it delegates policies. It grants nothing, and does not bind
 * the management account itself.
 *
 * @example
 * import { ServiceControlPolicy } from '@dataworks/backend-bootstrap';
 *
 * new ServiceControlPolicy(this, 'Pipeline', { project: 'sales', administrators: ['arn:*:iam::*:role/platform-admin'] });
 */
export class ServiceControlPolicy extends Construct {
  /** Id of the policy. */
  public readonly policyId: string;

  public constructor(scope: Construct, id: string, props: ServiceControlPolicyProps) {
    super(scope, id);
    const { project, targets } = props;
    const content = serviceControlDocument(props);
    refuse(this, serviceControlProblems(content, props));
    this.policyId = new CfnPolicy(this, 'Resource', {
      type: 'SERVICE_CONTROL_POLICY',
      name: `${project}-pipeline`,
      description: `Stacks of ${project} change by the pipeline alone, and what it stands on by administrators alone`,
      content,
      targetIds: targets,
    }).attrId;
  }
}
