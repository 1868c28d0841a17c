/** Which objects of a bucket expire. */
import { isComputed, NEW, type Worse } from './worse';
import { isObject, type Json } from '../template/stack-template';

/** Which objects a rule is of: equal in what it may and may not say. */
const FILTER = ['ObjectSizeGreaterThan', 'ObjectSizeLessThan', 'Prefix', 'TagFilters'];

interface Expiry {
  readonly filter: string;
  /** What they count, such as days. */
  readonly of: string;
  /** Nothing expires before all of them are reached; NaN when one is not known. */
  readonly limits: readonly number[];
}

/** Objects expire that did not, or earlier: no rule of before is of the same objects, and as early. */
export const expiresEarlier: Worse = (before, after) => {
  if (before === NEW) return false;
  const [old, next] = [expiriesOf(before), expiriesOf(after)];
  if (next?.length === 0) return false;
  if (!old || !next || next.some(({ limits }) => limits.some(Number.isNaN))) return undefined;
  return !next.every((expiry) => old.some((one) => isAsEarly(one, expiry)));
};

function isAsEarly(one: Expiry, other: Expiry): boolean {
  return one.filter === other.filter && one.of === other.of && one.limits.every((limit, index) => limit <= other.limits[index]);
}

/** Of the rules of a lifecycle configuration. */
function expiriesOf(rules: Json | undefined): Expiry[] | undefined {
  if (rules === undefined) return [];
  if (!Array.isArray(rules)) return undefined;
  const all = (rules as readonly Json[]).map(expiriesBy);
  return all.every((one) => one !== undefined) ? all.flat() : undefined;
}

function expiriesBy(rule: Json): Expiry[] | undefined {
  if (!isObject(rule) || isComputed(rule) || isComputed(rule.Status)) return undefined;
  if (rule.Status === 'Disabled') return [];
  const { ExpirationDate, ExpirationInDays, NoncurrentVersionExpiration, NoncurrentVersionExpirationInDays } = rule;
  const versions = NoncurrentVersionExpiration ?? { NoncurrentDays: NoncurrentVersionExpirationInDays };
  if (!isObject(versions) || isComputed(versions)) return undefined;
  const { NoncurrentDays, NewerNoncurrentVersions = 0 } = versions;
  const filter = JSON.stringify(FILTER.map((name) => rule[name] ?? null));
  const expiry = (of: string, first: Json | undefined, ...limits: number[]): Expiry[] =>
    first === undefined ? [] : [{ filter, of, limits }];
  return [
    ...expiry('date', ExpirationDate, typeof ExpirationDate === 'string' ? Date.parse(ExpirationDate) : NaN),
    ...expiry('days', ExpirationInDays, Number(ExpirationInDays)),
    ...expiry('days of versions', NoncurrentDays, Number(NoncurrentDays), Number(NewerNoncurrentVersions)),
  ];
}
