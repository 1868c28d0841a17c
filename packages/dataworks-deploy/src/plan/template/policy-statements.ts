/** Which policy statements allow or deny at least what others do. Where that is not provable, the answer is no. */
import { isObject, memberOf, type Json, type JsonObject } from './stack-template';
import { parseJson } from '../../json';

export interface Statement {
  readonly effect: string;
  /** As they are written: upper and lower case mean the same; undefined when the statement names what is left out instead. */
  readonly actions?: readonly string[];
  readonly resources?: readonly string[];
  /** `<kind>:<principal>`; undefined in a policy of an identity. */
  readonly principals?: readonly string[];
  /** By `<operator> <key>`. */
  readonly conditions: ReadonlyMap<string, readonly string[]>;
  /** Everything else that the statement says. */
  readonly rest: string;
}

/** The statements of a policy document, an object or its JSON; undefined for what is none, such as an intrinsic function. */
export function statementsOf(document: Json | undefined): readonly Statement[] | undefined {
  const value = typeof document === 'string' ? parsed(document) : document;
  if (!isObject(value) || !('Statement' in value)) return undefined;
  const statements = listOf(value.Statement);
  return statements.every((one) => isObject(one) && !('Fn::If' in one))
    ? statements.map((one) => statementOf(one as JsonObject))
    : undefined;
}

/** Whether one statement of these covers another: what the other one is about, this one is about too. */
export function isCovered(statement: Statement, by: readonly Statement[]): boolean {
  // Taken apart by action: what one statement says now, several may have said before.
  const parts = statement.actions?.map((action): Statement => ({ ...statement, actions: [action] })) ?? [statement];
  return parts.every((part) => by.some((wide) => covers(wide, part)));
}

function covers(wide: Statement, narrow: Statement): boolean {
  return (
    wide.effect === narrow.effect &&
    wide.rest === narrow.rest &&
    coversAll(lowerCase(wide.actions), lowerCase(narrow.actions)) &&
    coversAll(wide.resources, narrow.resources) &&
    coversPrincipals(wide.principals, narrow.principals) &&
    [...wide.conditions].every(([key, values]) => isNarrower(key, narrow.conditions.get(key), values))
  );
}

function coversAll(wide: readonly string[] | undefined, narrow: readonly string[] | undefined): boolean {
  if (wide === undefined || narrow === undefined) return wide === narrow;
  return narrow.every((one) => wide.some((pattern) => matches(pattern, one)));
}

function lowerCase(names: readonly string[] | undefined): readonly string[] | undefined {
  return names?.map((name) => name.toLowerCase());
}

/** A principal is no pattern: `*` is everybody, and everything else itself. */
function coversPrincipals(wide: readonly string[] | undefined, narrow: readonly string[] | undefined): boolean {
  if (wide === undefined || narrow === undefined) return wide === narrow;
  return wide.includes('AWS:*') || narrow.every((one) => wide.includes(one));
}

/** Of these operators, fewer values match less. */
const ANY_OF = /^(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike|IpAddress) /;

function isNarrower(key: string, narrow: readonly string[] | undefined, wide: readonly string[]): boolean {
  if (narrow === undefined) return false;
  if (!narrow.every((value) => wide.includes(value))) return false;
  return wide.every((value) => narrow.includes(value)) || (ANY_OF.test(key) && narrow.length > 0);
}

/** Whether everything that a pattern of IAM may stand for is matched by another one. */
function matches(wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  if (wide.includes('${') || (wide.startsWith('{') && wide !== narrow)) return false; // variables and functions are known to be equal at most
  let [at, star, resume] = [0, -1, 0];
  let here = 0;
  while (here < narrow.length) {
    if (wide[at] === '*') {
      [star, resume] = [at, here];
      at += 1;
    } else if (wide[at] === narrow[here] || (wide[at] === '?' && narrow[here] !== '*')) {
      at += 1;
      here += 1;
    } else if (star >= 0) {
      resume += 1;
      [at, here] = [star + 1, resume];
    } else {
      return false;
    }
  }
  return /^\**$/.test(wide.slice(at));
}

/** `Sid` means nothing. */
const UNDERSTOOD = ['Action', 'Condition', 'Effect', 'Principal', 'Resource', 'Sid'];

function statementOf(statement: JsonObject): Statement {
  const [actions, resources, principal] = ['Action', 'Resource', 'Principal'].map((name) => memberOf(statement, name));
  return {
    effect: text(memberOf(statement, 'Effect')),
    actions: actions === undefined ? undefined : texts(actions),
    resources: resources === undefined ? undefined : texts(resources),
    principals: principal === undefined ? undefined : principalsOf(principal),
    conditions: conditionsOf(memberOf(statement, 'Condition')),
    rest: text(Object.fromEntries(Object.entries(statement).filter(([name]) => !UNDERSTOOD.includes(name)))),
  };
}

function principalsOf(principal: Json): string[] {
  if (!isObject(principal) || isFunction(principal)) return [`AWS:${text(principal)}`];
  return Object.entries(principal).flatMap(([kind, names]) => texts(names).map((name) => `${kind}:${name}`));
}

function conditionsOf(condition: Json | undefined): Map<string, string[]> {
  if (condition === undefined) return new Map();
  if (!isObject(condition) || isFunction(condition)) return new Map([['', [text(condition)]]]);
  return new Map(
    Object.entries(condition).flatMap(([operator, keys]) =>
      isObject(keys) && !isFunction(keys)
        ? Object.entries(keys).map(([key, values]): [string, string[]] => [`${operator} ${key.toLowerCase()}`, texts(values)])
        : [[operator, [text(keys)]] as [string, string[]]],
    ),
  );
}

function isFunction(value: JsonObject): boolean {
  return Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'));
}

function texts(value: Json): string[] {
  return listOf(value).map(text);
}

function listOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}

/** Text for text, JSON with sorted keys for everything else: a function of CloudFormation always begins with `{`. */
function text(value: Json | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, (_, member: Json) => (isObject(member) ? sorted(member) : member));
}

function sorted(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function parsed(document: string): Json | undefined {
  try {
    return parseJson(document) as Json;
  } catch {
    return undefined;
  }
}
