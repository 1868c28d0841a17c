/** A plan in plain English, for a terminal and for a comment in Markdown. */
import { reportOf, type Report, type ReportedChange, type ReportedOther, type ReportedRisk, type ReportedStack } from './report-model';
import { valueLine } from './shown-value';
import { printable } from '../../printable';
import type { Plan, PropertyValue } from '../plan';

const SHOWN_VALUES = 6;
/** Characters of a value. */
const SHOWN_LENGTH = 100;

/** The report for a terminal: risks, changes of each stack, counts, and the digest last. */
export function terminalReport(plan: Plan): string {
  const report = reportOf(plan);
  const { risks, stacks, verdict, digest } = report;
  return [
    heading(report),
    ...(risks.length > 0 ? ['', `To be looked at first (${risks.length}):`, ...risks.map((risk) => `  ${riskLine(risk)}`)] : []),
    ...stacks.flatMap((stack) => ['', stackLine(stack), ...stackLines(stack).map((line) => `  ${line}`)]),
    '',
    verdict,
    `Digest ${digest}`,
  ]
    .map(printable)
    .join('\n');
}

/** The same in Markdown. */
export function markdownReport(plan: Plan): string {
  const report = reportOf(plan);
  const { environment, risks, stacks, verdict, digest } = report;
  const block = (lines: readonly string[]) => ['```text', ...lines.map((line) => printable(line).replaceAll('```', "'''")), '```'];
  return [
    `## Plan for ${code(environment)}`,
    '',
    prose(heading(report)),
    '',
    `**${prose(verdict)}**`,
    ...(risks.length > 0 ? ['', `### To be looked at first (${risks.length})`, '', ...block(risks.map(riskLine))] : []),
    ...stacks.filter(isShown).flatMap((stack) => ['', `### ${prose(stackLine(stack))}`, '', ...block(stackLines(stack))]),
    '',
    `Digest ${code(digest)}`,
    '',
  ].join('\n');
}

function isShown({ state, waits }: ReportedStack): boolean {
  return state !== 'no changes' || waits.length > 0;
}

function heading({ environment, account, region, commit, state, rollback }: Report): string {
  return [`${environment} (${account}, ${region})`, `commit ${commit}`, state, ...rollback].join('; ');
}

function riskLine({ label, where, reason }: ReportedRisk): string {
  return `${label.padEnd(13)} ${where}: ${reason}`;
}

function stackLine({ name, region, state, counts }: ReportedStack): string {
  return `${name}, ${region}: ${state}${counts === '' ? '' : ` (${counts})`}`;
}

function stackLines({ changes, others, waits }: ReportedStack): string[] {
  return [...changes.flatMap(changeLines), ...others.flatMap(otherLines), ...waits.map((words) => `… ${words}`)];
}

function otherLines({ words, values }: ReportedOther): string[] {
  return [`~ ${words}`, ...values.map((value) => `    ${propertyLine(value)}`)];
}

/** Values of what changes only: what is added or removed is known by its type, and its values are in the page. */
function changeLines({ action, sign, word, type, name, fate, values }: ReportedChange): string[] {
  const shown = action === 'modify' ? values : [];
  const more = shown.length - SHOWN_VALUES;
  return [
    `${sign} ${word} ${type} ${[name, ...fate].join(', ')}`,
    ...shown.slice(0, SHOWN_VALUES).map((value) => `    ${propertyLine(value)}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

function propertyLine({ path, from, to }: PropertyValue): string {
  if (from === undefined && to === undefined) return `~ ${path}`;
  const sign = from === undefined ? '+' : to === undefined ? '-' : '~';
  return `${sign} ${path}: ${valueLine({ from, to }, SHOWN_LENGTH)}`;
}

function prose(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>()#+!|@~&]/g, (character) => `&#${character.codePointAt(0)};`);
}

function code(text: string): string {
  return `\`${printable(text).replaceAll('`', "'")}\``;
}
