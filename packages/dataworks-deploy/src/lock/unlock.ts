import type { CiJob } from '../ci-job';
import { LOCK_FAULTS } from './faults';
import { holderLine, holderOf, type Holder } from './holder';
import { recordEvent } from './lock-event';
import type { LockItem, LockServices } from './lock-services';
import { situationOf } from './situation';
import { halvesOf } from './take';
import type { TargetStacks } from './target-stacks';
import { Fault } from '../fault';

export interface UnlockRequest {
  readonly services: LockServices;
  readonly id: string;
  readonly by: string;
  readonly job?: CiJob;
  readonly reason: string;
  /** By whoever may delete change sets. Which stacks, the lock says. */
  readonly targets: TargetStacks;
}

export interface Unlocked {
  readonly holder: Holder;
  /** What is left of the change sets that he could execute, or why that is not known; undefined when there are none. */
  readonly left?: string;
}

/**
 * End a lock whose ID somebody knows, ours or Terraform's, or the half of it that is there. Its holder, if it lives, executes
 * nothing after that: its change sets are deleted, for whoever comes next may be Terraform. Where these credentials may not do that, an
 * apply that comes next does, also for stacks that only the holder had: the fencing counter remembers them.
 *
 * Recorded before it is done: nothing is unlocked without trace.
 *
 * Throws DW3005 for an ID that nobody has, DW3006 when the lock changes in this moment.
 */
export async function unlock({ services, id, by, job, reason, targets }: UnlockRequest): Promise<Unlocked> {
  const { items, objects, lockFileKey } = services;
  const halves = await halvesOf(services);
  const { holders } = situationOf(halves);
  const holder = holders.find((one) => one.id === id);
  if (!holder) {
    const allowed = holders.length === 0 ? 'none: nobody holds the lock' : holders.map(holderLine).join('; ');
    throw new Fault(LOCK_FAULTS.noSuchLock, { received: JSON.stringify(id), allowed });
  }
  await recordEvent(services, { action: 'unlocked', holder, by, job: job?.url, reason });
  const { item, file } = halves;
  const results = [
    file && holderOf(file.text).id === id ? await objects.remove(lockFileKey, file.etag) : true,
    item && holderOf(item.info).id === id ? await items.remove(item.info) : true,
  ];
  // A lost answer looks like this too.
  if (results.includes(false) && situationOf(await halvesOf(services)).holders.length > 0) {
    throw new Fault(LOCK_FAULTS.changedMeanwhile, { received: `lock ${id}` });
  }
  if (item && holderOf(item.info).id === id) return { holder, left: await leftOf(item, targets) };
  const mayHaveMade = holder.kind !== 'terraform' && !holder.byHand;
  return { holder, left: mayHaveMade ? 'change sets, if it has made any; the item that names its stacks was not there' : undefined };
}

/** Delete what a holder has made. Only now, that it asks for its lock in vain: of what it makes from here on, it executes nothing. */
async function leftOf({ fence, stacks = [] }: LockItem, targets: TargetStacks): Promise<string | undefined> {
  if (fence === undefined) return undefined;
  try {
    const { left } = await targets.fenceOff(fence + 1, stacks);
    return left.length > 0 ? left.join(', ') : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
