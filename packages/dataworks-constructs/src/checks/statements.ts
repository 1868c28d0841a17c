import { at, entries, flat, list } from './json';

/** One condition of a statement. */
export interface Condition {
  readonly operator: string;
  /** Lower case: IAM does not look at it. */
  readonly key: string;
  /** Sorted. */
  readonly values: readonly string[];
}

/** A statement of a policy as it was rendered, in one form however it was written. */
export interface Statement {
  readonly effect: string;
  /** Who is neither everybody (`*`) nor an AWS principal has his kind before him. */
  readonly principals: readonly string[];
  readonly services: readonly string[];
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly Condition[];
  /** It names whom or what it is not about. */
  readonly inverted: boolean;
}

export function statementsOf(document: unknown): Statement[] {
  return list(at(document, 'Statement')).map((statement) => ({
    effect: flat(at(statement, 'Effect')),
    principals: principalsOf(at(statement, 'Principal')),
    services: list(at(statement, 'Principal', 'Service')).map(flat),
    actions: list(at(statement, 'Action')).map((action) => flat(action).toLowerCase()),
    resources: list(at(statement, 'Resource')).map(flat),
    conditions: conditionsOf(at(statement, 'Condition')),
    inverted: ['NotPrincipal', 'NotAction', 'NotResource'].some((element) => at(statement, element) !== undefined),
  }));
}

function principalsOf(principal: unknown): string[] {
  if (principal === '*') return ['*'];
  return entries(principal)
    .filter(([kind]) => kind !== 'Service')
    .flatMap(([kind, values]) => list(values).map((value) => (kind === 'AWS' ? flat(value) : `${kind} ${flat(value)}`)));
}

export function conditionsOf(condition: unknown): Condition[] {
  return entries(condition).flatMap(([operator, keys]) =>
    entries(keys).map(([key, values]) => ({ operator, key: key.toLowerCase(), values: list(values).map(flat).sort() })),
  );
}

/** What a policy is asked to deny. */
export interface Demand {
  /** @default everybody */
  readonly principals?: readonly string[];
  readonly actions: readonly string[];
  /** Each of them in one of the ways in which a statement may name it. */
  readonly resources: ReadonlyArray<readonly string[]>;
  /** A denial may depend on these, and on nothing else. */
  readonly conditions: (conditions: readonly Condition[]) => boolean;
}

/** Whether one statement denies all of it. A denial of more than is asked for serves as well. */
export function denies(statements: readonly Statement[], { principals = ['*'], actions, resources, conditions }: Demand): boolean {
  return statements.some(
    (statement) =>
      statement.effect === 'Deny' &&
      (statement.principals.includes('*') || principals.every((principal) => statement.principals.includes(principal))) &&
      actions.every((action) => statement.actions.some((pattern) => matches(pattern, action.toLowerCase()))) &&
      resources.every((names) => names.some((name) => statement.resources.includes(name))) &&
      conditions(statement.conditions),
  );
}

/** Exactly these conditions, in whatever order. */
export function exactly(...expected: readonly Condition[]): (conditions: readonly Condition[]) => boolean {
  const text = (conditions: readonly Condition[]): string =>
    conditions
      .map(({ operator, key, values }) => JSON.stringify([operator, key, values]))
      .sort()
      .join();
  return (conditions) => text(conditions) === text(expected);
}

export const condition = (operator: string, key: string, ...values: string[]): Condition => ({
  operator,
  key: key.toLowerCase(),
  values: values.sort(),
});

/** What limits an AWS service to those for whom it may act. */
const SOURCES = ['aws:sourceaccount', 'aws:sourcearn', 'aws:sourceorgid'];

/** Statements that let an AWS service in, whoever makes it come. */
export const actingForAnybody = (statements: readonly Statement[], sources: readonly string[] = SOURCES): Statement[] =>
  statements.filter(
    ({ effect, services, conditions }) =>
      effect !== 'Deny' && services.length > 0 && !conditions.some(({ key, values }) => sources.includes(key) && !values.includes('*')),
  );

/** Whether an action is one of those that a pattern with `*` and `?` names. */
export function matches(pattern: string, action: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === action;
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${expression}$`).test(action);
}
