import { resolve } from 'node:path';
import { ENVIRONMENT_CONTEXT, loadConfiguration, type Configuration } from '@dataworks/deploy';
import { App, BOOTSTRAP_QUALIFIER_CONTEXT, type AppProps } from 'aws-cdk-lib/core';
import { chosenEnvironments } from './chosen-environments';
import { EnvironmentStage } from './environment-stage';

const CONFIGURATION = resolve(__dirname, '../dataworks.json');

/** One stage per environment of dataworks.json, or that of one environment alone: `-c dataworks:environment=dev`, which `dataworks plan` gives. */
export function createApp(props: AppProps = {}, configuration: Configuration = loadConfiguration(CONFIGURATION)): App {
  // Not as a default synthesizer: the CDK would copy it for each stack, and all copies share one manifest of assets.
  const app = new App({ postCliContext: { [BOOTSTRAP_QUALIFIER_CONTEXT]: configuration.qualifier }, ...props });
  const environments = chosenEnvironments(configuration.environments, app.node.tryGetContext(ENVIRONMENT_CONTEXT));
  for (const environment of environments) new EnvironmentStage(app, configuration, environment);
  return app;
}
