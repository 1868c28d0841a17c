import { holderOf, type Holder } from './holder';
import type { LockItem, StoredObject } from './lock-services';

/** Both halves of the lock, as they were read. */
export interface LockHalves {
  readonly item?: LockItem;
  readonly file?: StoredObject;
}

/** What is to be thought of them. */
export interface Situation {
  /** Everybody who holds a half; one when it holds both, nobody when the lock is free. */
  readonly holders: readonly Holder[];
  /** What is missing or does not fit, for people. */
  readonly oddity?: string;
  /** What to watch: when it stands still for its lease, the lock is stale. Undefined for what is never broken automatically. */
  readonly watched?: Watched;
}

export interface Watched {
  /** Changes with every sign of life. */
  readonly sign: string;
  /** Seconds. */
  readonly lease: number;
  /** `<region>/<name>` of the stacks that its holder may change. */
  readonly stacks: readonly string[];
  /** Links to the CI jobs of its holders. */
  readonly jobs: readonly string[];
}

/** Seconds for which a heartbeat may stand still; also for an object, which has none: between object and item there is one call. */
export const LEASE = 60;

const LONGEST_LEASE = 3600;

export function situationOf({ item, file }: LockHalves): Situation {
  const byItem = item && holderOf(item.info);
  const byFile = file && holderOf(file.text);
  const holders = [byItem, byFile].filter((holder) => holder !== undefined);
  const both = byItem && byFile && byItem.id === byFile.id;
  return {
    holders: both ? [byItem] : holders,
    ...oddityOf(byItem, byFile),
    ...watchedOf({ item, file }, holders),
  };
}

function oddityOf(byItem: Holder | undefined, byFile: Holder | undefined): Pick<Situation, 'oddity'> {
  if (byItem && byFile) return byItem.id === byFile.id ? {} : { oddity: 'the item and the object are of different holders' };
  // Terraform uses one or both, as it is configured: one is a whole lock of its.
  if (byItem?.kind === 'ours') return { oddity: 'only the item is there, the object is missing' };
  if (byFile?.kind === 'ours') return { oddity: 'only the object is there, the item is missing' };
  return {};
}

/** Only what is ours alone, has a heartbeat or should have one, is ever broken. */
function watchedOf({ item, file }: LockHalves, holders: readonly Holder[]): Pick<Situation, 'watched'> {
  if (holders.length === 0 || holders.some(({ kind, byHand }) => kind !== 'ours' || byHand)) return {};
  const lease = item ? item.lease : LEASE;
  if (lease === undefined || !(lease > 0 && lease <= LONGEST_LEASE)) return {};
  if (item && item.heartbeat === undefined) return {};
  const jobs = [item?.job, ...holders.map(({ job }) => job)].filter((job) => job !== undefined);
  // Whoever waits holds the object for a moment, each time that it asks: where there is an item, that is no sign of its holder.
  const sign = JSON.stringify(item ? [item.info, item.heartbeat] : file?.etag);
  return { watched: { sign, lease, stacks: item?.stacks ?? [], jobs: [...new Set(jobs)] } };
}
