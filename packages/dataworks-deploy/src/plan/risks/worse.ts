/** Ways in which a property can be worse than before. */
import { isObject, type Json } from '../template/stack-template';

/** Stands for what a property was of a resource that was not there. */
export const NEW = Symbol('new');

export type Before = Json | undefined | typeof NEW;

/** Whether a property that differs is worse than before; undefined when that cannot be told. A property that is missing is undefined. */
export type Worse = (before: Before, after: Json | undefined) => boolean | undefined;

/**
 * What a property means that is missing. `undecided`: something good when it was never there, something bad when it is there no more. So it is
 * where the service's default has changed, depends on something else, or is not what a removal leaves behind.
 */
export type Silence = 'good' | 'bad' | 'undecided';

/** Any other value than these; every one that is none of them is bad, and all of them are as good. */
export function anyBut(good: readonly string[], silence: Silence = 'undecided'): Worse {
  const isGood = (value: Json | undefined, unsaid: boolean): boolean | undefined => {
    if (value === undefined) return silence === 'undecided' ? unsaid : silence === 'good';
    return isComputed(value) ? undefined : isWord(value) && good.includes(String(value));
  };
  return (before, after) => {
    const [old, next] = [before === NEW || isGood(before, true), isGood(after, before === NEW)];
    if (next === true || old === false) return false;
    return next === false && old === true ? true : undefined;
  };
}

/** Off, after it was on. */
export const off = (silence?: Silence): Worse => anyBut(['true'], silence);

/** On, after it was off. */
export const on = (silence?: Silence): Worse => anyBut(['false'], silence);

/** A smaller number. */
export function less(missing: number): Worse {
  return (before, after) => {
    if (before === NEW) return false;
    const [old, next] = [before, after].map((value) => (value === undefined ? missing : isWord(value) ? Number(value) : NaN));
    return Number.isNaN(old) || Number.isNaN(next) ? undefined : next < old;
  };
}

/** A smaller number of days; 0, as none, means for ever. */
export const fewerDays: Worse = (before, after) => {
  const unlessForever = <T extends Before>(value: T) => (isWord(value) && Number(value) === 0 ? undefined : value);
  return less(Infinity)(unlessForever(before), unlessForever(after));
};

/** A greater number. */
export function more(missing: number): Worse {
  const smaller = less(-missing);
  const negative = (value: Before) => (isWord(value) ? -Number(value) : value);
  return (before, after) => smaller(negative(before), negative(after) as Json | undefined);
}

/**
 * A member that a list did not have.
 *
 * @param missing what a list means that is missing: these members, all that there could be, or what nobody knows
 */
export function further(missing: readonly Json[] | 'everything' | 'unknown' = []): Worse {
  const members = (value: Before) => {
    if (value === NEW) return [];
    if (value === undefined) return missing === 'unknown' ? undefined : missing;
    return isComputed(value) ? undefined : Array.isArray(value) ? (value as readonly Json[]) : [value];
  };
  return (before, after) => {
    const [old, next] = [members(before), members(after)];
    if (next?.length === 0 || old === 'everything') return false;
    if (!old || !next) return undefined;
    const known = old.map((one) => JSON.stringify(one));
    return next === 'everything' || next.some((one) => !known.includes(JSON.stringify(one)));
  };
}

/** A member less in a list. */
export const fewer: Worse = (before, after) => before !== NEW && further()(after, before);

/** Another value, or none any more, where one was. */
export const anotherOrNone: Worse = (before) => before !== NEW && before !== undefined;

/** Another value, or the first one, of a resource that is there. */
export const another: Worse = (before, after) => before !== NEW && after !== undefined;

/** No value where one was. */
export const gone: Worse = (before, after) => before !== NEW && before !== undefined && after === undefined;

/** A change of any kind, of a resource that is there. */
export const changed: Worse = (before) => before !== NEW;

/** As another way, but a new resource is never worse. */
export const ofOld =
  (worse: Worse): Worse =>
  (before, after) =>
    before === NEW ? false : worse(before, after);

/** Whether nobody knows what a value is before CloudFormation has worked it out. */
export function isComputed(value: unknown): boolean {
  return isObject(value) && Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'));
}

/** CloudFormation takes `true` and `10` for what they are as text, and the reverse. */
function isWord(value: unknown): value is boolean | number | string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
