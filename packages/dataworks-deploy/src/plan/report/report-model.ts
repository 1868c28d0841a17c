import { followersOf } from '../followers';
import type { Action, OtherChange, Plan, PlannedStack, PropertyValue, ResourceChange, Risk, RiskKind, Rollback } from '../plan';
import { countsOf, isChanged, summaryOf, type Counts } from '../summary';
import { memberOf } from '../template/stack-template';
import { waitWords } from '../wait-words';

/**
 * What every report of a plan says, whatever it is written in. The words come from a bundle: none of them is trusted, and whoever writes
 * them escapes them.
 */
export interface Report {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  /** With its state, if the working tree had one of its own, and whether the assembly is of it at all. */
  readonly commit: string;
  /** What was applied before. */
  readonly state: string;
  /** To which apply it goes back, and what stays as later ones made it; none in a plan that is no rollback. */
  readonly rollback: readonly string[];
  /** How many of what, or that there is nothing. */
  readonly verdict: string;
  readonly digest: string;
  /** Gravest first. */
  readonly risks: readonly ReportedRisk[];
  readonly stacks: readonly ReportedStack[];
}

export interface ReportedRisk {
  /** In capitals. */
  readonly label: string;
  /** What could happen, in sentences. */
  readonly meaning: string;
  /** Stack and resource. */
  readonly where: string;
  readonly reason: string;
}

/** What else changes in a stack, and from what to what where that is told. */
export interface ReportedOther {
  readonly words: string;
  readonly values: readonly PropertyValue[];
}

export interface ReportedStack {
  readonly name: string;
  readonly region: string;
  readonly state: 'is created' | 'changes' | 'no changes';
  /** Empty without resource changes. */
  readonly counts: string;
  readonly changes: readonly ReportedChange[];
  /** What changes of the stack itself. */
  readonly others: readonly ReportedOther[];
  /** Which stacks of this plan come before, and why. */
  readonly waits: readonly string[];
}

export interface ReportedChange {
  readonly action: Action;
  readonly sign: '+' | '~' | '-';
  readonly word: 'add' | 'change' | 'remove';
  readonly type: string;
  readonly name: string;
  /** What becomes of what is there, such as `REPLACED` and `deleted`. */
  readonly fate: readonly string[];
  /** As in `ResourceChange`; the paths alone in a plan of an earlier version. */
  readonly values: readonly PropertyValue[];
}

const RISKS: Readonly<Record<RiskKind, Pick<ReportedRisk, 'label' | 'meaning'>>> = {
  statefulLoss: {
    label: 'DATA LOSS',
    meaning: 'Data is, or may be, deleted, at once or by an expiry. No rollback and no later apply brings it back.',
  },
  statefulReplacement: {
    label: 'REPLACEMENT',
    meaning: 'What holds data is, or may be, replaced by an empty one. The data stays in the old one, which belongs to no stack any more.',
  },
  broadening: {
    label: 'ACCESS',
    meaning: 'Somebody may be allowed more than before: to read data, to change it, or to change who may.',
  },
  protectionOff: {
    label: 'PROTECTION',
    meaning:
      'A protection of data goes, or changes: against deletion, by backups, versions, encryption or logs. Nothing is lost yet, but a later change, or one call, may be able to.',
  },
  publishing: {
    label: 'PUBLISHING',
    meaning:
      'A file or an image of the application is written to a place, or by a role, that the bootstrap of the CDK did not make for that. What is there under the same name is written over.',
  },
  unforeseeable: {
    label: 'UNFORESEEABLE',
    meaning:
      'CloudFormation makes the template itself, so this plan cannot show all that it does. An apply refuses what is not shown: to have it, put into the application what the transform makes, or deploy that stack apart from it.',
  },
};

const LEFT_BEHIND: Omit<ReportedRisk, 'where'> = {
  label: 'LEFT BEHIND',
  meaning:
    'No apply deletes a stack: it stays, with what it holds and allows. Once this plan is applied, neither plan nor status nor drift names it.',
  reason: 'no longer in the application, left as it is',
};

const SIGNS = { add: '+', modify: '~', remove: '-' } as const satisfies Record<Action, string>;
const WORDS = { add: 'add', modify: 'change', remove: 'remove' } as const satisfies Record<Action, string>;

export function reportOf(plan: Plan): Report {
  const { environment, account, region, state, rollback, remaining = [], digest, risks, stacks } = plan;
  return {
    environment,
    account,
    region,
    commit: commitWords(plan),
    state: state ? `applied last: serial ${state.serial}` : 'nothing was applied yet',
    rollback: rollback ? rollbackWords(rollback) : [],
    verdict: verdictOf(plan),
    digest,
    risks: [...risks.map((risk) => reportedRisk(risk, stacks)), ...remaining.map((where) => ({ ...LEFT_BEHIND, where }))],
    stacks: stacks.map((stack) => reportedStack(stack, stacks)),
  };
}

