import type { CiJob } from '../ci-job';
import { LOCK_FAULTS } from './faults';
import { holderLine, holderOf, type Holder } from './holder';
import { recordEvent } from './lock-event';
import type { LockServices } from './lock-services';
import { situationOf } from './situation';
import { halvesOf } from './take';
import { Fault } from '../fault';

export interface UnlockRequest {
  readonly services: LockServices;
  readonly id: string;
  readonly by: string;
  readonly job?: CiJob;
  readonly reason: string;
}

/**
 * End a lock whose ID somebody knows, ours or Terraform's, or the half of it that is there. Its holder, if it lives, executes
 * nothing after that: whoever takes the lock next deletes its change sets first, also of stacks that only the holder had, for the fencing
 * counter remembers them.
 *
 * Recorded before it is done: nothing is unlocked without trace.
 *
 * Throws DW3005 for an ID that nobody has, DW3006 when the lock changes in this moment.
 */
export async function unlock({ services, id, by, job, reason }: UnlockRequest): Promise<Holder> {
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
  return holder;
}
