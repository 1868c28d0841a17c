import { table } from './markdown';
import type { Refusal } from '../../../packages/dataworks-constructs/src/private/refusals';

/** Every error of a construct library, by its code. */
export function errorTable(refusals: Readonly<Record<string, Refusal>>): string {
  return table(
    ['code', 'what is wrong', 'allowed', 'fix'],
    Object.values(refusals)
      .sort((one, other) => one.code.localeCompare(other.code))
      .map(({ code, what, allowed, fix }) => [code, what, allowed, fix]),
  );
}
