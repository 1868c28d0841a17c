import type { ErrorObject } from 'ajv';
import { MISTAKES } from './mistakes';
import type { Path } from './path';
import type { Finding } from './problem';
import schema from '../../schema/dataworks.schema.json';
import { validatorOf } from '../json-schema';

const validator = validatorOf(schema, { allErrors: true, verbose: true });

/** What the schema says against a value: all of it, in our words. */
export function shapeFindings(value: unknown): Finding[] {
  const validate = validator();
  if (validate(value)) return [];
  // `propertyNames` is reported twice, once with the reason; that one stays.
  return (validate.errors ?? [])
    .filter(({ keyword }) => keyword !== 'propertyNames')
    .map((error) => findingOf(error, pathOf(error.instancePath, value)));
}

function findingOf(error: ErrorObject, at: Path): Finding {
  const params = error.params as Record<string, unknown>;
  const received = JSON.stringify(error.data);
  switch (error.keyword) {
    case 'additionalProperties': {
      const known = Object.keys((error.parentSchema as { properties: object }).properties);
      const name = String(params.additionalProperty);
      return { ...MISTAKES.unknownKey, at: [...at, name], received: JSON.stringify(name), allowed: known.join(', ') };
    }
    case 'required':
      return { ...MISTAKES.missing, at: [...at, String(params.missingProperty)], allowed: 'a value: the key is required' };
    case 'enum':
      return { ...MISTAKES.notAChoice, at, received, allowed: (params.allowedValues as unknown[]).join(', ') };
    case 'type':
      return { ...MISTAKES.wrongType, at, received, allowed: String(params.type) };
    case 'pattern': {
      const name = error.propertyName;
      return {
        ...MISTAKES.wrongForm,
        at: name === undefined ? at : [...at, name],
        received: name === undefined ? received : JSON.stringify(name),
        allowed: FORMS[String(params.pattern)] ?? String(params.pattern),
      };
    }
    default:
      return { ...MISTAKES.outOfRange, at, received, allowed: range(error.keyword, Number(params.limit)) };
  }
}

/** `minimum`, `maxLength`, `minItems` … in words. */
function range(keyword: string, limit: number): string {
  const unit = keyword.endsWith('Length') ? ' characters' : keyword.endsWith('Items') ? ' entries' : '';
  return `${keyword.startsWith('min') ? 'at least' : 'at most'} ${limit}${unit}`;
}

/** A JSON pointer says '1' for the second element and for the key '1': the value tells them apart. */
function pathOf(pointer: string, value: unknown): Path {
  let here = value;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'))
    .map((part) => {
      const key = Array.isArray(here) ? Number(part) : part;
      here = (here as Record<string, unknown>)[part];
      return key;
    });
}

/** What AWS allows in the keys and values of tags, on whatever is tagged. */
function tagText(count: string): string {
  return `${count} letters, digits, spaces and '_.:/=+-@', not beginning with 'aws:'`;
}

const { definitions, properties } = schema;
const environment = definitions.environment.properties;
/** What a pattern means, for people. */
export const FORMS: Readonly<Record<string, string>> = {
  [definitions.name.pattern]: '2 to 20 lower-case letters, digits and hyphens, beginning with a letter',
  [definitions.uuid.pattern]: 'a UUID in lower case',
  [definitions.roleArn.pattern]: "the ARN of a role, with '*' only after its last '/' and the first character there",
  [definitions.tags.propertyNames.pattern]: tagText('1 to 128'),
  [definitions.tagValue.pattern]: tagText('at most 256'),
  [properties.project.properties.owner.pattern]: tagText('1 to 256'),
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
