import type { Clock } from './clock';

/** The item of the lock table, ours or Terraform's. */
export interface LockItem {
  /** Terraform's JSON about the holder, as it stands there; undefined when it is missing. */
  readonly info?: string;
  /** Ours alone: seconds for which the heartbeat may stand still. */
  readonly lease?: number;
  /** Ours alone: goes up while the holder lives. */
  readonly heartbeat?: number;
  /** Ours alone: missing until the holder has it, which is before its first change set. */
  readonly fence?: number;
  /** Ours alone: link to the CI job of the holder. */
  readonly job?: string;
  /** Ours alone: `<region>/<name>` of the stacks that the holder may change. */
  readonly stacks?: readonly string[];
}

/** An item that we write: it always says whose it is. */
export type OwnItem = LockItem & { readonly info: string };

/** What the fencing counter says to whoever counts it up. */
export interface Counted {
  readonly fence: number;
  /** `<region>/<name>` of the stacks of this holder, and of all earlier ones of which it is not known that what they did is recorded. */
  readonly stacks: readonly string[];
}

/**
 * The item of one lock, and its fencing counter.
 *
 * A call that throws may have been carried out: the answer may be what was lost.
 */
export interface LockItems {
  /** As it is now. */
  readonly read: () => Promise<LockItem | undefined>;
  /** Undefined when there was none and this is it now; otherwise the one that is there. */
  readonly create: (item: OwnItem) => Promise<LockItem | undefined>;
  /** Put `item` in the place of `seen`, if neither its holder nor its heartbeat has changed. Gives whether it did. */
  readonly replace: (item: OwnItem, seen: LockItem) => Promise<boolean>;
  /**
   * Set the heartbeat, and the fencing number when given, of exactly this holder's item. Gives whether it is there. Never makes one, and
   * never turns the heartbeat back: a renewal that was long on its way would make a holder that lives look as it did a lease ago.
   */
  readonly renew: (info: string, heartbeat: number, fence?: number) => Promise<boolean>;
  /** Delete the item of exactly this holder; undefined: that of a holder who wrote nothing. Gives whether it was there. */
  readonly remove: (info: string | undefined) => Promise<boolean>;
  /** Count up, and remember the stacks of whoever does: the counter outlives its lock, however that ends. */
  readonly nextFence: (stacks: readonly string[]) => Promise<Counted>;
  /** See to it that the next number is higher than this one. Never turns the counter back. */
  readonly raiseFence: (fence: number) => Promise<void>;
  /** Forget the stacks that the counter remembers, if nobody has counted since it gave this number. */
  readonly forgetStacks: (fence: number) => Promise<void>;
}

export interface StoredObject {
  readonly text: string;
  readonly etag: string;
}

/**
 * Objects of the state bucket, written and deleted by conditions alone.
 *
 * A call that throws may have been carried out: the answer may be what was lost.
 */
export interface Objects {
  /** Undefined when there is none. */
  readonly read: (key: string) => Promise<StoredObject | undefined>;
  /** ETag of the new object; undefined when there was one already. */
  readonly create: (key: string, text: string) => Promise<string | undefined>;
  /** ETag of the new object; undefined when the one that is there has another ETag, or there is none. */
  readonly replace: (key: string, text: string, etag: string) => Promise<string | undefined>;
  /** Whether the one with this ETag was there, and is deleted. */
  readonly remove: (key: string, etag: string) => Promise<boolean>;
  /** Keys that begin with this, in their order. */
  readonly keys: (prefix: string) => Promise<readonly string[]>;
}

/** All that the lock and the record need: two services, a clock, and somebody who knows whether a CI job has ended. */
export interface LockServices {
  readonly items: LockItems;
  readonly objects: Objects;
  readonly clock: Clock;
  /** `<bucket>/<stateKey>`. */
  readonly lockId: string;
  /** Key of the lock as an object. */
  readonly lockFileKey: string;
  /** Current record. */
  readonly recordKey: string;
  /** Records of the past, and locks that were broken, without their file names. */
  readonly historyPrefix: string;
  readonly jobState: (link: string) => Promise<JobState>;
}

export type JobState = 'running' | 'ended' | 'unknown';
