import { LOCK_FAULTS } from './faults';
import { holderOf, type Holder } from './holder';
import type { LockServices } from './lock-services';
import { halvesOf } from './take';
import type { TargetStacks } from './target-stacks';
import type { CiJob } from '../ci-job';
import { Fault } from '../fault';

/**
 * Release what an earlier step of this CI job holds, or the half of it that is there; nothing when it holds nothing.
 *
 * @returns the holder that it was
 * Throws DW3002 while a stack is in progress: CloudFormation goes on without the job that began it.
 */
export async function releaseOwn(services: LockServices, job: CiJob, targets: TargetStacks): Promise<Holder | undefined> {
  const { items, objects, lockFileKey } = services;
  const { item, file } = await halvesOf(services);
  const byItem = item && holderOf(item.info);
  const byFile = file && holderOf(file.text);
  const isOwn = (holder: Holder | undefined) => holder?.kind === 'ours' && !holder.byHand && holder.job === job.url;
  const own = [byItem, byFile].find(isOwn);
  if (!own) return undefined;
  const { fence, stacks = [] } = item && isOwn(byItem) ? item : {}; // the change sets of another holder are its own
  // An execution whose answer was lost may still be on its way: without its change set it does nothing.
  const left = fence === undefined ? [] : (await targets.fenceOff(fence + 1, stacks)).left;
  const busy = [...left, ...(await targets.inProgress(stacks))];
  if (busy.length > 0) throw new Fault(LOCK_FAULTS.stacksBusy, { received: `${busy.join(', ')}; the lock is kept` });
  if (file && isOwn(byFile)) await objects.remove(lockFileKey, file.etag);
  if (item && isOwn(byItem)) await items.remove(item.info);
  return own;
}
