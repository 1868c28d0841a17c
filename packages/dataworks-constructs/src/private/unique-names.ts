import { Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** Per app, which construct took a name in which place. Weak: it lives and dies with its app. */
const taken = new WeakMap<IConstruct, Map<string, string>>();

/**
 * Take a name that AWS allows once in an account and region, for `scope`.
 *
 * @returns the path of the construct that has it already
 */
export function takenBy(scope: IConstruct, kind: string, name: string): string | undefined {
  const { root } = scope.node;
  const names = taken.get(root) ?? new Map<string, string>();
  taken.set(root, names);

  const { account, region, node } = Stack.of(scope);
  // Where a stack goes that names no environment is known at deployment only: it can clash with itself alone.
  const place = Token.isUnresolved(account) || Token.isUnresolved(region) ? node.path : `${account}/${region}`;
  const key = [kind, place, name].join(' ');
  const other = names.get(key);
  if (other === undefined) names.set(key, scope.node.path);
  return other;
}
