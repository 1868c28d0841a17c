import { isObject, type Json, type JsonObject } from './json';

/** One property, as the template claims it and as the service answers. */
export interface Comparison {
  /** Path below the resource's `Properties`, like `Tags.zone`. */
  readonly path: string;
  /** Undefined: the template does not claim it, but the service has it. */
  readonly expected?: string;
  /** Undefined: the service does not have it. */
  readonly actual?: string;
}

export const isEqual = ({ expected, actual }: Comparison): boolean => expected === actual;

/**
 * Compare every single value of two sets of properties, in both directions.
 *
 * CloudFormation and the services write the same thing in several ways (`30` or `"30"`, one action or a
 * list of one, tags in any order), so both sides are brought into one form first.
 */
export function compare(expected: JsonObject, actual: JsonObject): Comparison[] {
  const left = leaves(expected);
  const right = leaves(actual);
  return [...new Set([...left.keys(), ...right.keys()])]
    .sort()
    .map((path) => ({ path, expected: left.get(path), actual: right.get(path) }));
}

function leaves(properties: JsonObject): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (value: Json, path: string): void => {
    if (typeof value !== 'object' || value === null) {
      found.set(path, String(value));
      return;
    }
    const members = membersOf(value);
    if (members.length === 0) found.set(path, '(empty)'); // an empty list or object is a claim too
    for (const [key, member] of members) visit(member, path === '' ? key : `${path}.${key}`);
  };
  for (const [name, value] of Object.entries(properties)) visit(/Policy(Document|Text)?$/.test(name) ? policyForm(value) : value, name);
  return found;
}

/** Members of an object or list; lists whose order means nothing are named by what identifies their items. */
function membersOf(value: JsonObject | readonly Json[]): Array<[string, Json]> {
  if (!Array.isArray(value)) return Object.entries(value);
  return (value as readonly Json[]).map((item, index) => {
    if (isObject(item) && typeof item.Key === 'string' && 'Value' in item) return [item.Key, item.Value];
    if (isObject(item) && typeof item.Id === 'string') return [item.Id, item];
    return [String(index), item];
  });
}

/** IAM reads a list of one as the value itself, and no list's order. */
function policyForm(value: Json): Json {
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map(policyForm);
    if (items.length === 1 && !isObject(items[0])) return items[0]!;
    return items.every((item) => typeof item === 'string') ? [...items].sort() : items;
  }
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, policyForm(member)]));
  return value;
}
