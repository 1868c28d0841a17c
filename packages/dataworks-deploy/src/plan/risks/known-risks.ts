/** Risks that are known by a resource's properties: which property of which type, what of it is worse, and what that means. */
import { isComputed, NEW, type Before, type Worse } from './worse';
import { isObject, memberOf, type Json, type JsonObject } from '../template/stack-template';

/** What a property is worse by, and in words that follow the name of the resource, what it does then. */
export type Rule = readonly [worse: Worse, words: string];

/** By path below `Properties`: `Rules[].Status` is that of each member of the list `Rules`. */
export type Rules = Readonly<Record<string, Rule>>;

export interface KnownRisks {
  /** By name of a property, of any type and at any depth. */
  readonly anywhere: Rules;
  readonly ofType: Readonly<Record<string, Rules | undefined>>;
}

type Pair = readonly [before: Before, after: Json | undefined];

/**
 * What of a resource is worse than before; nothing when nothing is that is known.
 *
 * @param before properties; NEW when there was no such resource
 */
export function reasonsOf({ anywhere, ofType }: KnownRisks, type: string, before: JsonObject | typeof NEW, after: JsonObject): string[] {
  const own = ofType[type] ?? {};
  const typed = Object.entries(own).flatMap(([path, rule]) =>
    pairsAt(path.split('.'), [before, after]).flatMap((pair) => reason(rule, path, pair)),
  );
  return [...new Set([...typed, ...reasonsAnywhere(anywhere, own, [before, after], '')])];
}

function reason([worse, words]: Rule, path: string, pair: Pair): string[] {
  if (same(pair)) return [];
  const isWorse = worse(...pair);
  if (isWorse === undefined) return [`${path} cannot be compared`];
  return isWorse ? [`${words} (${path})`] : [];
}

function pairsAt(path: readonly string[], pair: Pair): readonly Pair[] {
  if (path.length === 0) return [pair];
  const [segment, ...rest] = path;
  const name = segment.replace('[]', '');
  const inner: Pair = [below(pair[0], name), below(pair[1], name) as Json | undefined];
  return (name === segment ? [inner] : pairsOf(inner)).flatMap((one) => pairsAt(rest, one));
}

/** A function stands for all that it may give. */
function below(value: Before, name: string): Before {
  if (value === NEW || isComputed(value)) return value;
  return isObject(value) ? memberOf(value, name) : undefined;
}

/** What members of a list are told apart by, where they have it. */
const NAMES = ['Id', 'Region', 'RuleName', 'Name', 'DeviceName', 'DeviceIndex', 'Key'];

/** The members of two lists, by name or by index. A member that is new in a list has no value before, nor has one that only a function gave. */
function pairsOf([before, after]: Pair): Pair[] {
  const [old, next] = [membersOf(before), membersOf(after)];
  const missing = before === NEW ? NEW : undefined;
  if (isComputed(after)) return [[missing, after]];
  return [...new Set([...old.keys(), ...next.keys()])].map((name) => [old.get(name) ?? missing, next.get(name)]);
}

function membersOf(value: Before): Map<string, Json> {
  if (value === NEW || value === undefined || isComputed(value)) return new Map();
  const members = Array.isArray(value) ? (value as readonly Json[]) : [value];
  const names = members.map(nameOf);
  const isNamed = names.every((name) => name !== undefined) && new Set(names).size === names.length;
  return new Map(members.map((member, index) => [isNamed ? names[index] : String(index), member]));
}

function nameOf(member: Json): string | undefined {
  if (!isObject(member)) return undefined;
  const key = NAMES.find((one) => one in member);
  return key === undefined ? undefined : `${key} ${JSON.stringify(member[key])}`;
}

function reasonsAnywhere(rules: Rules, own: Rules, pair: Pair, path: string): string[] {
  const [before, after] = pair;
  const values = [before, after].filter((value): value is Json => typeof value === 'object');
  if (values.some(isComputed)) {
    const isKnown = !same(pair) && values.some((value) => namesIn(value).some((name) => Object.hasOwn(rules, name)));
    return isKnown ? [`${path} cannot be compared`] : [];
  }
  if (values.some(Array.isArray)) return pairsOf(pair).flatMap((one) => reasonsAnywhere(rules, own, one, `${path}[]`));
  const objects = values.filter(isObject);
  return [...new Set(objects.flatMap((value) => Object.keys(value)))].flatMap((name) => {
    const here = path === '' ? name : `${path}.${name}`;
    if (here in own) return [];
    const inner: Pair = [below(before, name), below(after, name) as Json | undefined];
    return Object.hasOwn(rules, name) ? reason(rules[name], here, inner) : reasonsAnywhere(rules, own, inner, here);
  });
}

function namesIn(value: Json): string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(namesIn);
  return isObject(value) ? Object.entries(value).flatMap(([name, member]) => [name, ...namesIn(member)]) : [];
}

function same([before, after]: Pair): boolean {
  return before !== NEW && JSON.stringify(before) === JSON.stringify(after);
}
