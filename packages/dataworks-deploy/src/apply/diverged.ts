import { isDeepStrictEqual } from 'node:util';
import type { ChangeDetail, MadeChange, MadeChangeSet, MadeParameter } from '../aws/change-sets';
import { givenBy, isForeign, type Gives, type GivingChange } from '../plan/compare/given-values';
import type { PlannedStack, Replacement, ResourceChange, SsmParameter } from '../plan/plan';
import { NESTED_STACK } from '../plan/template/nested-templates';
import { isSecret } from '../plan/template/stack-template';

/** What a plan says of a stack, as far as a change set can contradict it. */
export type ApprovedStack = Pick<
  PlannedStack,
  | 'deployed'
  | 'parameters'
  | 'ssmParameters'
  | 'changedParameters'
  | 'nestedParameters'
  | 'tags'
  | 'capabilities'
  | 'changes'
  | 'otherChanges'
  | 'waits'
>;

export interface Template {
  readonly Parameters?: Readonly<
    Record<string, { readonly Default?: unknown; readonly NoEcho?: unknown; readonly [key: string]: unknown } | undefined>
  >;
}

/** Whether resources of a type hold data that nothing else brings back. */
export type IsStateful = (type: string) => boolean;

/** What CloudFormation shows in place of a secret. */
const MASKED = '****';

/**
 * Where the input of a change set differs from what was approved. The role is not among it: CloudFormation does not tell it, and the
 * change set is the one that was made with the approved one, known by its ARN.
 *
 * @param template of the bundle
 * @param made template of the change set
 */
export function inputDivergences(approved: ApprovedStack, template: Template, changeSet: MadeChangeSet, made: unknown): string[] {
  return [
    ...(isDeepStrictEqual(made, template) ? [] : ['the template is not that of the plan']),
    ...(approved.deployed === undefined || approved.deployed.stackId === changeSet.stackId
      ? []
      : [`the change set is for ${changeSet.stackId}, planned was ${approved.deployed.stackId}`]),
    ...parameterDivergences(approved, template, changeSet.parameters),
    ...differences('tag', approved.tags, changeSet.tags),
    ...(isDeepStrictEqual([...changeSet.capabilities].sort(), [...approved.capabilities].sort())
      ? []
      : [`capabilities ${list(changeSet.capabilities)}, planned were ${list(approved.capabilities)}`]),
  ];
}

/**
 * What a change set would do beyond what was approved: fewer changes are none.
 *
 * @param nested logical ids of the nested stacks that lead to the one that the change set is of
 * @param passed parameters that the stack around passes an attribute of one of its planned changes
 */
export function changeDivergences(
  approved: ApprovedStack,
  changes: readonly MadeChange[],
  isStateful: IsStateful,
  nested: readonly string[] = [],
  passed: ReadonlySet<string> = new Set(),
): string[] {
  const planned = approved.changes.filter((change) => isDeepStrictEqual(change.nested, nested));
  const gated = changes.filter((change) => change.nested !== undefined); // each by a change set of its own
  const tagsChange = approved.otherChanges.some(({ what }) => what === 'tags');
  const tagged = tagsChange ? changes.filter(({ action, details }) => action === 'Modify' && details.some(isTagging)) : [];
  const causes = withFollowers(changes, tagsChange, {
    resources: new Map([...gated, ...planned].map(({ logicalId, type }) => [logicalId, type])),
    parameters: new Set([...changingParameters(approved, nested), ...passed]),
    gives: givenBy(new Map([...tagged.map(taggedChange), ...planned].map((change) => [change.logicalId, change])), () => undefined),
  });
  return changes.flatMap((change) => {
    const where = `${change.type} ${[...nested, change.logicalId].join('/')}`;
    const known = planned.find(({ logicalId }) => logicalId === change.logicalId);
    if (isUnseen(change)) return [`${where}: what it does in there has no change set`];
    const problem = known
      ? beyond({ ...known, stateful: known.stateful || isStateful(change.type) }, change, causes, tagsChange)
      : unplanned(change, causes, tagsChange, isStateful(change.type));
    return problem === undefined ? [] : [`${where}: ${problem}`];
  });
}

