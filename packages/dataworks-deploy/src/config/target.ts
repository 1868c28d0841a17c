import { BackendNames } from '@dataworks/backend-bootstrap';
import type { Configuration, Environment } from './configuration';
import { findConfiguration } from './find';
import { loadConfiguration } from './load';
import { Fault } from '../fault';
import { FAULTS } from '../faults';

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
  const environment = configuration.environments.find((one) => one.name === name);
  if (!environment) {
    const known = configuration.environments.map((one) => one.name).join(', ');
    throw new Fault(FAULTS.unknownEnvironment, { received: JSON.stringify(name), allowed: `${known} (of ${file})` });
  }
  const { stateName, stateNameSuffix, stateKey, qualifier, project } = configuration;
  const { account, region } = environment;
  const naming = { stateName, stateNameSuffix, stateKey, qualifier, project: project.name };
  return { configuration, environment, names: new BackendNames({ ...naming, environment: environment.name, account, region }) };
}
