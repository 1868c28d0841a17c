import { isDeepStrictEqual } from 'node:util';
import type { Certainty, Gives } from './given-values';
import { DYNAMIC, readIn, type Awaited } from './waits';
import { referencesOf, refersTo, type Reference } from '../template/references';
import { isObject, type Json, type JsonObject, type TemplateResource } from '../template/stack-template';

/** What a template may read that has another value than before. */
export interface ChangedValues {
  /** Of parameters, by name. */
  readonly parameters: ReadonlyMap<string, Certainty>;
  readonly gives: Gives;
  /** What other stacks of the plan make or change first. */
  readonly waits: readonly Awaited[];
}

/**
 * Put behind a name, so that what reads it differs from what is deployed. They begin with a character for private use, which AWS takes in
 * no name, ARN or action: what stands in a template as a text is never taken for a mark.
 */
const MARKS: Readonly<Record<Certainty, string>> = { certainly: '\u{e000}changed', perhaps: '\u{e000}perhaps', moved: '\u{e000}moved' };

const ANY_MARK = new RegExp(Object.values(MARKS).join('|'), 'g');

/** Beginning of what CloudFormation looks up when it updates what reads it: all but a version of a parameter in the store. The rest a function may add. */
const LOOKUP = /\{\{resolve:(?!ssm(?:-secure)?:[^:}]+:\d+\}\})/g;

/** A value with everything marked that CloudFormation looks up anew when it changes the resource, whatever changes. */
export function withLookups(value: Json): Json {
  if (typeof value === 'string') return value.replace(LOOKUP, `$&${MARKS.perhaps}`);
  if (Array.isArray(value)) return (value as readonly Json[]).map(withLookups);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withLookups(member)])) : value;
}

/** How certain it is that a value becomes another one, of two that differ: by its marks, when these are all that differs. */
export function certaintyBetween(before: Json | undefined, after: Json | undefined): Certainty {
  const differsBy = (...marks: readonly string[]) => after !== undefined && isDeepStrictEqual(without(after, marks), before);
  if (differsBy(MARKS.moved)) return 'moved';
  return differsBy(MARKS.moved, MARKS.perhaps) ? 'perhaps' : 'certainly';
}

/** A resource without those marks that make nobody allowed more: another name of what may be replaced is still that. */
export function whereItStays(resource: TemplateResource): TemplateResource {
  return without(resource as unknown as Json, [MARKS.moved]) as unknown as TemplateResource;
}

/** Names of what a value reads that may be replaced, sorted. */
export function movedIn(value: Json | undefined, changed: ChangedValues): string[] {
  const inMember = (key: string, member: Json): string[] => [
    ...referencesOf(key, member)
      .filter((reference) => certaintyAt(reference, changed) === 'moved')
      .map(([name]) => name),
    ...movedIn(member, changed),
  ];
  const found = Array.isArray(value)
    ? (value as readonly Json[]).flatMap((one) => movedIn(one, changed))
    : isObject(value)
      ? Object.entries(value).flatMap(([key, member]) => inMember(key, member))
      : [];
  return [...new Set(found)].sort();
}

/** No name in the parameter store has such a mark. */
const PERHAPS_IN_STORE = new RegExp(`(\\{\\{resolve:ssm:[^:}]+)${MARKS.perhaps}\\}\\}`, 'g');

/** Only where a mark is put: in the text of a template, the same letters are that text. */
function without(value: Json, marks: readonly string[]): Json {
  const bare = (name: string): string => {
    const mark = marks.find((one) => name.endsWith(one));
    return mark === undefined ? name : name.slice(0, -mark.length);
  };
  if (typeof value === 'string') return marks.includes(MARKS.perhaps) ? value.replace(PERHAPS_IN_STORE, '$1}}') : value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => without(one, marks));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]): [string, Json] => {
      if (key === 'Ref' && typeof member === 'string') return [key, bare(member)];
      return [key.startsWith('Fn::') ? bare(key) : key, without(member, marks)];
    }),
  );
}

/** A text for people. */
export function unmarked(text: string): string {
  return text.replace(ANY_MARK, '');
}

/** Conditions that depend on one of these parameters. */
export function changedConditions(conditions: JsonObject, parameters: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const [name, condition] of Object.entries(conditions)) {
      if (refersTo(condition, parameters) || isOfOne(condition, found)) found.add(name);
    }
  }
  return found;
}

function isOfOne(value: Json, conditions: ReadonlySet<string>): boolean {
  if (Array.isArray(value)) return (value as readonly Json[]).some((one) => isOfOne(one, conditions));
  if (!isObject(value)) return false;
  return Object.entries(value).some(([key, member]) => {
    const name = key === 'Fn::If' && Array.isArray(member) ? (member as readonly Json[])[0] : key === 'Condition' ? member : undefined;
    return (typeof name === 'string' && conditions.has(name)) || isOfOne(member, conditions);
  });
}

/** A value with everything in it marked that reads one of these. */
export function withMarks(value: Json, changed: ChangedValues): Json {
  if (typeof value === 'string') return markedText(value, changed.waits);
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => withMarks(one, changed));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]): [string, Json] => {
      const certainty = certaintyOf(key, member, changed);
      if (certainty === undefined) return [key, withMarks(member, changed)];
      // What is called Ref is a function by that name alone.
      if (key === 'Ref') return [key, `${member as string}${MARKS[certainty]}`];
      return [
        `${key}${MARKS[certainty]}`,
        withMarks(key === 'Fn::GetAtt' && typeof member === 'string' ? member.split('.') : member, changed),
      ];
    }),
  );
}

function certaintyAt([name, attribute]: Reference, { parameters, gives }: ChangedValues): Certainty | undefined {
  return parameters.get(name) ?? gives(name, attribute);
}

function certaintyOf(key: string, argument: Json, changed: ChangedValues): Certainty | undefined {
  const awaited = certaintyOfAwaited(readIn(key, argument, changed.waits));
  if (awaited !== undefined) return awaited;
  return mostCertain(referencesOf(key, argument).map((reference) => certaintyAt(reference, changed)));
}

/** A version of a parameter in the store never gets another value. */
function markedText(text: string, waits: readonly Awaited[]): string {
  return text.replace(DYNAMIC, (whole, name: string, version?: string) => {
    const made = waits.filter((wait) => version === undefined && wait.kind === 'parameter' && wait.name === name);
    const certainty = certaintyOfAwaited(made);
    return certainty === undefined ? whole : `${whole.slice(0, -END.length)}${MARKS[certainty]}${END}`;
  });
}

/** Of a reference to a parameter in the store. */
const END = '}}';

function certaintyOfAwaited(waits: readonly Awaited[]): Certainty | undefined {
  return mostCertain(waits.map(({ certainty }) => certainty));
}

function mostCertain(all: ReadonlyArray<Certainty | undefined>): Certainty | undefined {
  return (['certainly', 'perhaps', 'moved'] as const).find((certainty) => all.includes(certainty));
}
