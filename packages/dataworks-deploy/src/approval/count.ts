import type { Approval } from './approval';

/** An object of the state bucket, and when S3 stored it. */
export interface Stored<T> {
  readonly value: T;
  readonly at: Date;
}

/** What is known of the approvals of a plan. */
export interface Count {
  /** Different people, each by the first of the approvals that counts. */
  readonly approvers: readonly string[];
  /** Approvals from before it was planned last. */
  readonly outdated: number;
}

/**
 * Who has approved a plan since it was planned last.
 *
 * Whoever is unknown may be the same person every time, and counts once. Both times are S3's.
 */
export function countApprovals(approvals: ReadonlyArray<Stored<Approval>>, planned: Date): Count {
  const valid = approvals.filter(({ at }) => at >= planned);
  return {
    approvers: [...new Set(valid.map(({ value }) => value.approver))],
    outdated: approvals.length - valid.length,
  };
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of an age like `8h`. */
export function ageLimit(age: string): number {
  return Number(age.slice(0, -1)) * UNITS[age.slice(-1) as keyof typeof UNITS];
}
