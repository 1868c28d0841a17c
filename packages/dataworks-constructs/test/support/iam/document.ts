import { parseConditions, type Condition } from './conditions';
import { checkVariables } from './match';
import { parsePrincipal, type PrincipalElement } from './principal-element';

/** What a policy is attached to, which decides its elements. */
export type PolicyKind =
  /** An identity, or a limit on one: boundary, session policy, service control policy. */
  | 'identity'
  /** A resource that names who may use it: bucket, key, … */
  | 'resource'
  /** A role, which is itself the resource. */
  | 'trust';

/** Names or patterns, or everything but them. */
export interface Selection {
  readonly except: boolean;
  readonly patterns: readonly string[];
}

export interface Statement {
  /** The Sid, or `#` and the index. */
  readonly id: string;
  readonly effect: 'Allow' | 'Deny';
  /** Undefined in identity policies. */
  readonly principal?: PrincipalElement;
  readonly action: Selection;
  /** Undefined in trust policies. */
  readonly resource?: Selection;
  readonly conditions: readonly Condition[];
}

type Json = Readonly<Record<string, unknown>>;

const ELEMENTS = ['Sid', 'Effect', 'Principal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];

/** What was read already: tables ask one policy hundreds of questions. */
const read = new WeakMap<object, Map<PolicyKind, readonly Statement[]>>();

/**
 * Reads a policy document whose CloudFormation intrinsics are resolved.
 *
 * @throws on any element, operator, condition key, principal or variable that the evaluator does not know
 */
export function parsePolicy(document: unknown, kind: PolicyKind): readonly Statement[] {
  const policy = object(document, 'a policy document');
  const kinds = read.get(policy) ?? new Map<PolicyKind, readonly Statement[]>();
  read.set(policy, kinds);
  const statements = kinds.get(kind) ?? parseStatements(policy, kind);
  kinds.set(kind, statements);
  return statements;
}

function parseStatements(document: Json, kind: PolicyKind): readonly Statement[] {
  const { Version, Statement: statements, ...others } = document;
  // Before this version `${…}` is no variable; a document without a version has the older one.
  if (Version !== '2012-10-17') throw new Error(`Policy version ${String(Version)} is not supported: use 2012-10-17.`);
  only(others, ['Id'], 'a policy document');
  const parsed = (Array.isArray(statements) ? (statements as unknown[]) : [statements]).map((statement, index) =>
    parseStatement(object(statement, 'a statement'), index, kind),
  );
  const repeated = parsed.map(({ id }) => id).filter((id, index, ids) => ids.indexOf(id) !== index);
  if (repeated.length > 0) throw new Error(`Sids are used twice: ${repeated.join(', ')}.`);
  return parsed;
}

function parseStatement(statement: Json, index: number, kind: PolicyKind): Statement {
  const id = typeof statement.Sid === 'string' && statement.Sid !== '' ? statement.Sid : `#${index}`;
  if ('NotPrincipal' in statement) {
    throw new Error(
      `Statement ${id} uses NotPrincipal, which AWS advises against: use Principal '*' with a condition on aws:PrincipalArn.`,
    );
  }
  only(statement, ELEMENTS, `statement ${id}`);
  const { Effect: effect, Condition: condition } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') throw new Error(`Statement ${id} has the effect ${String(effect)}.`);
  if ((kind === 'identity') === 'Principal' in statement) {
    throw new Error(`Statement ${id}: Principal belongs in every statement of a resource's policy, and in no other.`);
  }
  const action = selection(statement, 'Action', id);
  for (const pattern of action.patterns) {
    if (!/^(\*|[\w-]+:[\w*?]+)$/.test(pattern)) throw new Error(`Statement ${id}: unknown form of action '${pattern}'.`);
  }
  return {
    id,
    effect,
    principal: kind === 'identity' ? undefined : principal(statement.Principal),
    action,
    resource: resources(statement, kind, id),
    conditions: condition === undefined ? [] : conditions(object(condition, `the condition of ${id}`)),
  };
}

function principal(element: unknown): PrincipalElement {
  if (element === '*') return parsePrincipal('*');
  return parsePrincipal(Object.fromEntries(Object.entries(object(element, 'a principal')).map(([type, names]) => [type, list(names)])));
}

function resources(statement: Json, kind: PolicyKind, id: string): Selection | undefined {
  if (kind === 'trust') {
    if ('Resource' in statement || 'NotResource' in statement) throw new Error(`Statement ${id} of a trust policy names a resource.`);
    return undefined;
  }
  const resource = selection(statement, 'Resource', id);
  for (const pattern of resource.patterns) {
    if (pattern !== '*' && !/^arn:([^:]*:){4}./.test(pattern)) {
      throw new Error(`Statement ${id}: '${pattern}' is neither * nor an ARN of six segments.`);
    }
    if (pattern.split(':', 5).join(':').includes('${')) {
      throw new Error(`Statement ${id}: '${pattern}' has a variable before the fifth colon, where AWS replaces none.`);
    }
    checkVariables(pattern);
  }
  return resource;
}

function selection(statement: Json, element: 'Action' | 'Resource', id: string): Selection {
  const negated = `Not${element}`;
  if (element in statement === negated in statement) throw new Error(`Statement ${id} needs either ${element} or ${negated}.`);
  const except = negated in statement;
  return { except, patterns: list(statement[except ? negated : element]) };
}

function conditions(block: Json): readonly Condition[] {
  const lists = Object.entries(block).map(([operator, keys]) => [
    operator,
    Object.fromEntries(Object.entries(object(keys, operator)).map(([key, values]) => [key, list(values)])),
  ]);
  return parseConditions(Object.fromEntries(lists) as Parameters<typeof parseConditions>[0]);
}

/** One value or a list of them, as strings; policies may write numbers and booleans bare. */
function list(value: unknown): readonly string[] {
  return (Array.isArray(value) ? (value as unknown[]) : [value]).map((item) => {
    if (typeof item !== 'string' && typeof item !== 'number' && typeof item !== 'boolean') {
      throw new Error(`Not a string: ${JSON.stringify(item)}. Resolve the template's intrinsics first.`);
    }
    return String(item);
  });
}

function object(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`Not ${what}: ${JSON.stringify(value)}.`);
  return value as Json;
}

function only(value: Json, known: readonly string[], what: string): void {
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new Error(`Unknown elements of ${what}: ${unknown.join(', ')}.`);
}
