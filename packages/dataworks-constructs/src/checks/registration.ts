import { App, Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { BuiltInChecks } from './built-in-checks';

/** Per app. */
const builtIn = new WeakMap<IConstruct, BuiltInChecks>();

/**
 * Let the built-in checks judge everything below a construct when its app is synthesised.
 *
 * One plugin for all constructs of an app, whatever their stages: CDK hashes the cloud assembly once per plugin.
 */
export function checkBelow(scope: IConstruct): void {
  const { root } = scope.node;
  if (!App.isApp(root)) return;
  let checks = builtIn.get(root);
  if (!checks) {
    checks = new BuiltInChecks();
    builtIn.set(root, checks);
    Validations.of(root).addPlugins(checks);
  }
  checks.scopes.add(scope);
}

/** Whether the built-in checks of its app judge this construct and everything below it. */
export function isCheckedBelow(scope: IConstruct): boolean {
  return builtIn.get(scope.node.root)?.scopes.has(scope) ?? false;
}
