import type { LockInfo } from './lock-info';
import type { LockServices } from './lock-services';
import type { TargetStacks } from './target-stacks';
import type { CiJob } from '../ci-job';

export interface LockRequest {
  readonly services: LockServices;
  /** What it is for, in one word: `apply`. Terraform shows it to whoever it keeps waiting. */
  readonly operation: string;
  /** Why, for people; undefined: the link to the job. */
  readonly reason?: string;
  /** `user@host`, or the ARN of the caller. */
  readonly who: string;
  readonly job?: CiJob;
  /** What will be deployed. Their change sets of earlier holders are deleted before the lock counts as taken. */
  readonly targets: TargetStacks;
  /** How long to wait for whoever holds it, in seconds; 0: not at all. */
  readonly timeout: number;
  /** For a line of progress: who holds it, since when, from which job. */
  readonly tell: (line: string) => void;
}

export interface HeldLock {
  readonly info: LockInfo;
  /** Higher than that of every earlier holder; part of the names of change sets. */
  readonly fence: number;
  /** Read anew, consistently, whether both halves are still this holder's. To be asked after a change set was made and just before it is executed. */
  readonly stillMine: () => Promise<boolean>;
  /** Give both halves back, each only if it is still ours. Throws DW3004 with every error when one could not be. */
  readonly release: () => Promise<void>;
  /** Aborted when the lock is somebody else's, or could not be renewed for a whole lease. */
  readonly lost: AbortSignal;
}

/**
 * Take the lock, exactly as Terraform does, and keep it alive until it is released.
 *
 * On return no stack of `targets` is in progress and no change set of an earlier holder is left on them.
 *
 * Throws DW3001 (exit code 5) when somebody holds it for longer than `timeout`.
 */
export declare function acquire(request: LockRequest): Promise<HeldLock>;
