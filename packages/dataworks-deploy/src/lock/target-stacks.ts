/** The stacks that a holder of the lock may change. */
export interface TargetStacks {
  /** `<region>/<name>` of each. */
  readonly names: readonly string[];
  /** Those among them, and among `others`, in which an operation is in progress. */
  readonly inProgress: (others: readonly string[]) => Promise<readonly string[]>;
  /**
   * Delete the change sets of ours whose fencing number is lower, of these stacks and of `others`: nobody can execute them
   * any more.
   */
  readonly fenceOff: (below: number, others: readonly string[]) => Promise<FencedOff>;
}

export interface FencedOff {
  /** Names of those that are still there afterwards, because they execute or are being deleted. */
  readonly left: readonly string[];
  /** The highest fencing number of those that are not lower; 0 when there is none. */
  readonly highest: number;
}