/** Of a nested stack, only a change set of its own tells what changes in it. */
function isUnseen({ type, action, nested }: MadeChange): boolean {
  return type === NESTED_STACK && action !== 'Remove' && nested === undefined;
}

type IsCause = (detail: ChangeDetail, causes: Causes) => boolean;

/** What may make a resource change that does not change itself. */
interface Causes {
  /** Types of the resources that change, by logical id. */
  readonly resources: ReadonlyMap<string, string>;
  /** Those that get another value. */
  readonly parameters: ReadonlySet<string>;
  /** What becomes of what the resources give, but for the outputs of nested stacks. */
  readonly gives: Gives;
}

/** That a resource gets other tags, as a plan would show it. */
function taggedChange({ logicalId, type }: MadeChange): GivingChange {
  return { logicalId, type, action: 'modify', replacement: 'never', properties: ['/Properties/Tags'] };
}

/**
 * With the resources that only read what stays, or only get the tags of the stack: who reads these follows from the same. One of a
 * parameter does not count, since a parameter that changes is another value: the plan shows who reads it.
 */
function withFollowers(changes: readonly MadeChange[], tagsChange: boolean, causes: Causes): Causes {
  const follows = ({ action, type, replacement, details, logicalId }: MadeChange) =>
    action === 'Modify' &&
    replacement !== 'True' &&
    details.length > 0 &&
    !causes.resources.has(logicalId) &&
    !isDecidedElsewhere(type) &&
    details.every(
      (detail) =>
        (tagsChange && isTagging(detail) && !mayReplace(detail)) ||
        (detail.source !== 'ParameterReference' && isCaused(detail, details, causes)),
    );
  const more = changes.filter(follows).map(({ logicalId, type }) => [logicalId, type] as const);
  return more.length === 0 ? causes : withFollowers(changes, tagsChange, { ...causes, resources: new Map([...causes.resources, ...more]) });
}

/** Why a change is more than the planned one of the same resource. */
function beyond(planned: ResourceChange, made: MadeChange, causes: Causes, tagsChange: boolean): string | undefined {
  const action = made.action.toLowerCase();
  if (made.type !== planned.type) return `planned was a ${planned.type}`;
  if (action !== planned.action) return `${action}, planned was ${planned.action}`;
  if (action !== 'modify') return undefined;
  if (!isReplacementPlanned(planned, made, causes)) {
    return `replacement ${made.replacement}, planned was ${planned.replacement}${planned.stateful ? ', and it holds data' : ''}`;
  }
  const unexplained = made.details.filter(
    (detail) => !isInPlan(detail, planned) && !(tagsChange && isTagging(detail)) && !isCaused(detail, made.details, causes),
  );
  return unexplained.length === 0 ? undefined : `changes ${list(unexplained.map(targetOf))} too`;
}

/** What the CDK writes into a template about itself. There is nothing behind it that a replacement could lose. */
const HOLDS_NOTHING = 'AWS::CDK::Metadata';

const CERTAINTY: Readonly<Record<string, number>> = { False: 0, Conditional: 1, True: 2 };
const PLANNED_CERTAINTY: Readonly<Record<Replacement, number>> = { never: 0, conditional: 1, always: 2 };

function isReplacementPlanned({ replacement, stateful }: ResourceChange, made: MadeChange, causes: Causes): boolean {
  const found = CERTAINTY[made.replacement ?? 'False'];
  if (found <= PLANNED_CERTAINTY[replacement] || made.type === HOLDS_NOTHING) return true;
  if (stateful) return isKept(made, causes);
  if (replacement === 'conditional') return true;
  // It follows from another change, and only when that one is executed: it is not certain.
  return (
    found === CERTAINTY.Conditional &&
    made.details.filter(mayReplace).every((detail) => isCaused(detail, made.details, causes, isApprovedCause))
  );
}

/** Whether all that CloudFormation would replace a resource for are attributes that stay. */
function isKept({ replacement, details }: MadeChange, causes: Causes): boolean {
  const replacing = details.filter(mayReplace);
  const isStaying: IsCause = (detail) =>
    detail.source === 'ResourceAttribute' &&
    isStayingCause(detail, causes) &&
    !isDecidedElsewhere(causes.resources.get(readBy(detail)[0])!);
  return replacement === 'Conditional' && replacing.length > 0 && replacing.every((detail) => isCaused(detail, details, causes, isStaying));
}

