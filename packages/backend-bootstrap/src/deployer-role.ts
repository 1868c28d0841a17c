import { refuse } from '@dataworks/constructs/lib/private/errors';
import { AccountPrincipal, ArnPrincipal, CompositePrincipal, Role, type IPrincipal } from 'aws-cdk-lib/aws-iam';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { EnvironmentPlace } from './backend-names';
import type { CircleCiIdentities } from './circleci-identities';
import { acknowledgePolicy } from './private/acknowledgements';
import { deployerStatements } from './private/pipeline-policies';
import { administratorProblems, placeProblems } from './private/problems';
import { REFUSALS } from './private/refusals';
import type { StateBackend } from './state-backend';

/** How the pipeline becomes the deployer. */
export interface DeployingPipeline {
  /** Whose apply role becomes the deployer. */
  readonly identities: CircleCiIdentities;

  /**
   * What the apply role has to know, 32 to 1,224 characters: nothing but the environment's restricted context may hold it.
   * Pass a parameter with `noEcho`: a literal would stand in the template.
   */
  readonly externalId: string;
}

/** Properties of a `DeployerRole`. */
export interface DeployerRoleProps {
  /** Where it locks and records. */
  readonly backend: StateBackend;

  /**
   * The pipeline that deploys.
   *
   * @default - none: administrators deploy by hand
   */
  readonly pipeline?: DeployingPipeline;

  /**
   * ARNs of roles and users of this account that may become the deployer without the external id (break glass). `*` in
   * the last segment only; IAM lets it match slashes too.
   *
   * @default - none
   */
  readonly administrators?: string[];

  /**
   * The environment whose deployment record it may read: the one that must have applied first.
   *
   * @default - none
   */
  readonly after?: EnvironmentPlace;
}

/**
 * The role that locks, deploys and records. It acts on resources only through the roles of the CDK bootstrap, and cannot
 * change the backend, the boundary, or any role.
 */
export class DeployerRole extends Construct {
  /** The role. */
  public readonly role: Role;

  public constructor(scope: Construct, id: string, props: DeployerRoleProps) {
    super(scope, id);
    const { backend, pipeline, administrators = [], after } = props;
    const { names, bucket } = backend;
    refuse(this, [
      ...administratorProblems(names, administrators),
      ...(after ? placeProblems(names, 'after', after) : []),
      ...(pipeline || administrators.length > 0 ? [] : [{ ...REFUSALS.nobody, received: 'neither a pipeline nor administrators' }]),
    ]);
    const trusted: IPrincipal[] = [
      ...(pipeline
        ? [
            new ArnPrincipal(pipeline.identities.applyRole.roleArn).withConditions({
              StringEquals: { 'sts:ExternalId': pipeline.externalId },
            }),
          ]
        : []),
      // By a condition: IAM rejects a trust policy that names a role which does not exist, and knows no wildcard in a principal.
      ...(administrators.length > 0
        ? [new AccountPrincipal(names.account).withConditions({ ArnLike: { 'aws:PrincipalArn': administrators } })]
        : []),
    ];
    this.role = new Role(this, 'Role', {
      roleName: names.deployerRole,
      description: 'Locks, deploys through the roles of the CDK bootstrap, and records',
      assumedBy: new CompositePrincipal(...trusted),
      maxSessionDuration: Duration.hours(1), // STS gives no longer one to a session of another role
    });
    for (const statement of deployerStatements(backend, after)) this.role.addToPolicy(statement);
    acknowledgePolicy(
      this.role,
      [`${names.stateKey}/`, names.historyPrefix, names.approvalsPrefix].map((prefix) => bucket.arnForObjects(`${prefix}*`)),
    );
  }
}
