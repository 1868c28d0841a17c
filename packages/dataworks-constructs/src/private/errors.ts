import type { IConstruct } from 'constructs';
import { REFUSALS, type Refusal } from './refusals';

/** One thing that is wrong with the props of a construct: which refusal, and what was received. */
export interface Problem extends Refusal {
  /** The value received. */
  readonly received: string;
  /** Of the construct that has it, where another one refuses it. */
  readonly path?: string;
}

/** Thrown before anything is created, with every problem of one construct at once. */
class InvalidPropsError extends Error {
  constructor(where: string, problems: readonly Problem[]) {
    super(
      problems
        .map(
          ({ code, path = where, what, received, allowed, fix }) =>
            `${code} at ${path}: ${what} Received: ${received}. Allowed: ${allowed}. Fix: ${fix}.`,
        )
        .join('\n'),
    );
    this.name = 'InvalidPropsError';
  }
}

/**
 * Refuse to go on if there are problems.
 *
 * @param where a construct, or the factory of a value that no construct has yet
 */
export function refuse(where: IConstruct | string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw new InvalidPropsError(typeof where === 'string' ? where : where.node.path, problems);
}

/** The problems that a construct would have which is not there yet: a child of `scope`. */
export function problemsOf({ node }: IConstruct, id: string, problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => ({ ...problem, path: `${node.path}/${id}` }));
}

/** A reason that is asked for, as a reader of the findings will see it. */
export function stated(reason: string, where: string): string {
  refuse(where, reason.trim() === '' ? [{ ...REFUSALS.noReason, received: JSON.stringify(reason) }] : []);
  return reason;
}
