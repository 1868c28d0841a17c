/** Version of the form below; readers refuse a higher one. */
export const RECORD_FORMAT = 1;

/** What an apply left behind, in `record.json`, and for ever in the history. Its form: `schema/record.schema.json`. */
export interface DeploymentRecord {
  readonly formatVersion: typeof RECORD_FORMAT;
  /** One more than that of the record before; the first has 1. */
  readonly serial: number;
  /** UUID, the same from the first record on. */
  readonly lineage: string;
  readonly environment: string;
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  /** Git commit of the plan. */
  readonly commit: string;
  /** Whether files of the checkout differed from that commit. */
  readonly dirty: boolean;
  /** Set when the assembly was given to the plan, and not synthesised from that checkout: that it is of the commit, only whoever planned said. */
  readonly assemblyGiven?: true;
  readonly planDigest: string;
  /** Serial of the record that this apply brought back; missing for one that is no rollback. */
  readonly rollbackTo?: number;
  readonly result: 'succeeded' | 'failed' | 'noChanges';
  readonly stacks: readonly RecordedStack[];
  /**
   * Fencing number of the lock under which it was applied. A record of what an interrupted apply of another plan has left has the highest of
   * *that* apply's change sets: with the one of whoever writes it, what was executed in between would go unseen.
   */
  readonly fence: number;
  readonly by: RecordedActor;
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly approvals: readonly RecordedApproval[];
}

/** Status of a stack to which nothing came. */
export const NOT_REACHED = 'notReached';

export interface RecordedStack {
  readonly name: string;
  readonly region: string;
  /** ARN; missing for a stack that could not be created. */
  readonly id?: string;
  /** SHA-256 of the deployed template, hex. */
  readonly templateHash: string;
  /** Name of the change set that was executed; missing when there was none. */
  readonly changeSet?: string;
  /** CloudFormation's, like `UPDATE_COMPLETE`; `notReached` when another stack failed, or this one was refused. */
  readonly status: string;
}

export interface RecordedActor {
  readonly arn: string;
  /** Link to the CI job. */
  readonly job?: string;
}

export interface RecordedApproval {
  readonly arn: string;
  /** Who pressed, according to the CI; `unknown` when nobody could be asked. */
  readonly approver: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly job?: string;
}
