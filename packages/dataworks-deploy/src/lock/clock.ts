import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** Time and chance, which tests replace. */
export interface Clock {
  /** Milliseconds that only ever go up, and mean nothing to anybody else: leases are measured by them. */
  readonly elapsed: () => number;
  /** For people to read. Never compared with another machine's. */
  readonly now: () => Date;
  /** Ends early, without an error, when the signal is aborted. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  readonly uuid: () => string;
}

export const systemClock: Clock = {
  elapsed: () => performance.now(),
  now: () => new Date(),
  sleep: async (milliseconds, signal) => {
    try {
      await sleep(milliseconds, undefined, { signal });
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
  },
  uuid: () => randomUUID(),
};
