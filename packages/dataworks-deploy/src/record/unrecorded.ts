import type { DeploymentRecord } from './record';
import { originOf } from '../lock/change-set-name';

/** A stack as it was read under the lock. */
export interface ExecutedStack {
  readonly name: string;
  /** Name of the change set that it was last changed by; undefined when there was none. */
  readonly changeSet?: string;
  /** CloudFormation's. */
  readonly status: string;
}

/** A stack that an apply changed which ended before it could record it. */
export interface UnrecordedStack extends ExecutedStack {
  readonly changeSet: string;
  readonly fence: number;
  /** First 12 characters of the digest of that apply's plan. */
  readonly digest: string;
}

/**
 * What was executed and is in no record: change sets of ours with a higher fencing number than that of the current record.
 * Of a lower or equal one everything is recorded: whoever takes the lock looks at the stacks of every holder since, and records first what
 * one of them has left, with the highest fencing number of that apply; it begins nothing under its own.
 */
export function unrecorded(record: Pick<DeploymentRecord, 'fence'> | undefined, stacks: readonly ExecutedStack[]): UnrecordedStack[] {
  const recorded = record?.fence ?? 0;
  return stacks.flatMap((stack) => {
    const origin = stack.changeSet === undefined ? undefined : originOf(stack.changeSet);
    return origin && origin.fence > recorded ? [{ ...stack, changeSet: stack.changeSet!, ...origin }] : [];
  });
}
