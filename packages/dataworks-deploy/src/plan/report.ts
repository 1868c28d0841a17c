/** A plan in plain English, for a terminal and for a comment in Markdown. The words come from a bundle: none of them is trusted. */
import type { Action, Plan, PlannedStack, ResourceChange, Risk, RiskKind, Rollback, Wait } from './plan';
import { countsOf, isChanged, summaryOf, type Counts } from './summary';

const RISKS: Readonly<Record<RiskKind, string>> = {
  statefulLoss: 'DATA LOSS',
  statefulReplacement: 'REPLACEMENT',
  broadening: 'ACCESS',
  protectionOff: 'PROTECTION',
  unforeseeable: 'UNFORESEEABLE',
};

const SIGNS: Readonly<Record<Action, string>> = { add: '+', modify: '~', remove: '-' };
const WORDS: Readonly<Record<Action, string>> = { add: 'add', modify: 'change', remove: 'remove' };

const SHOWN_PATHS = 6;

/** The report for a terminal: risks, changes of each stack, counts, and the digest last. */
export function terminalReport(plan: Plan): string {
  const { risks, stacks } = plan;
  return [
    heading(plan),
    ...(risks.length > 0 ? ['', `To be looked at first (${risks.length}):`, ...risks.map((risk) => `  ${riskLine(risk, plan)}`)] : []),
    ...stacks.flatMap((stack) => ['', stackLine(stack), ...stackLines(stack).map((line) => `  ${line}`)]),
    '',
    verdict(plan),
    `Digest ${plan.digest}`,
  ]
    .map(printable)
    .join('\n');
}

/** The same in Markdown. */
export function markdownReport(plan: Plan): string {
  const { risks, stacks } = plan;
  const block = (lines: readonly string[]) => ['```text', ...lines.map((line) => printable(line).replaceAll('```', "'''")), '```'];
  return [
    `## Plan for ${code(plan.environment)}`,
    '',
    prose(heading(plan)),
    '',
    `**${prose(verdict(plan))}**`,
    ...(risks.length > 0
      ? ['', `### To be looked at first (${risks.length})`, '', ...block(risks.map((risk) => riskLine(risk, plan)))]
      : []),
    ...stacks.filter(isShown).flatMap((stack) => ['', `### ${prose(stackLine(stack))}`, '', ...block(stackLines(stack))]),
    '',
    `Digest ${code(plan.digest)}`,
    '',
  ].join('\n');
}

function isShown(stack: PlannedStack): boolean {
  return isChanged(stack) || stack.waits.length > 0;
}

function heading({ environment, account, region, commit, dirty, state, rollback }: Plan): string {
  const from = `commit ${commit.slice(0, 12)}${dirty ? ', with changes that are not committed' : ''}`;
  const against = state ? `applied last: serial ${state.serial}` : 'nothing was applied yet';
  return [`${environment} (${account}, ${region})`, from, against, ...(rollback ? rollbackWords(rollback) : [])].join('; ');
}

function rollbackWords({ serial, digest, remaining }: Rollback): string[] {
  const left = remaining.length === 0 ? [] : [`of later applies, and left as they are: ${remaining.join(', ')}`];
  return [`ROLLBACK to serial ${serial}, plan ${digest.slice(0, 12)}`, ...left];
}

function verdict(plan: Plan): string {
  const { changes, counts } = summaryOf(plan);
  if (!changes) return 'No changes: what is deployed is as the application says.';
  return countWords(counts) || 'No resource changes; the stacks themselves do.';
}

function countWords({ add, modify, replace, remove }: Counts): string {
  const words = { add, change: modify, replace, remove };
  return Object.entries(words)
    .filter(([, count]) => count > 0)
    .map(([word, count]) => `${count} to ${word}`)
    .join(', ');
}

function riskLine({ kind, stack, nested, logicalId, reason }: Risk, { stacks }: Plan): string {
  const planned = stacks.find(({ artifactId }) => artifactId === stack);
  const change = planned?.changes.find((one) => one.logicalId === logicalId && one.nested.join('/') === nested.join('/'));
  const where = change ? `${nameOf(change)} (${change.type})` : (logicalId ?? '');
  return `${RISKS[kind].padEnd(13)} ${[planned?.name ?? stack, where].filter(Boolean).join(': ')}: ${reason}`;
}

function stackLine(stack: PlannedStack): string {
  const counts = countWords(countsOf(stack.changes));
  const state = stack.deployed === undefined ? 'is created' : isChanged(stack) ? 'changes' : 'no changes';
  return `${stack.name}, ${stack.region}: ${state}${counts === '' ? '' : ` (${counts})`}`;
}

function stackLines({ changes, otherChanges, waits }: PlannedStack): string[] {
  return [
    ...changes.map(changeLine),
    ...otherChanges.map(({ what, names }) => `~ ${OTHERS[what] ?? what}${names.length > 0 ? `: ${names.join(', ')}` : ''}`),
    ...waits.map(waitLine),
  ];
}

const OTHERS: Readonly<Record<string, string | undefined>> = {
  tags: 'tags of the stack, and so of every resource',
  terminationProtection: 'termination protection',
};

function changeLine(change: ResourceChange): string {
  const { action, type, replacement, deletes, properties, stateful } = change;
  const replaced = { never: '', conditional: ', perhaps REPLACED', always: ', REPLACED' }[replacement];
  const fate = action === 'add' || (action === 'modify' && replacement === 'never') ? '' : deletes ? ', deleted' : ', the old one is kept';
  const data = stateful && fate !== '' ? ', holds data' : '';
  const shown = properties.slice(0, SHOWN_PATHS).join(' ');
  const more = properties.length > SHOWN_PATHS ? ` and ${properties.length - SHOWN_PATHS} more` : '';
  return `${SIGNS[action]} ${WORDS[action]} ${type} ${nameOf(change)}${replaced}${fate}${data}${shown === '' ? '' : `: ${shown}${more}`}`;
}

function nameOf({ construct, nested, logicalId }: ResourceChange): string {
  return construct ?? [...nested, logicalId].join('/');
}

function waitLine({ kind, name, madeBy }: Wait): string {
  return `… after ${madeBy}, which makes the ${kind === 'parameter' ? 'SSM parameter' : kind} ${name}`;
}

/** Without control characters: they could rewrite what stands in the terminal. */
export function printable(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
}

function prose(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>()#+!|@~&]/g, (character) => `&#${character.codePointAt(0)};`);
}

function code(text: string): string {
  return `\`${printable(text).replaceAll('`', "'")}\``;
}
