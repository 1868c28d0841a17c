import { isObject, type Json } from './stack-template';

/** The paths below one where two values differ, as deep as both have the same shape. An intrinsic function is one value. */
export function differingPaths(before: Json | undefined, after: Json | undefined, path: string): string[] {
  if (isSame(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return orWhole(
      path,
      (before as readonly Json[]).flatMap((value, index) => differingPaths(value, (after as readonly Json[])[index], `${path}/${index}`)),
    );
  }
  if (!isObject(before) || !isObject(after) || isIntrinsic(before) || isIntrinsic(after)) return [path];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return orWhole(
    path,
    keys.flatMap((key) => differingPaths(before[key], after[key], `${path}/${key}`)),
  );
}

/** What differs somewhere differs as a whole when no part of it does. */
function orWhole(path: string, parts: string[]): string[] {
  return parts.length > 0 ? parts : [path];
}

export function isIntrinsic(value: Readonly<Record<string, Json>>): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'));
}

/** CloudFormation takes `10` for `"10"`, and `true` for `"true"`. */
function isSame(before: Json | undefined, after: Json | undefined): boolean {
  if (typeof before === 'object' || typeof after === 'object' || before === undefined || after === undefined) {
    return JSON.stringify(before) === JSON.stringify(after);
  }
  return String(before) === String(after);
}
