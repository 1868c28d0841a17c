export type { Configuration, Environment, ZoneChanges } from './config/configuration';
export { loadConfiguration, parseConfiguration } from './config/load';
export { ENVIRONMENT_CONTEXT } from './environment-context';
export { ConfigurationError, type ConfigurationProblem } from './config/problem';
