import { BlockList, isIP } from 'node:net';
import { conditionKey, type KeyType } from './condition-keys';
import type { Context } from './context';
import { arnLike, checkVariables, equals, equalsIgnoringCase, like } from './match';

/** One operator applied to one key. */
export interface Condition {
  readonly key: string;
  readonly quantifier?: 'ForAllValues' | 'ForAnyValue';
  readonly test: Test | 'Null';
  readonly negated: boolean;
  readonly ifExists: boolean;
  readonly values: readonly string[];
}

type Test = (policyValue: string, requestValue: string, context: Context) => boolean;

interface Operator {
  readonly type: KeyType;
  readonly test: Test;
}

const number = (test: (request: number, policy: number) => boolean): Operator => ({
  type: 'numeric',
  test: (policyValue, requestValue) => test(Number(requestValue), Number(policyValue)),
});

const date = (test: (request: number, policy: number) => boolean): Operator => ({
  type: 'date',
  test: (policyValue, requestValue) => test(time(requestValue), time(policyValue)),
});

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    StringEquals: { type: 'string', test: equals },
    StringEqualsIgnoreCase: { type: 'string', test: equalsIgnoringCase },
    StringLike: { type: 'string', test: like },
    ArnEquals: { type: 'arn', test: arnLike },
    ArnLike: { type: 'arn', test: arnLike },
    Bool: { type: 'bool', test: (policyValue, requestValue) => policyValue.toLowerCase() === requestValue.toLowerCase() },
    NumericEquals: number((request, policy) => request === policy),
    NumericLessThan: number((request, policy) => request < policy),
    NumericLessThanEquals: number((request, policy) => request <= policy),
    NumericGreaterThan: number((request, policy) => request > policy),
    NumericGreaterThanEquals: number((request, policy) => request >= policy),
    DateEquals: date((request, policy) => request === policy),
    DateLessThan: date((request, policy) => request < policy),
    DateLessThanEquals: date((request, policy) => request <= policy),
    DateGreaterThan: date((request, policy) => request > policy),
    DateGreaterThanEquals: date((request, policy) => request >= policy),
    IpAddress: { type: 'ip', test: inRange },
  }),
);

const NEGATED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    StringNotEquals: 'StringEquals',
    StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
    StringNotLike: 'StringLike',
    ArnNotEquals: 'ArnEquals',
    ArnNotLike: 'ArnLike',
    NumericNotEquals: 'NumericEquals',
    DateNotEquals: 'DateEquals',
    NotIpAddress: 'IpAddress',
  }),
);

/** Whether a value of a policy suits the operators of a type. Variables work with string and ARN operators only. */
const VALID: Readonly<Record<KeyType, (value: string) => boolean>> = {
  string: () => true,
  arn: (value) => /^arn:([^:]*:){4}./.test(value),
  bool: (value) => /^(true|false)$/i.test(value),
  numeric: (value) => value.trim() !== '' && Number.isFinite(Number(value)),
  date: (value) => Number.isFinite(time(value)),
  ip: (value) => isIP(value.split('/')[0]) !== 0 && /^[^/]+(\/\d{1,3})?$/.test(value),
};

/** @throws when an operator, a key, a value or their combination is not known to work */
export function parseConditions(block: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>): readonly Condition[] {
  return Object.entries(block).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => parseCondition(operator, key, values)),
  );
}

/** Whether a condition holds in a request. */
export function holds(condition: Condition, context: Context): boolean {
  const { test, negated } = condition;
  const present = context.get(condition.key);
  if (test === 'Null') return condition.values.some((value) => (value.toLowerCase() === 'true') === !present?.length);

  const matches = (value: string) => condition.values.some((policyValue) => test(policyValue, value, context)) !== negated;
  // A set of empty strings counts as no value at all.
  const set = present?.filter((value) => value !== '') ?? [];
  if (condition.quantifier === 'ForAllValues') return set.every(matches);
  if (!present) return condition.ifExists || (negated && !condition.quantifier);
  if (condition.quantifier === 'ForAnyValue') return set.some(matches);
  return matches(present[0]);
}

function parseCondition(operator: string, key: string, values: readonly string[]): Condition {
  const where = `Condition ${operator} on ${key}`;
  const colon = operator.lastIndexOf(':');
  const quantifier = colon < 0 ? undefined : operator.slice(0, colon);
  const base = operator.slice(colon + 1);
  const name = base.replace(/IfExists$/, '');
  const { type, multivalued } = conditionKey(key);
  if (values.length === 0) throw new Error(`${where} has no value.`);

  if (operator === 'Null') {
    if (!values.every(VALID.bool)) throw new Error(`${where}: '${values.join("', '")}' should be true or false.`);
    return { key, test: 'Null', negated: false, ifExists: false, values };
  }
  const known = OPERATORS.get(NEGATED.get(name) ?? name);
  if (!known || !isQuantifier(quantifier)) throw new Error(`${where}: unknown operator.`);
  // An ARN or a boolean in a request is text too; the reverse does not hold.
  if (known.type !== type && !(known.type === 'string' && (type === 'arn' || type === 'bool'))) {
    throw new Error(`${where}: the operator is for keys of type ${known.type}, the key is of type ${type}.`);
  }
  if (multivalued !== (quantifier !== undefined)) {
    throw new Error(`${where}: a multivalued key needs ForAllValues or ForAnyValue, another key has neither.`);
  }
  for (const value of values) {
    if (!VALID[known.type](value)) throw new Error(`${where}: '${value}' is not of type ${known.type}.`);
    if (known.type === 'string' || known.type === 'arn') checkVariables(value);
  }
  return {
    key,
    quantifier,
    test: known.test,
    negated: NEGATED.has(name),
    ifExists: name !== base,
    values,
  };
}

function isQuantifier(text: string | undefined): text is Condition['quantifier'] {
  return text === undefined || text === 'ForAllValues' || text === 'ForAnyValue';
}

/** Milliseconds since 1970, from ISO 8601 or from seconds since 1970. */
function time(value: string): number {
  return /^\d{5,}$/.test(value) ? Number(value) * 1000 : Date.parse(value);
}

function inRange(range: string, address: string): boolean {
  const [network, prefix] = range.split('/');
  const family = (ip: string) => (isIP(ip) === 6 ? 'ipv6' : 'ipv4');
  const list = new BlockList();
  if (prefix) list.addSubnet(network, Number(prefix), family(network));
  else list.addAddress(network, family(network));
  return list.check(address, family(address));
}
