import { isTokenOf, originOfToken } from './operation-token';
import type { Plan } from '../plan/plan';
import type { DeploymentRecord } from '../record/record';
import { unrecorded } from '../record/unrecorded';

/** A stack, and the last thing of ours that was done to it since the current record. */
export interface LastOperation {
  readonly region: string;
  readonly stack: string;
  /** `ClientRequestToken` of the operation. */
  readonly token: string;
  /** How it ended. */
  readonly status: string;
  /** Whether nobody has done anything to the stack since. */
  readonly isLast: boolean;
}

/** What an apply has left that ended before it could record. */
export type Leftover =
  | { readonly kind: 'none' }
  /** Of the same plan: what is done is done. */
  | {
      readonly kind: 'resumable';
      readonly operations: readonly LastOperation[];
      readonly done: readonly LastOperation[];
      readonly failed: readonly LastOperation[];
    }
  /** Of another plan: it is to be recorded before anything else happens. */
  | { readonly kind: 'foreign'; readonly digest: string; readonly operations: readonly LastOperation[] };

/** Statuses of a stack after a change that was carried out. */
export const DEPLOYED: ReadonlySet<string> = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE']);

/** What the last operations of ours mean for whoever applies a plan next. */
export function leftoverOf(
  record: Pick<DeploymentRecord, 'fence'> | undefined,
  serial: number,
  plan: Pick<Plan, 'digest'>,
  operations: readonly LastOperation[],
): Leftover {
  const known = new Set(
    unrecorded(
      record,
      operations.map(({ stack, region, token, status }) => ({ name: `${region}/${stack}`, changeSet: originOfToken(token)?.changeSet, status })),
    ).map(({ name }) => name),
  );
  const left = operations.filter(({ stack, region }) => known.has(`${region}/${stack}`));
  if (left.length === 0) return { kind: 'none' };
  const own = left.filter(({ token, region, stack }) => isTokenOf(token, { digest: plan.digest, serial, region, stack }));
  if (own.length < left.length) {
    const other = left.find((operation) => !own.includes(operation))!;
    return { kind: 'foreign', digest: originOfToken(other.token)!.changeSet.split('-')[2], operations: left };
  }
  return {
    kind: 'resumable',
    operations: own,
    done: own.filter(({ status, isLast }) => isLast && DEPLOYED.has(status)),
    failed: own.filter(({ status }) => !DEPLOYED.has(status)),
  };
}
