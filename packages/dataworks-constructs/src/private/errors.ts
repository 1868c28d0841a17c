import type { IConstruct } from 'constructs';
import type { Refusal } from './refusals';

/** One thing that is wrong with the props of a construct: which refusal, and what was received. */
export interface Problem extends Refusal {
  /** The value received. */
  readonly received: string;
}

/** Thrown before anything is created, with every problem of one construct at once. */
class InvalidPropsError extends Error {
  constructor(path: string, problems: readonly Problem[]) {
    super(
      problems
        .map(
          ({ code, what, received, allowed, fix }) =>
            `${code} at ${path}: ${what} Received: ${received}. Allowed: ${allowed}. Fix: ${fix}.`,
        )
        .join('\n'),
    );
    this.name = 'InvalidPropsError';
  }
}

/** Refuse to go on if there are problems. */
export function refuse(scope: IConstruct, problems: readonly Problem[]): void {
  if (problems.length > 0) throw new InvalidPropsError(scope.node.path, problems);
}
