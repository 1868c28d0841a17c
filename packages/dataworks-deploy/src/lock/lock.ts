import { LOCK_FAULTS } from './faults';
import { Heartbeat } from './heartbeat';
import { BY_HAND, reasonWithJob } from './holder';
import { goTime, jsonOf, versionOf, type LockInfo } from './lock-info';
import type { LockServices } from './lock-services';
import { LEASE } from './situation';
import { giveBack, halvesOf, type Claim } from './take';
import type { TargetStacks } from './target-stacks';
import { pauses, waitForLock } from './waiting';
import { version } from '../../package.json';
import type { CiJob } from '../ci-job';
import { Fault } from '../fault';

export interface LockRequest {
  readonly services: LockServices;
  /** What it is for, in one word: `apply`. Terraform shows it to whoever it keeps waiting. */
  readonly operation: string;
  /** Why, for people. */
  readonly reason: string;
  /** `user@host`, or the ARN of the caller. */
  readonly who: string;
  readonly job?: CiJob;
  /** What will be deployed. Their change sets of earlier holders are deleted before the lock counts as taken. */
  readonly targets: TargetStacks;
  /** How long to wait for whoever holds it, in seconds; 0: not at all. A dead holder is known by a wait of its lease (60 s), and never without. */
  readonly timeout: number;
  /** Aborted when nobody wants to wait any longer: as if the timeout were over. */
  readonly stop?: AbortSignal;
  /** For a line of progress: who holds it, since when, from which job. */
  readonly tell: (line: string) => void;
}

export interface HeldLock {
  readonly info: LockInfo;
  /** Higher than that of every earlier holder; part of the names of change sets. */
  readonly fence: number;
  /** `<region>/<name>` of the stacks that this holder may change, and of those that earlier ones may have changed without a record. */
  readonly stacks: readonly string[];
  /**
   * What it means that something has a fencing number that is not lower than this holder's: that the lock was lost (DW3003), or that the
   * counter had gone back (DW3008). It is raised then, and change sets of all numbers are deleted: nothing may be executed under this lock.
   */
  readonly outnumberedBy: (fence: number) => Promise<Fault>;
  /** Say that everything that was executed so far is recorded: the next holder looks at no stacks but its own. */
  readonly recorded: () => Promise<void>;
  /** Read anew, consistently, whether both halves are still this holder's. To be asked after a change set was made and just before it is executed. */
  readonly stillMine: () => Promise<boolean>;
  /** Give both halves back, each only if it is still ours. Throws DW3004 with every error when one could not be. */
  readonly release: () => Promise<void>;
  /**
   * Stop renewing it, and leave it where it is: to whoever breaks it when its lease is over. For when an execution had no
   * answer: its request may still arrive, and whoever breaks the lock deletes the change set first. After `release`, Terraform could be at work by then.
   */
  readonly leave: () => void;
  /** Aborted when the lock is somebody else's, or could not be renewed for a whole lease. */
  readonly lost: AbortSignal;
}

/** Time that change sets of earlier holders get to be deleted, whatever the timeout, in milliseconds. */
const GRACE_MS = 30_000;

/**
 * Take the lock, exactly as Terraform does, and keep it alive until it is released.
 *
 * On return no stack of `targets` is in progress and no change set of an earlier holder is left on them.
 *
 * Throws DW3001 (exit code 5) when somebody holds it for longer than `timeout`, DW3002 when a stack does not come to rest,
 * DW3003 when it was taken away again.
 */
export async function acquire(request: LockRequest): Promise<HeldLock> {
  const { services, targets } = request;
  const { items, clock } = services;
  const info = infoOf(request);
  const text = jsonOf(info);
  const job = request.job && { job: request.job.url };
  const claim: Claim = { text, item: { info: text, lease: LEASE, heartbeat: 0, stacks: targets.names, ...job } };
  let heartbeat: Heartbeat | undefined;
  try {
    const end = clock.elapsed() + request.timeout * 1000;
    await waitForLock(waitOf(request), claim);
    // Counted under the lock: so it rises in the order of the holders.
    const { fence, stacks } = await items.nextFence(targets.names);
    const renewed = clock.elapsed();
    if (!(await items.renew(text, 1, fence))) throw lost(info);
    const beating = new Heartbeat({ renew: (number) => items.renew(text, number), clock, lease: LEASE, first: 1, renewed });
    heartbeat = beating;
    const stillMine = () => isMine(services, text, beating);
    const outnumberedBy = async (other: number) => {
      if (!(await stillMine())) return lost(info);
      await items.raiseFence(other);
      // Whoever made them holds no lock, and this holder has made none.
      await targets.fenceOff(Infinity, stacks);
      return new Fault(LOCK_FAULTS.counterBack, { received: `${fence}, and something has ${other} already` });
    };
    const highest = await settle(request, fence, stacks, end, beating.lost);
    if (highest > 0) throw await outnumberedBy(highest);
    if (!(await stillMine())) throw lost(info);
    const release = async () => {
      beating.stop();
      const errors = await giveBack(services, claim);
      if (errors.length > 0) throw notReleased(info, errors);
    };
    const leave = () => {
      beating.stop();
    };
    const recorded = async () => {
      // Whoever comes next looks at some stacks for nothing: no reason to call an apply that is recorded failed.
      await items.forgetStacks(fence).catch(() => undefined);
    };
    return { info, fence, stacks, outnumberedBy, recorded, stillMine, release, leave, lost: beating.lost };
  } catch (error) {
    heartbeat?.stop();
    throw await afterFailure(services, claim, info, error);
  }
}

