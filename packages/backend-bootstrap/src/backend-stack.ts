import { refuse } from '@dataworks/constructs/lib/private/errors';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { CfnParameter, LegacyStackSynthesizer, Stack, Tags, type StackProps } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { BackendNames, BackendParameter, type BackendNaming, type EnvironmentPlace } from './backend-names';
import { CircleCiIdentities, type CircleCiProject } from './circleci-identities';
import { DeployerRole } from './deployer-role';
import { ExecutionPolicy } from './execution-policy';
import { PermissionsBoundary } from './permissions-boundary';
import { administratorProblems, circleCiProblems, nameProblems, ownerProblems, placeProblems } from './private/problems';
import { REFUSALS } from './private/refusals';
import { StateBackend } from './state-backend';

/** Properties of a `BackendStack`. `env` needs an account and a region. */
export interface BackendStackProps extends StackProps, BackendNaming {
  /** Who answers for the environment: the tag `owner`. */
  readonly owner: string;

  /** Whether people depend on the environment: the tag `production`, by which tools see that nothing may be deleted. */
  readonly production: boolean;

  /**
   * The project in CircleCI whose jobs plan and deploy. With it, the template has a parameter `ExternalId` without a default.
   *
   * @default - no provider, no plan role and no apply role: administrators deploy by hand
   */
  readonly circleCi?: CircleCiProject;

  /**
   * The environment that must have applied the same commit first: its deployment record can be read.
   *
   * @default - none
   */
  readonly after?: EnvironmentPlace;

  /**
   * Environments whose deployer may read this one's deployment record: those that come after it.
   *
   * @default - none
   */
  readonly recordReaders?: EnvironmentPlace[];

  /**
   * ARNs of roles and users of this account that may become the deployer without the external id (break glass). `*` in
   * the last segment only; IAM lets it match slashes too.
   *
   * @default - none
   */
  readonly administrators?: string[];
}

/**
 * Everything that an account needs before the first deployment: state bucket and lock table, the identities of the
 * pipeline, the policies that limit deployments, and the parameters that tell tools where it all is.
 *
 * Deployed once, with an administrator's own credentials: it has no assets and needs no CDK bootstrap. Protected against
 * termination; the state stays when it goes.
 *
 * @exampleMetadata fixture=app
 * @example
 * import { BackendStack } from '@dataworks/backend-bootstrap';
 *
 * new BackendStack(app, 'Backend', {
 *   env: { account: '111122223333', region: 'eu-west-1' },
 *   project: 'sales',
 *   environment: 'dev',
 *   owner: 'sales-data',
 *   production: false,
 *   circleCi: {
 *     organizationId: '11111111-2222-3333-4444-555555555555',
 *     projectId: '66666666-7777-8888-9999-000000000000',
 *     repository: 'github.com/acme/lake',
 *   },
 *   administrators: ['arn:aws:iam::111122223333:role/platform-admin'],
 * });
 */
export class BackendStack extends Stack {
  /** What everything is called. */
  public readonly names: BackendNames;

  /** Bucket and table of the state. */
  public readonly stateBackend: StateBackend;

  /** The limit on everything that deployments create. */
  public readonly boundary: PermissionsBoundary;

  /** What CloudFormation may do when it deploys. */
  public readonly executionPolicy: ExecutionPolicy;

  /** Role that locks, deploys and records. */
  public readonly deployer: DeployerRole;

  /** The roles that CircleCI assumes. Undefined without `circleCi`. */
  public readonly identities?: CircleCiIdentities;

  public constructor(scope: Construct, id: string, props: BackendStackProps) {
    const { project, environment, owner, production, circleCi, after, recordReaders = [], administrators = [] } = props;
    const names = namesOf(props);
    super(scope, id, {
      ...props,
      // CDK would refuse a malformed name before all problems are said.
      stackName: props.stackName ?? (nameProblems(names).length === 0 ? names.backendStack : undefined),
      description: props.description ?? `State backend and pipeline identities of ${project} ${environment}`,
      terminationProtection: props.terminationProtection ?? true,
      analyticsReporting: false, // its resource would be the only one with a condition
      synthesizer: new LegacyStackSynthesizer(), // names no role of a CDK bootstrap, and no version of it
    });
    refuse(this, [
      ...nameProblems(names),
      ...ownerProblems(owner),
      ...(circleCi ? circleCiProblems(circleCi) : []),
      ...administratorProblems(names, administrators),
      ...(circleCi || administrators.length > 0 ? [] : [{ ...REFUSALS.nobody, received: 'neither circleCi nor administrators' }]),
      ...(after ? placeProblems(names, 'after', after) : []),
      ...recordReaders.flatMap((place) => placeProblems(names, 'recordReaders', place)),
    ]);

    const backend = new StateBackend(this, 'State', { names, recordReaders });
    const identities = circleCi && new CircleCiIdentities(this, 'CircleCi', { backend, circleCi });
    const pipeline = identities && { identities, externalId: externalId(this) };
    this.names = names;
    this.stateBackend = backend;
    this.identities = identities;
    this.boundary = new PermissionsBoundary(this, 'Boundary', { names });
    this.executionPolicy = new ExecutionPolicy(this, 'Execution', { names });
    this.deployer = new DeployerRole(this, 'Deployer', { backend, pipeline, administrators, after });

    const parameters = new Construct(this, 'Parameters');
    for (const [parameter, stringValue] of parameterValues(names, identities !== undefined)) {
      new StringParameter(parameters, parameter, { parameterName: names.parameter(parameter), stringValue });
    }
    const tags = { project, environment, owner, production: String(production) };
    for (const [key, value] of Object.entries(tags)) Tags.of(this).add(key, value);
  }
}

/** Before there is a stack: its own name is one of them. */
function namesOf({ env, project, environment, stateName, stateNameSuffix, stateKey, qualifier }: BackendStackProps): BackendNames {
  const { account = '', region = '' } = env ?? {};
  return new BackendNames({ account, region, project, environment, stateName, stateNameSuffix, stateKey, qualifier });
}

/** Its length makes it unguessable; the characters are those that STS takes. */
function externalId(stack: BackendStack): string {
  return new CfnParameter(stack, 'ExternalId', {
    description: 'What CircleCI has to know to deploy. Held by the restricted context of the environment alone',
    noEcho: true,
    minLength: 32,
    maxLength: 1224,
    allowedPattern: '[\\w+=,.@:/-]*',
    constraintDescription: '32 to 1224 letters, digits and any of _+=,.@:/-',
  }).valueAsString;
}

/** What the parameters tell; those about roles of the pipeline only where there is one. */
function parameterValues(names: BackendNames, pipeline: boolean): ReadonlyArray<readonly [BackendParameter, string]> {
  return [
    [BackendParameter.STATE_BUCKET, names.stateBucket],
    [BackendParameter.STATE_TABLE, names.stateTable],
    [BackendParameter.STATE_KEY, names.stateKey],
    ...(pipeline
      ? ([
          [BackendParameter.PLAN_ROLE_ARN, names.roleArn(names.planRole)],
          [BackendParameter.APPLY_ROLE_ARN, names.roleArn(names.applyRole)],
        ] as const)
      : []),
    [BackendParameter.DEPLOYER_ROLE_ARN, names.roleArn(names.deployerRole)],
    [BackendParameter.BOUNDARY_NAME, names.boundary],
    [BackendParameter.EXECUTION_POLICY_ARN, names.policyArn(names.executionPolicy)],
    [BackendParameter.QUALIFIER, names.qualifier],
    [BackendParameter.TOOLKIT_STACK_NAME, names.toolkitStack],
  ];
}