function commitWords({ commit, dirty, assemblyGiven }: Plan): string {
  return [
    commit.slice(0, 12),
    ...(dirty ? ['with changes that are not committed'] : []),
    ...(assemblyGiven ? ['assembly given by whoever planned, not synthesised there'] : []),
  ].join(', ');
}

function rollbackWords({ serial, digest, remaining }: Rollback): string[] {
  const left = remaining.length === 0 ? [] : [`of later applies, and left as they are: ${remaining.join(', ')}`];
  return [`ROLLBACK to serial ${serial}, plan ${digest.slice(0, 12)}`, ...left];
}

function verdictOf(plan: Plan): string {
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

function reportedRisk({ kind, stack, nested, logicalId, reason }: Risk, stacks: readonly PlannedStack[]): ReportedRisk {
  const planned = stacks.find(({ artifactId }) => artifactId === stack);
  const change = planned?.changes.find((one) => one.logicalId === logicalId && one.nested.join('/') === nested.join('/'));
  const resource = change ? `${nameOf(change)} (${change.type})` : logicalId;
  return { ...RISKS[kind], where: [planned?.name ?? stack, resource].filter(Boolean).join(': '), reason };
}

function reportedStack(stack: PlannedStack, all: readonly PlannedStack[]): ReportedStack {
  return {
    name: stack.name,
    region: stack.region,
    state: stack.deployed === undefined ? 'is created' : isChanged(stack) ? 'changes' : 'no changes',
    counts: countWords(countsOf(stack.changes)),
    changes: stack.changes.map((change) => reportedChange(change, stack.changes)),
    others: [...stack.otherChanges.map((change) => reportedOther(change, stack)), ...nestedOthers(stack)],
    waits: stack.waits.map((wait) => waitWords(wait, all)),
  };
}

function reportedChange(change: ResourceChange, all: readonly ResourceChange[]): ReportedChange {
  const { action, type, properties } = change;
  const values = change.values ?? properties.map((path) => ({ path }));
  return { action, sign: SIGNS[action], word: WORDS[action], type, name: nameOf(change), fate: fateOf(change, all), values };
}

function fateOf(change: ResourceChange, all: readonly ResourceChange[]): string[] {
  const { action, replacement, deletes, stateful, follows } = change;
  if (action === 'add' || (action === 'modify' && replacement === 'never')) return [];
  return [
    ...{ never: [], conditional: ['perhaps REPLACED'], always: ['REPLACED'] }[replacement],
    deletes ? 'deleted' : 'the old one is kept',
    ...(stateful ? ['holds data'] : []),
    ...(follows ? [] : followersWords(followersOf(change, all).length)),
  ];
}

function followersWords(count: number): string[] {
  return count === 0 ? [] : [`${count === 1 ? '1 other follows' : `${count} others follow`} if it is`];
}

function nameOf({ construct, nested, logicalId }: ResourceChange): string {
  return construct ?? [...nested, logicalId].join('/');
}

const OTHERS: Readonly<Record<string, string | undefined>> = {
  role: 'role that CloudFormation acts by',
  tags: 'tags of the stack, and so of every resource',
  terminationProtection: 'termination protection',
};

function reportedOther({ what, names }: OtherChange, stack: PlannedStack): ReportedOther {
  const words = `${OTHERS[what] ?? what}${names.length > 0 ? `: ${names.join(', ')}` : ''}`;
  return { words, values: valuesOf(what, names, stack) };
}

/** Of what changes by name and has values; of no NoEcho parameter, whose value CloudFormation tells nobody. */
function valuesOf(what: OtherChange['what'], names: readonly string[], { tags, parameters, ssmParameters, deployed }: PlannedStack) {
  if (what === 'tags') return names.map((name) => valueOf(name, memberOf(deployed?.tags ?? {}, name), memberOf(tags, name)));
  if (what !== 'parameters') return [];
  return [
    ...names
      .filter((name) => Object.hasOwn(parameters, name))
      .map((name) => valueOf(name, memberOf(deployed?.parameters ?? {}, name), parameters[name])),
    ...storedValues(names, ssmParameters),
  ];
}

/** Of the nested stacks, the parameters that the templates do not tell. */
function nestedOthers({ nestedParameters }: PlannedStack): ReportedOther[] {
  return nestedParameters.flatMap(({ nested, changedParameters, ssmParameters }) => {
    const values = storedValues(changedParameters, ssmParameters);
    return values.length > 0 ? [{ words: `parameters of ${nested.join('/')}`, values }] : [];
  });
}

function storedValues(names: readonly string[], ssmParameters: PlannedStack['ssmParameters']): PropertyValue[] {
  return Object.entries(ssmParameters)
    .filter(([parameter]) => names.includes(parameter))
    .map(([parameter, { name, was, value }]) => ({
      ...valueOf(`${parameter} (${name})`, was, value),
      ...(value === undefined && { to: `\${${name}}` }),
    }));
}

function valueOf(path: string, from: string | undefined, to: string | undefined): PropertyValue {
  const text = (value: string) => value.replaceAll('${', '${!');
  return { path, ...(from !== undefined && { from: text(from) }), ...(to !== undefined && { to: text(to) }) };
}
