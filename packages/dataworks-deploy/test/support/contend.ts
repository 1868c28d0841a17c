/** Processes that contend for one lock while some of them are killed and stopped. */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { LockItemsPlace } from '../../src/aws/lock-items';
import type { ObjectsPlace } from '../../src/aws/objects';
import type { LockServices } from '../../src/lock/lock-services';

export interface Contest {
  readonly items: LockItemsPlace;
  readonly objects: ObjectsPlace;
  readonly names: Pick<LockServices, 'lockId' | 'lockFileKey' | 'recordKey' | 'historyPrefix'>;
  /** Lines in the ledger, after which everybody goes home. */
  readonly rounds: number;
  /** How much faster than any other clock all of theirs run: the lease is shorter by that. */
  readonly speed: number;
}

/** What a worker says; after `holds` and `wrote` it waits for an answer. */
export interface Message {
  readonly what: 'holds' | 'wrote' | 'lost';
  readonly fence: number;
  /** ID of the lock. */
  readonly id: string;
}

/** Key of an object that is read, and written without any condition: one line, a fencing number, for each round. */
export const LEDGER = 'ledger';

/** What befalls whoever holds the lock, or waits for it. */
const FATES = ['killed before it writes', 'stopped', 'killed after it wrote', 'killed while it waits'] as const;
type Fate = (typeof FATES)[number];

export interface Contention {
  /** IDs of locks whose holders were killed or stopped. */
  readonly abandoned: readonly string[];
  /** Fencing numbers of those who were stopped while they held the lock, and said afterwards that they had lost it. */
  readonly lost: readonly number[];
  readonly fates: readonly Fate[];
  /** Exit codes of all who were not killed. */
  readonly codes: ReadonlyArray<number | null>;
}

/** @param every how many holders are left alone until one is not */
export async function contend(workers: number, every: number, contest: Contest): Promise<Contention> {
  const abandoned: string[] = [];
  const lost: number[] = [];
  const fates: Fate[] = [];
  const killed = new Set<ChildProcess>();
  let holders = 0;
  let stopped: ChildProcess | undefined;
  let doomed: ChildProcess | undefined;

  const kill = (worker: ChildProcess, id?: string): void => {
    killed.add(worker);
    worker.kill('SIGKILL');
    if (id !== undefined) abandoned.push(id);
  };
  /** What befalls this holder; nothing when too few would be left. */
  const fateOf = (): Fate | undefined => {
    holders += 1;
    if (holders % every !== 0 || killed.size + 2 > workers) return undefined;
    const fate = FATES[fates.length % FATES.length];
    fates.push(fate);
    return fate;
  };
  const onHolder = (worker: ChildProcess, { id }: Message): void => {
    // Somebody else holds the lock: it was broken, and whose it was may find out.
    stopped?.kill('SIGCONT');
    stopped = undefined;
    const fate = fateOf();
    if (fate === 'killed before it writes') {
      kill(worker, id);
      return;
    }
    if (fate === 'stopped') {
      stopped = worker;
      worker.kill('SIGSTOP');
      abandoned.push(id);
    }
    if (fate === 'killed after it wrote') doomed = worker;
    if (fate === 'killed while it waits') kill(all.find((other) => other !== worker && !killed.has(other))!);
    worker.send('go on');
  };

  const all = Array.from({ length: workers }, () =>
    fork(join(__dirname, 'lock-worker.ts'), [JSON.stringify(contest)], { execArgv: ['--import', 'tsx'], env: process.env }),
  );
  try {
    const codes = all.map(async (worker) => {
      worker.on('message', (message: Message) => {
        if (killed.has(worker)) return;
        if (message.what === 'lost') lost.push(message.fence);
        if (message.what === 'holds') onHolder(worker, message);
        if (message.what === 'wrote' && worker === doomed) kill(worker, message.id);
        else if (message.what === 'wrote') worker.send('go on');
      });
      const code = await new Promise<number | null>((resolve) => worker.on('exit', resolve));
      return killed.has(worker) ? [] : [code];
    });
    return { abandoned, lost, fates, codes: (await Promise.all(codes)).flat() };
  } finally {
    for (const worker of all) worker.kill('SIGKILL');
  }
}