/**
 * Take the lock and leave it: it has no heartbeat, and stays until `unlock`. As for `acquire`, nothing is in progress on return, and nobody
 * has a change set left that he could execute.
 *
 * Throws DW3001, DW3002 and DW3003 as `acquire` does.
 */
export async function hold(request: Omit<LockRequest, 'operation'>): Promise<LockInfo> {
  const { services, targets, timeout } = request;
  const { items, clock } = services;
  const info = infoOf({ ...request, operation: BY_HAND });
  const text = jsonOf(info);
  const claim: Claim = { text, item: { info: text } };
  try {
    const end = clock.elapsed() + timeout * 1000;
    await waitForLock(waitOf(request), claim);
    // Whoever had it before may only have been slow: what he made goes, under whatever number.
    const { stacks } = await items.nextFence(targets.names);
    await settle(request, Infinity, stacks, end);
    if ((await items.read())?.info !== text) throw lost(info);
    return info;
  } catch (error) {
    throw await afterFailure(services, claim, info, error);
  }
}

function infoOf({ services: { clock, lockId }, operation, reason, who, job }: Omit<LockRequest, 'targets'>): LockInfo {
  return {
    ID: clock.uuid(),
    Operation: operation,
    Info: reasonWithJob(reason, job?.url),
    Who: who,
    Version: versionOf(version),
    Created: goTime(clock.now()),
    Path: lockId,
  };
}

function waitOf({ services, targets, timeout, stop, tell, who, job }: Omit<LockRequest, 'operation'>) {
  return { services, targets, timeout, stop, tell, by: { who, ...(job && { job: job.url }) } };
}

/**
 * Delete what earlier holders prepared, and wait for what they began. A holder asks whether the lock is its own after it made
 * a change set: what it made before it lost the lock is seen here, and what it makes later it does not execute.
 *
 * @returns the highest fencing number of change sets that are not of earlier holders; 0 when there are none, as it should be
 */
async function settle(
  { targets, tell, services: { clock } }: Omit<LockRequest, 'operation'>,
  fence: number,
  others: readonly string[],
  end: number,
  signal?: AbortSignal,
): Promise<number> {
  const last = Math.max(end, clock.elapsed() + GRACE_MS);
  for (const pause of pauses()) {
    // In this order: what begins to execute in between is in progress afterwards.
    const { left, highest } = await targets.fenceOff(fence, others);
    const busy = [...left, ...(await targets.inProgress(others))];
    if (busy.length === 0 || highest > 0 || signal?.aborted) return highest;
    if (clock.elapsed() >= last) throw new Fault(LOCK_FAULTS.stacksBusy, { received: busy.join(', ') });
    tell(`Waiting for ${busy.join(', ')}`);
    await clock.sleep(pause, signal);
  }
  throw new Error('unreachable');
}

async function isMine(services: LockServices, text: string, heartbeat: Heartbeat): Promise<boolean> {
  if (heartbeat.isLost()) return false;
  const { item, file } = await halvesOf(services);
  return item?.info === text && file?.text === text && !heartbeat.isLost();
}

/** Whatever went wrong, the halves are given back; what cannot be given back is said too. */
async function afterFailure(services: LockServices, claim: Claim, info: LockInfo, error: unknown): Promise<unknown> {
  const errors = await giveBack(services, claim);
  return errors.length === 0 ? error : notReleased(info, [error instanceof Error ? error : new Error(String(error)), ...errors]);
}

function lost({ ID }: LockInfo): Fault {
  return new Fault(LOCK_FAULTS.lost, { received: `lock ${ID}, while it was being taken` });
}

function notReleased({ ID }: LockInfo, errors: readonly Error[]): Fault {
  return new Fault(LOCK_FAULTS.notReleased, {
    received: `lock ${ID}: ${errors.map(({ message }) => message.replace(/\.$/, '')).join('; ')}`,
  });
}
