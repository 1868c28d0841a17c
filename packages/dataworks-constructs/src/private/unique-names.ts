import { Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** Per app, which construct took a name in which place. Weak: it lives and dies with its app. */
const taken = new WeakMap<IConstruct, Map<string, string>>();

/** @returns the path of the construct that has a name already which AWS allows once in an account and region */
export function takenBy(scope: IConstruct, kind: string, name: string): string | undefined {
  return taken.get(scope.node.root)?.get(inItsPlace(scope, kind, name));
}

/** Take such a name. */
export function take(scope: IConstruct, kind: string, name: string): void {
  const { root } = scope.node;
  const names = taken.get(root) ?? new Map<string, string>();
  taken.set(root, names.set(inItsPlace(scope, kind, name), scope.node.path));
}

function inItsPlace(scope: IConstruct, kind: string, name: string): string {
  const { account, region, node } = Stack.of(scope);
  // Where a stack goes that names no environment is known at deployment only: it can clash with itself alone.
  const place = Token.isUnresolved(account) || Token.isUnresolved(region) ? node.path : `${account}/${region}`;
  return [kind, place, name].join(' ');
}