/** Whether a handler, or another change set, decides what a resource of this type gives. */
function isDecidedElsewhere(type: string): boolean {
  return isForeign(type) || type === NESTED_STACK;
}

/** Why a change of a resource that the plan does not name is more than a consequence of what it names. */
function unplanned(made: MadeChange, causes: Causes, tagsChange: boolean, stateful: boolean): string | undefined {
  const { action, type, details, replacement = 'False', nested } = made;
  const notInPlan = `${action.toLowerCase()} is not in the plan`;
  if (action !== 'Modify' || details.length === 0) return notInPlan;
  if (replacement === 'True' || (replacement !== 'False' && stateful && !isKept(made, causes))) return `${notInPlan}, and would replace it`;
  // CloudFormation calls every nested stack changed; what is in it, its own change set tells.
  if (type === NESTED_STACK && nested !== undefined && details.every(({ source }) => source === 'Automatic')) return undefined;
  if (details.every(({ attribute }) => attribute === 'Metadata')) return undefined; // of the template, which is the approved one
  const isConsequence = (detail: ChangeDetail) => (tagsChange && isTagging(detail)) || isCaused(detail, details, causes);
  return details.every(isConsequence) ? undefined : notInPlan;
}

/** Whether the planned change names what this detail changes. */
function isInPlan({ attribute, name }: ChangeDetail, { properties }: ResourceChange): boolean {
  if (attribute === 'Metadata') return true;
  const path =
    attribute === 'Properties' && name !== undefined ? `/Properties/${name}` : attribute === 'Tags' ? '/Properties/Tags' : `/${attribute}`;
  return properties.some((property) => `${property}/`.startsWith(`${path}/`) || `${path}/`.startsWith(`${property}/`));
}

/** The stack's tags reach every resource that takes tags. */
function isTagging({ attribute, recreation }: ChangeDetail): boolean {
  return attribute === 'Tags' && recreation !== 'Always';
}

/**
 * Whether a detail only follows from what was approved. Of a parameter, CloudFormation knows the new value (`Static`); beside what
 * causes it, it lists the property once more as a direct modification of which it does not know the value (`Dynamic`).
 */
function isCaused(detail: ChangeDetail, all: readonly ChangeDetail[], causes: Causes, isCause: IsCause = isStayingCause): boolean {
  if (detail.source === 'ParameterReference') return isCause(detail, causes);
  if (detail.evaluation !== 'Dynamic') return false;
  if (detail.cause !== undefined) return isCause(detail, causes);
  return all.some((other) => other.cause !== undefined && targetOf(other) === targetOf(detail) && isCause(other, causes));
}

function isApprovedCause(detail: ChangeDetail, { resources, parameters }: Causes): boolean {
  const [name] = readBy(detail);
  return detail.source === 'ParameterReference' ? parameters.has(name) : resources.has(name);
}

/** Whether what is read of an approved change stays, which CloudFormation does not know before. Where it may not, the plan shows who reads it. */
function isStayingCause(detail: ChangeDetail, causes: Causes): boolean {
  return isApprovedCause(detail, causes) && (detail.source === 'ParameterReference' || causes.gives(...readBy(detail)) === undefined);
}

/** What a detail names as its cause: a resource, and which of its attributes unless it is referred to. */
function readBy({ cause = '' }: ChangeDetail): readonly [logicalId: string, attribute?: string] {
  const [logicalId, ...attribute] = cause.split('.');
  return attribute.length > 0 ? [logicalId, attribute.join('.')] : [logicalId];
}

function mayReplace({ recreation }: ChangeDetail): boolean {
  return recreation !== undefined && recreation !== 'Never';
}

function targetOf({ attribute, name }: ChangeDetail): string {
  return name === undefined ? attribute : `${attribute}.${name}`;
}

/** Parameters that get another value. */
export function changingParameters({ changedParameters, nestedParameters }: ApprovedStack, nested: readonly string[]): readonly string[] {
  if (nested.length === 0) return changedParameters;
  return nestedParameters.find((one) => isDeepStrictEqual(one.nested, nested))?.changedParameters ?? [];
}

