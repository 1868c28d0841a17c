import type { Path } from './path';

/** A value as far as it has the right shape: undefined stands for what has not. */
export type WellFormed<T> =
  T extends ReadonlyArray<infer Item>
    ? ReadonlyArray<WellFormed<Item> | undefined>
    : T extends object
      ? { readonly [Key in keyof T]?: WellFormed<T[Key]> }
      : T;

/**
 * The value with undefined at this place. The key stays, so that no default takes the place of something
 * that was written and is wrong, and indices stay as they are in the file.
 */
export function without(value: unknown, path: Path): unknown {
  if (path.length === 0) return undefined;
  const [key, ...rest] = path;
  const inner = without((value as Record<string | number, unknown>)[key], rest);
  return Array.isArray(value)
    ? value.map((item: unknown, index) => (index === key ? inner : item))
    : { ...(value as object), [key]: inner };
}
