/** The steps of an apply of two stacks, `lake` after `network`, by what a process asks of AWS; and a kill at one of them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Call, Interception } from './intercepting-proxy';

/** Send a signal to the process; SIGKILL unless another one is named. */
export type Kill = (signal?: NodeJS.Signals) => void;

/** What is there of a stack. */
export interface StackRemains {
  /** That could be executed. */
  readonly changeSets: 0 | 1;
  /** That were begun. */
  readonly operations: 0 | 1;
}

/** What a kill leaves. */
export interface Remains {
  readonly network: StackRemains;
  readonly lake: StackRemains;
  readonly record: boolean;
  readonly history: boolean;
  readonly lock: boolean;
}

export interface ProtocolStep {
  /** Whether it dies before AWS gets the call, or after AWS has done it and before it has the answer. */
  readonly when: 'before' | 'after';
  readonly call: RegExp;
  readonly nth: 1 | 2;
  readonly left: Remains;
}

const PREPARED: StackRemains = { changeSets: 1, operations: 0 };
const DONE: StackRemains = { changeSets: 0, operations: 1 };
const NOTHING: StackRemains = { changeSets: 0, operations: 0 };
const LOCKED: Remains = { network: NOTHING, lake: NOTHING, record: false, history: false, lock: true };
const DEPLOYED: Remains = { ...LOCKED, network: DONE, lake: DONE };

export const PROTOCOL_STEPS: Readonly<Record<string, ProtocolStep>> = {
  'the object of the lock is made': { when: 'after', call: /^PUT [^/]+\.tflock$/, nth: 1, left: LOCKED },
  'the item of the lock is made': { when: 'after', call: /^dynamodb:PutItem$/, nth: 1, left: LOCKED },
  'the first change set is made': {
    when: 'after',
    call: /^cloudformation:CreateChangeSet$/,
    nth: 1,
    left: { ...LOCKED, network: PREPARED },
  },
  'the first change set is to be executed': {
    when: 'before',
    call: /^cloudformation:ExecuteChangeSet$/,
    nth: 1,
    left: { ...LOCKED, network: PREPARED },
  },
  'the first change set is executed': {
    when: 'after',
    call: /^cloudformation:ExecuteChangeSet$/,
    nth: 1,
    left: { ...LOCKED, network: DONE },
  },
  'the second change set is made': {
    when: 'after',
    call: /^cloudformation:CreateChangeSet$/,
    nth: 2,
    left: { ...LOCKED, network: DONE, lake: PREPARED },
  },
  'the second change set is executed': { when: 'after', call: /^cloudformation:ExecuteChangeSet$/, nth: 2, left: DEPLOYED },
  'the record is to be written': { when: 'before', call: /^PUT [^/]+\/record\.json$/, nth: 1, left: DEPLOYED },
  'the record is written': { when: 'after', call: /^PUT [^/]+\/record\.json$/, nth: 1, left: { ...DEPLOYED, record: true } },
  'the history is written': {
    when: 'after',
    call: /^PUT [^/]+\/history\/\d+\.json$/,
    nth: 1,
    left: { ...DEPLOYED, record: true, history: true },
  },
  'the item of the lock is deleted': {
    when: 'after',
    call: /^dynamodb:DeleteItem$/,
    nth: 1,
    left: { ...DEPLOYED, record: true, history: true, lock: false },
  },
};

/** Kills it at a step, by SIGKILL; nothing of that call, or of its answer, gets through. */
export function killedAt({ when, call, nth }: ProtocolStep): (kill: Kill) => Interception {
  return (kill) => {
    let seen = 0;
    return {
      [when]: async ({ name }: Call) => {
        if (!call.test(name) || (seen += 1) !== nth) return true;
        kill();
        await sleep(200); // until it is dead
        return false;
      },
    };
  };
}
