import { BootstraplessSynthesizer, Stack, Tags, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { BackendNames } from './backend-names';
import { HardenedToolkit } from './hardened-toolkit';

/** Properties of a `ToolkitStack`. `env` needs an account and a region. */
export interface ToolkitStackProps extends StackProps {
  /** First part of the names of the roles and policies that the toolkit refers to. */
  readonly project: string;

  /** Second part of them. */
  readonly environment: string;

  /** Whether people depend on the environment; the tag `production`, by which tools see that nothing may be deleted. */
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
 * @example
 * import { ToolkitStack } from '@dataworks/backend-bootstrap';
 *
 * new ToolkitStack(app, 'Toolkit', {
 *   env: { account: '111122223333', region: 'eu-west-1' },
 *   project: 'sales',
 *   environment: 'dev',
 *   production: false,
 * });
 *
 * @exampleMetadata fixture=app
 */
export class ToolkitStack extends Stack {
  /** What everything is called. */
  public readonly names: BackendNames;

  /** The resources of the bootstrap contract. */
  public readonly toolkit: HardenedToolkit;

  public constructor(scope: Construct, id: string, props: ToolkitStackProps) {
    const { project, environment, production, qualifier } = props;
    const { toolkitStack } = new BackendNames({ project, environment, qualifier, account: '', region: '' });
    super(scope, id, {
      ...props,
      stackName: props.stackName ?? toolkitStack,
      description: props.description ?? `The CDK bootstrap of ${project} ${environment}, hardened`,
      terminationProtection: props.terminationProtection ?? true,
      analyticsReporting: false,
      synthesizer: new BootstraplessSynthesizer(),
    });
    this.names = BackendNames.forStackOf(this, { project, environment, qualifier });
    this.toolkit = new HardenedToolkit(this, 'Toolkit', { names: this.names });
    for (const [key, value] of Object.entries({ project, environment, production: String(production) })) Tags.of(this).add(key, value);
  }
}
