import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5_000;

/** Growing by a quarter, it is asked a dozen times in twenty seconds, and what takes a second is noticed a fifth of it late at most. */
const GROWTH = 1.25;

/** Ask again and again, at growing intervals, until the answer is yes. */
export async function untilDone(isDone: () => Promise<boolean>): Promise<void> {
  for (let wait = FIRST_WAIT_MS; !(await isDone()); wait = Math.min(wait * GROWTH, LONGEST_WAIT_MS)) await sleep(wait);
}