function parameterDivergences(approved: ApprovedStack, template: Template, made: Readonly<Record<string, MadeParameter>>): string[] {
  const planned: Values = {
    ...defaultsOf(template),
    ...approved.deployed?.parameters,
    ...namesOf(approved.ssmParameters),
    ...approved.parameters,
  };
  return namesIn(template, made).flatMap((name) =>
    valueDivergences(name, made[name], { template, planned, ssmParameters: approved.ssmParameters, waits: approved.waits }),
  );
}

/**
 * Where the parameters of a nested stack differ from what was approved. A value that the templates do not tell (an attribute of a
 * resource) follows from the stack around it, which passes the gate itself.
 *
 * @param template of the bundle
 */
export function nestedInputDivergences(
  { nestedParameters, waits }: ApprovedStack,
  nested: readonly string[],
  template: Template,
  made: Readonly<Record<string, MadeParameter>>,
): string[] {
  const known = nestedParameters.find((one) => isDeepStrictEqual(one.nested, nested));
  const { parameters = {}, ssmParameters = {} } = known ?? {};
  const planned: Values = { ...parameters, ...namesOf(ssmParameters) };
  return namesIn(template, made).flatMap((name) => {
    const isDeclared = Object.hasOwn(template.Parameters ?? {}, name);
    const value = made[name] as MadeParameter | undefined;
    const expected = isDeclared && !(name in planned) ? { ...planned, [name]: value?.value } : planned;
    return valueDivergences(name, value, { template, planned: expected, ssmParameters, waits }).map(
      (problem) => `${nested.join('/')}: ${problem}`,
    );
  });
}

interface ExpectedValues extends Pick<ApprovedStack, 'ssmParameters' | 'waits'> {
  readonly template: Template;
  readonly planned: Values;
}

function valueDivergences(
  name: string,
  made: MadeParameter | undefined,
  { template, planned, ssmParameters, waits }: ExpectedValues,
): string[] {
  if (made?.value === MASKED && isSecret(template.Parameters?.[name] ?? {})) return [];
  if (made?.value !== planned[name]) return [`parameter ${name} is ${made?.value}, planned was ${planned[name]}`];
  return storedDivergences(name, new Map(Object.entries(ssmParameters)).get(name), made?.resolved, waits);
}

/** Of a change set and its template, sorted. */
function namesIn({ Parameters = {} }: Template, made: Readonly<Record<string, MadeParameter>>): string[] {
  return [...new Set([...Object.keys(Parameters), ...Object.keys(made)])].sort();
}

function namesOf(ssmParameters: ApprovedStack['ssmParameters']): Values {
  return Object.fromEntries(Object.entries(ssmParameters).map(([parameter, { name }]) => [parameter, name]));
}

/** Of a value that an earlier stack of the plan makes, nobody may have known it. */
function storedDivergences(
  parameter: string,
  stored: SsmParameter | undefined,
  resolved: string | undefined,
  waits: ApprovedStack['waits'],
): string[] {
  if (resolved === stored?.value) return [];
  if (stored?.value === undefined && waits.some(({ kind, name }) => kind === 'parameter' && name === stored?.name)) return [];
  const where = stored === undefined ? 'the parameter store' : `${stored.name} of the parameter store`;
  return [`parameter ${parameter} (${where}) is ${resolved}, planned was ${stored?.value}`];
}

type Values = Readonly<Record<string, string | undefined>>;

/** Defaults are written as text or as numbers, lists as text with commas. */
function defaultsOf({ Parameters = {} }: Template): Values {
  return Object.fromEntries(
    Object.entries(Parameters).flatMap(([name, parameter]) =>
      typeof parameter?.Default === 'string' || typeof parameter?.Default === 'number' ? [[name, String(parameter.Default)]] : [],
    ),
  );
}

function differences(what: string, planned: Readonly<Record<string, string>>, made: Readonly<Record<string, string>>): string[] {
  return [...new Set([...Object.keys(planned), ...Object.keys(made)])]
    .filter((key) => planned[key] !== made[key])
    .sort()
    .map((key) => `${what} ${key} is ${made[key]}, planned was ${planned[key]}`);
}

function list(items: readonly string[]): string {
  return items.length === 0 ? 'none' : [...new Set(items)].join(', ');
}
