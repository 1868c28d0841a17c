import { randomUUID } from 'node:crypto';
import { mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalAwsError } from './problem';
import { identify, isAlive, type ProcessIdentity } from './process-identity';

interface Holder extends ProcessIdentity {
  /** Unique per taking of a lock. */
  readonly id: string;
}

export interface Waiting {
  /** Told once, when somebody else holds the lock. */
  readonly progress?: (line: string) => void;
  /** How long to wait, in milliseconds. */
  readonly patience?: number;
}

/**
 * Run `work` while no other process does so under the same name.
 *
 * The lock is a symbolic link whose target names the holder: made with its content in one step,
 * or not at all. The lock of a process that has died is broken.
 *
 * Throws DW6009 when the holder has not let go after `patience` (10 minutes by default).
 */
export async function withLock<T>(file: string, work: () => Promise<T>, { progress, patience = 600_000 }: Waiting = {}): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const me: Holder = { ...identify(process.pid)!, id: randomUUID() };
  const until = Date.now() + patience;
  for (let attempt = 0; !take(file, me); attempt++) {
    const holder = holderOf(file)?.pid ?? 'unknown';
    if (Date.now() > until) {
      throw new LocalAwsError('DW6009', `${file} is locked by process ${holder}.`, `Wait for that process, or end it, and try again.`);
    }
    if (attempt === 1) progress?.(`Waiting for process ${holder}, which holds ${file} …`);
    await sleep(50);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string, me: Holder): boolean {
  if (create(file, me)) return true;
  const dead = holderOf(file);
  if (!dead || isAlive(dead)) return false;

  // Two processes that both saw the dead one must not remove each other's new lock: breaking is
  // itself done under a lock, named after the dead holder, and looks again.
  const right = `${file}.${dead.id}`;
  if (!take(right, me)) return false;
  try {
    if (holderOf(file)?.id !== dead.id) return false;
    rmSync(file);
    return create(file, me);
  } finally {
    rmSync(right);
  }
}

function create(file: string, { pid, started, id }: Holder): boolean {
  try {
    symlinkSync([pid, started, id].join('|'), file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function holderOf(file: string): Holder | undefined {
  try {
    const [pid, started, id] = readlinkSync(file).split('|');
    return { pid: Number(pid), started, id };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
