import { EXTERNAL_ID } from '../bootstrap/external-id';
import { parameterMark } from '../template/resolver';

type Json = Readonly<Record<string, unknown>>;

/**
 * The statements of a policy document in one form each, whichever way they are written: lists for single values, sorted; conditions as text;
 * without Sids, which mean nothing. An external id appears as its parameter's mark: it is a secret.
 */
export function statementsOf(document: string): string[] {
  const { Statement = [] } = JSON.parse(document) as { Statement?: Json | Json[] };
  return list(Statement)
    .map((statement) => JSON.stringify(sorted(canonical(statement as Json))))
    .sort();
}

/** What stands in one document and not in the other. */
export interface StatementDifferences {
  readonly added: string[];
  readonly missing: string[];
}

export function differencesOf(found: string, expected: string): StatementDifferences {
  const [there, wanted] = [statementsOf(found), statementsOf(expected)];
  return {
    added: there.filter((statement) => !wanted.includes(statement)),
    missing: wanted.filter((statement) => !there.includes(statement)),
  };
}

function canonical(statement: Json): Json {
  const elements = Object.entries(statement).filter(([element]) => element !== 'Sid');
  return Object.fromEntries(
    elements.map(([element, value]) => {
      if (element === 'Condition') return [element, condition(value as Json)];
      if (element === 'Principal' || element === 'NotPrincipal') return [element, principal(value)];
      return [element, element === 'Effect' ? value : strings(value)];
    }),
  );
}

function principal(value: unknown): unknown {
  if (typeof value === 'string') return { AWS: [value] }; // '*' alone means the same
  return Object.fromEntries(Object.entries(value as Json).map(([kind, names]) => [kind, strings(names)]));
}

function condition(value: Json): Json {
  return Object.fromEntries(
    Object.entries(value).map(([operator, keys]) => [
      operator,
      Object.fromEntries(
        Object.entries(keys as Json).map(([key, values]) => [
          key,
          key === 'sts:ExternalId' ? strings(values).map(masked) : strings(values),
        ]),
      ),
    ]),
  );
}

/** An id that is too short to be one of ours is no secret, but the finding. */
function masked(externalId: string): string {
  return externalId.length >= 32 ? parameterMark(EXTERNAL_ID) : externalId;
}

function strings(value: unknown): string[] {
  return list(value).map(String).sort();
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

/** With the keys of objects in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}
