import { resolve } from 'node:path';
import { loadConfiguration, type Configuration } from '@dataworks/deploy';
import { App, DefaultStackSynthesizer, type AppProps } from 'aws-cdk-lib/core';
import { EnvironmentStage } from './environment-stage';

const CONFIGURATION = resolve(__dirname, '../dataworks.json');

/** One stage per environment of dataworks.json. */
export function createApp(props: AppProps = {}, configuration: Configuration = loadConfiguration(CONFIGURATION)): App {
  const app = new App({ defaultStackSynthesizer: new DefaultStackSynthesizer({ qualifier: configuration.qualifier }), ...props });
  for (const environment of configuration.environments) new EnvironmentStage(app, configuration, environment);
  return app;
}
