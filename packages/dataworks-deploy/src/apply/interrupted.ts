import type { Operation } from './operation-token';
import { changeSetName } from '../lock/change-set-name';
import type { DeploymentRecord } from '../record/record';
import { unrecorded } from '../record/unrecorded';

/** A stack, and the last thing of ours that was done to it. */
export interface LastOperation {
  /** `<region>/<name>` of the stack. */
  readonly place: string;
  /** ARN. */
  readonly stackId: string;
  readonly operation: Operation;
  /** How it ended. */
  readonly status: string;
  /** Whether nobody has done anything to the stack since. */
  readonly isLast: boolean;
}

/** What an apply has left that ended before it could record. */
export interface Leftover {
  /** Of its plan. */
  readonly digest: string;
  readonly operations: readonly LastOperation[];
}

/** Statuses of a stack after a change that was carried out. */
export const DEPLOYED: ReadonlySet<string> = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE']);

export function isDone({ status }: LastOperation): boolean {
  return DEPLOYED.has(status);
}

/**
 * What was executed and is in no record; undefined when there is nothing. It is of one plan, for whoever applies another one records
 * first what is left; of two that had no stack in common, the older: its record, with its fencing number, leaves the other to be found.
 */
export function leftoverOf(
  record: Pick<DeploymentRecord, 'fence'> | undefined,
  operations: readonly LastOperation[],
): Leftover | undefined {
  const executed = operations.map(({ place, operation, status }) => ({
    name: place,
    changeSet: changeSetName(operation.fence, operation.digest),
    status,
  }));
  const places = new Set(unrecorded(record, executed).map(({ name }) => name));
  const left = operations.filter(({ place }) => places.has(place));
  if (left.length === 0) return undefined;
  const { digest } = left.reduce((one, other) => (other.operation.fence < one.operation.fence ? other : one)).operation;
  return { digest, operations: left.filter(({ operation }) => operation.digest === digest) };
}
