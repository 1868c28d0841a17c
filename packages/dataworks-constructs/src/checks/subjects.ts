import { CfnResource } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { intentOf, type Intent } from './intents';

/** A resource that is to be judged. */
export interface Subject {
  readonly resource: CfnResource;
  /** What the construct of ours round it meant; empty for a resource that is not ours. */
  readonly intent: Intent;
}

/**
 * Every resource below some constructs, each once, however they are nested.
 *
 * @param except which constructs to leave out, with everything below them
 */
export function subjectsBelow(scopes: Iterable<IConstruct>, except: (scope: IConstruct) => boolean = () => false): Subject[] {
  const subjects: Subject[] = [];
  const seen = new Set<IConstruct>();
  const visit = (scope: IConstruct, outer: Intent): void => {
    if (seen.has(scope) || except(scope)) return;
    seen.add(scope);
    const intent = intentOf(scope) ?? outer;
    if (CfnResource.isCfnResource(scope)) subjects.push({ resource: scope, intent });
    for (const child of scope.node.children) visit(child, intent);
  };
  for (const scope of scopes) visit(scope, {});
  return subjects;
}
