import { Ajv, type ErrorObject } from 'ajv';
import { memberPath } from './json';
import type { ConfigurationProblem } from './problem';
import schema from '../../schema/dataworks.schema.json';

const validate = new Ajv({ allErrors: true, verbose: true, strict: true }).compile(schema);

/** What the schema says against a value: all of it, in our words. */
export function shapeProblems(value: unknown): ConfigurationProblem[] {
  if (validate(value)) return [];
  // `propertyNames` is reported twice, once with the reason; that one stays.
  return (validate.errors ?? []).filter(({ keyword }) => keyword !== 'propertyNames').map(problemOf);
}

function problemOf(error: ErrorObject): ConfigurationProblem {
  const path = jsonPath(error.instancePath);
  const params = error.params as Record<string, unknown>;
  const received = JSON.stringify(error.data);
  switch (error.keyword) {
    case 'additionalProperties': {
      const known = Object.keys((error.parentSchema as { properties: object }).properties);
      const name = String(params.additionalProperty);
      return {
        code: 'DW4003',
        path: memberPath(path, name),
        message: 'Unknown key.',
        received: JSON.stringify(name),
        allowed: known.join(', '),
      };
    }
    case 'required':
      return {
        code: 'DW4004',
        path: memberPath(path, String(params.missingProperty)),
        message: 'Missing.',
        allowed: 'a value: the key is required',
      };
    case 'enum':
      return {
        code: 'DW4005',
        path,
        message: 'Not one of the choices.',
        received,
        allowed: (params.allowedValues as unknown[]).join(', '),
      };
    case 'type':
      return { code: 'DW4006', path, message: 'Wrong type.', received, allowed: String(params.type) };
    case 'pattern': {
      const name = error.propertyName;
      return {
        code: 'DW4007',
        path: name === undefined ? path : memberPath(path, name),
        message: 'Wrong form.',
        received: name === undefined ? received : JSON.stringify(name),
        allowed: FORMS[String(params.pattern)] ?? String(params.pattern),
      };
    }
    default:
      return { code: 'DW4008', path, message: `Out of range (${error.keyword}).`, received, allowed: error.message ?? error.keyword };
  }
}

function jsonPath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'))
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : memberPath(path, part)), '$');
}

const { definitions, properties } = schema;
const environment = definitions.environment.properties;
/** What a pattern means, for people. */
export const FORMS: Readonly<Record<string, string>> = {
  [definitions.name.pattern]: '2 to 20 lower-case letters, digits and hyphens, beginning with a letter',
  [definitions.uuid.pattern]: 'a UUID in lower case',
  [definitions.tags.propertyNames.pattern]: "1 to 128 characters of a tag key, not beginning with 'aws:'",
  [environment.name.pattern]: '2 to 10 lower-case letters and digits, beginning with a letter',
  [environment.account.pattern]: '12 digits, as a string',
  [environment.region.pattern]: "a region like 'eu-central-1'",
  [environment.planMaxAge.pattern]: "a number with m, h or d, like '8h'",
  [properties.stateKey.pattern]: "1 to 128 letters, digits, '.', '_' and '-'",
  [properties.stateName.pattern]: '3 to 56 lower-case letters, digits and hyphens',
  [properties.stateNameSuffix.pattern]: '2 to 32 lower-case letters, digits and hyphens',
  [properties.qualifier.pattern]: '1 to 10 lower-case letters and digits',
  [properties.repository.pattern]: "host/organisation/repository, like 'github.com/acme/lake'",
  [properties.slackChannel.pattern]: "a channel's name without '#'",
};
