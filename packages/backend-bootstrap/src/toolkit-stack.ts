import { refuse } from '@dataworks/constructs/lib/private/errors';
import { LegacyStackSynthesizer, Stack, Tags, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { BackendNames } from './backend-names';
import { HardenedToolkit } from './hardened-toolkit';
import { nameProblems } from './private/problems';

/** Properties of a `ToolkitStack`. `env` needs an account and a region. */
export interface ToolkitStackProps extends StackProps {
  /** First part of the names of the roles and policies that the toolkit refers to. */
  readonly project: string;

  /** Second part of them. */
  readonly environment: string;

  /** Whether people depend on the environment: the tag `production`, by which tools see that nothing may be deleted. */
  readonly production: boolean;

  /**
   * Qualifier of the CDK bootstrap, 1 to 10 lower-case letters and digits: that of the apps that are deployed by it.
   *
   * @default 'dataworks'
   */
  readonly qualifier?: string;
}

/**
 * The CDK bootstrap of an account and region, hardened: in place of what `cdk bootstrap` would deploy.
 *
 * Deployed once, with an administrator's own credentials, after the `BackendStack` of the same environment: its roles
 * refer to the policies and trust the roles that are made there. Protected against termination.
 *
 * @exampleMetadata fixture=app
 * @example
 * import { ToolkitStack } from '@dataworks/backend-bootstrap';
 *
 * new ToolkitStack(app, 'Toolkit', {
 *   env: { account: '111122223333', region: 'eu-west-1' },
 *   project: 'sales',
 *   environment: 'dev',
 *   production: false,
 * });
 */
export class ToolkitStack extends Stack {
  /** What everything is called. */
  public readonly names: BackendNames;

  /** The resources of the bootstrap contract. */
  public readonly toolkit: HardenedToolkit;

  public constructor(scope: Construct, id: string, props: ToolkitStackProps) {
    const { env, project, environment, production, qualifier } = props;
    const { account = '', region = '' } = env ?? {};
    const names = new BackendNames({ project, environment, qualifier, account, region });
    super(scope, id, {
      ...props,
      stackName: props.stackName ?? names.toolkitStack,
      description: props.description ?? `The CDK bootstrap of ${project} ${environment}, hardened`,
      terminationProtection: props.terminationProtection ?? true,
      analyticsReporting: false,
      synthesizer: new LegacyStackSynthesizer(), // names no role of a CDK bootstrap, and no version of it
    });
    refuse(this, nameProblems(names));
    this.names = names;
    this.toolkit = new HardenedToolkit(this, 'Toolkit', { names });
    for (const [key, value] of Object.entries({ project, environment, production: String(production) })) Tags.of(this).add(key, value);
  }
}
