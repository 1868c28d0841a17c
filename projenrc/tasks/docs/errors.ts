import { table } from './markdown';
import { REFUSALS } from '../../../packages/dataworks-constructs/src/private/refusals';

/** Every error of the construct library, by its code. */
export function errorTable(): string {
  return table(
    ['code', 'what is wrong', 'allowed', 'fix'],
    Object.values(REFUSALS)
      .sort((one, other) => one.code.localeCompare(other.code))
      .map(({ code, what, allowed, fix }) => [code, what, allowed, fix]),
  );
}
