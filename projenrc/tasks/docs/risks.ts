import { table } from './markdown';
import { ACCESS, BOUNDS, GRANTS } from '../../../packages/dataworks-deploy/src/plan/risks/access-risks';
import type { KnownRisks, Rules } from '../../../packages/dataworks-deploy/src/plan/risks/known-risks';
import { LOSS } from '../../../packages/dataworks-deploy/src/plan/risks/loss-risks';
import { GUARDS, PROTECTION } from '../../../packages/dataworks-deploy/src/plan/risks/protection-risks';
import { STATEFUL } from '../../../packages/dataworks-deploy/src/plan/template/stateful';

type Row = readonly [property: string, types: string, words: string];

type Words = Readonly<Record<string, string | undefined>>;

/** What a plan marks, kind by kind. */
export function riskTables(): string {
  return [
    part('DATA LOSS', [], LOSS),
    `What holds data, and is marked too when it is deleted or replaced: ${listed([...STATEFUL])}.`,
    part('ACCESS', [...whole(GRANTS, 'a new or changed one'), ...whole(BOUNDS, 'a removed one')], ACCESS),
    part('PROTECTION', [...whole(GUARDS, 'a removed one')], PROTECTION),
  ].join('\n\n');
}

function part(kind: string, wholes: readonly Row[], { anywhere, ofType }: KnownRisks): string {
  const rows = [
    ...wholes,
    ...rowsOf('any type', anywhere),
    ...Object.entries(ofType).flatMap(([type, rules]) => rowsOf(code(type), rules ?? {})),
  ];
  return [`**${kind}**`, '', table(['property, or the whole', 'of', 'what is marked'], merged(rows))].join('\n');
}

function whole(words: Words, property: string): Row[] {
  return Object.entries(words).map(([type, word = '']) => [property, code(type), word]);
}

function rowsOf(type: string, rules: Rules): Row[] {
  return Object.entries(rules).map(([path, [, words]]) => [code(path), type, words]);
}

/** One row for all types of a property, then one for all properties of these types, where the words are the same. */
function merged(rows: readonly Row[]): Row[] {
  const byType = grouped(rows, ([property, , words]) => [property, words]).map((same): Row => [same[0][0], joined(same, 1), same[0][2]]);
  return grouped(byType, ([, types, words]) => [types, words]).map((same): Row => [joined(same, 0), same[0][1], same[0][2]]);
}

function grouped(rows: readonly Row[], keyOf: (row: Row) => readonly string[]): Row[][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(keyOf(row).join('\n'), [...(groups.get(keyOf(row).join('\n')) ?? []), row]);
  return [...groups.values()];
}

function joined(rows: readonly Row[], column: 0 | 1): string {
  return rows.map((row) => row[column]).join(', ');
}

function listed(names: readonly string[]): string {
  return names.map(code).join(', ');
}

function code(name: string): string {
  return `\`${name}\``;
}
