import { readFileSync, writeFileSync } from 'node:fs';
import { withLock } from '../../cli/lock';

/** Count to `rounds` in a file, beside other processes that do the same under the same lock. */
async function contend(lock: string, counter: string, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await withLock(lock, () => {
      writeFileSync(counter, String(Number(readFileSync(counter, 'utf8')) + 1));
      return Promise.resolve();
    });
  }
}

const [lock, counter, rounds] = process.argv.slice(2);
void contend(lock, counter, Number(rounds));
