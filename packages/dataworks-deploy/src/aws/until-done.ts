import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5_000;

/** Ask again and again, at growing intervals, until the answer is yes. */
export async function untilDone(isDone: () => Promise<boolean>): Promise<void> {
  for (let wait = FIRST_WAIT_MS; !(await isDone()); wait = Math.min(wait * 1.5, LONGEST_WAIT_MS)) await sleep(wait);
}
