import { readFileSync } from 'node:fs';
import type { Configuration, Environment } from './configuration';
import { parseJson } from './json';
import { meaningProblems } from './meaning';
import { ConfigurationError } from './problem';
import { shapeProblems } from './shape';

/** Read and check a dataworks.json. Throws `ConfigurationError` with every mistake at once. */
export function loadConfiguration(file: string): Configuration {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConfigurationError(file, [{ code: 'DW4000', path: '$', message: `Cannot be read (${reason}).`, allowed: 'a readable file' }]);
  }
  return parseConfiguration(text, file);
}

/** The same for a text; `file` stands in the error. */
export function parseConfiguration(text: string, file = 'dataworks.json'): Configuration {
  const { value, problems: syntax } = parseJson(text);
  if (value === undefined) throw new ConfigurationError(file, syntax);
  const shape = [...syntax, ...shapeProblems(value)];
  if (shape.length > 0) throw new ConfigurationError(file, shape);
  const configuration = withDefaults(value as Written);
  const meaning = meaningProblems(configuration);
  if (meaning.length > 0) throw new ConfigurationError(file, meaning);
  return configuration;
}

/** The file as it may be written: everything with a default can be left out. */
type Written = Pick<Configuration, 'project'> &
  Partial<Omit<Configuration, 'environments' | 'project'>> & {
    readonly environments: ReadonlyArray<Pick<Environment, 'name' | 'account' | 'region'> & Partial<Environment>>;
  };

function withDefaults(written: Written): Configuration {
  const environments = written.environments.map((environment, index): Environment => {
    const production = environment.production ?? false;
    return {
      production,
      approvals: production ? 2 : 1,
      planMaxAge: production ? '8h' : '24h',
      removalPolicy: 'retain',
      tags: {},
      stacks: ['lake'],
      zones: {},
      ...(index > 0 && { after: written.environments[index - 1].name }),
      ...environment,
    };
  });
  return {
    stateKey: 'dataworks-infra',
    stateName: 'dataworks-terraform-state',
    qualifier: 'dataworks',
    slackChannel: 'dataworks-releases',
    ...written,
    project: { ...written.project, tags: (written.project as Partial<Configuration['project']>).tags ?? {} },
    environments,
  };
}
