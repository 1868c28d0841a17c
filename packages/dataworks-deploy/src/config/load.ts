import { readFileSync } from 'node:fs';
import type { Configuration, Environment } from './configuration';
import { offsetOf, parseJsonTree, repeatedKeys } from './json-tree';
import { meaningFindings } from './meaning';
import { MISTAKES } from './mistakes';
import { ConfigurationError, problemOf } from './problem';
import { shapeFindings } from './shape';
import { without, type WellFormed } from './well-formed';

/** Read and check a dataworks.json. Throws `ConfigurationError` with every mistake at once. */
export function loadConfiguration(file: string): Configuration {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const received = (error as Error).message.replace(/, .*/, ''); // without what the title says: the file
    throw new ConfigurationError(file, [{ ...MISTAKES.unreadable, path: '$', received, allowed: 'a readable file' }]);
  }
  return parseConfiguration(text, file);
}

/** The same for a text; `file` stands in the error. */
export function parseConfiguration(text: string, file = 'dataworks.json'): Configuration {
  const json = parseJsonTree(text);
  if (json.problems) throw new ConfigurationError(file, json.problems);
  const { value, root } = json;
  const shape = shapeFindings(value);
  const wellFormed = shape.reduce((rest, { at }) => without(rest, at), value) as WellFormed<Configuration> | undefined;
  const configuration = withDefaults(wellFormed ?? {});
  const findings = [...repeatedKeys(root), ...shape, ...meaningFindings(configuration)];
  if (findings.length === 0) return configuration as Configuration; // nothing is missing or malformed
  const inOrder = findings.sort((one, other) => offsetOf(root, one.at) - offsetOf(root, other.at));
  throw new ConfigurationError(file, inOrder.map(problemOf));
}

/** What the file leaves out; what it says wrongly stays undefined. */
function withDefaults(written: WellFormed<Configuration>): WellFormed<Configuration> {
  return {
    stateKey: 'dataworks-infra',
    stateName: 'dataworks-terraform-state',
    qualifier: 'dataworks',
    slackChannel: 'dataworks-releases',
    ...written,
    project: written.project && { tags: {}, ...written.project },
    environments: written.environments?.map(
      (environment, index, all) => environment && environmentWithDefaults(environment, all[index - 1]),
    ),
  };
}

function environmentWithDefaults(
  environment: WellFormed<Environment>,
  before: WellFormed<Environment> | undefined,
): WellFormed<Environment> {
  const { production = false } = environment;
  return {
    production,
    approvals: production ? 2 : 1,
    planMaxAge: production ? '8h' : '24h',
    removalPolicy: 'retain',
    administrators: [],
    tags: {},
    zones: {},
    ...(before && { after: before.name }),
    ...environment,
  };
}
