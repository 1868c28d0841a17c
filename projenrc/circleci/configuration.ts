import { ConfigurationError, loadConfiguration, type Configuration } from '../../packages/dataworks-deploy/src';

/** dataworks.json. With mistakes in it the run ends here with the loader's report, which needs no stack trace. */
export function readConfiguration(file = 'packages/dataworks-app/dataworks.json'): Configuration {
  try {
    return loadConfiguration(file);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
