import { BackendNames } from '@dataworks/backend-bootstrap/lib/backend-names';
import type { Configuration, Environment } from './configuration';
import { environmentIn } from './environment-in';
import { findConfiguration } from './find';
import { loadConfiguration } from './load';
import { partitionOf } from '../plan/assembly/place';

/** The environment that a command is about. */
export interface Target {
  readonly configuration: Configuration;
  readonly environment: Environment;
  readonly names: BackendNames;
}

/**
 * An environment of a dataworks.json.
 *
 * @param file by default the one of the working directory
 *
 * Throws DW2100 without a file, DW2101 for an environment that it does not have, `ConfigurationError` for its mistakes.
 */
export function targetOf(name: string, file = findConfiguration(process.cwd())): Target {
  const configuration = loadConfiguration(file);
  const environment = environmentIn(configuration, name, file);
  const { stateName, stateNameSuffix, stateKey, qualifier, project } = configuration;
  const { account, region } = environment;
  const naming = { stateName, stateNameSuffix, stateKey, qualifier, project: project.name };
  const names = new BackendNames({ ...naming, environment: environment.name, account, region, partition: partitionOf(region) });
  return { configuration, environment, names };
}
