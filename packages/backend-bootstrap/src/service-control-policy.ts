import { serviceControlDocument } from './private/service-control-document';

/** Properties of a `ServiceControlPolicy`. */
export interface ServiceControlPolicyProps {
  /** First part of the names that it protects, in every account to which it is attached. */
  readonly project: string;

  /**
   * Who bootstraps accounts: patterns of ARNs of roles, with `*` for the account, like
   * `arn:*:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_PlatformAdministrator_*`. Nobody else can change the
   * bootstrap once the policy is attached: without one that exists, only the organisation's management account is left.
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
}

/**
 * A service control policy for the accounts of a project's environments. It closes what no policy within an account can.
 *
 * CloudFormation deploys by the role that is stored with a stack, whoever calls: so every principal that may update stacks
 * has that role's rights. And who may change roles, may change those of the bootstrap. With this policy, stacks of the
 * project change by the pipeline alone, and the bootstrap by administrators alone.
 *
 * AWS Organizations attaches it to an account or a unit, after the bootstrap or before. It grants nothing, and does not bind the
 * management account. Deployed from there, or from the account that manages policies for it.
 *
 * @example
 * import { ServiceControlPolicy } from '@dataworks/backend-bootstrap';
 * import { CfnPolicy } from 'aws-cdk-lib/aws-organizations';
 *
 * const policy = new ServiceControlPolicy({ project: 'sales', administrators: ['arn:*:iam::*:role/platform-admin'] });
 * new CfnPolicy(this, 'Bootstrap', {
 *   name: 'sales-bootstrap',
 *   type: 'SERVICE_CONTROL_POLICY',
 *   content: JSON.parse(policy.toJson()),
 *   targetIds: ['111122223333'],
 * });
 */
export class ServiceControlPolicy {
  private readonly document: object;

  public constructor(props: ServiceControlPolicyProps) {
    this.document = serviceControlDocument(props);
  }

  /** The policy without white space, as `aws organizations create-policy` takes it: at most 5,120 characters. */
  public toJson(): string {
    return JSON.stringify(this.document);
  }
}
