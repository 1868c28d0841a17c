import { UNKNOWN, type Approval } from './approval';
import { PERSON, PRESSED } from './approver';

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
 * One person may have approved in CircleCI, by Identity Center and as an IAM user, under names that nobody can compare: so only those of one
 * kind count, of the kind that has more. Roles count once altogether: one person may assume several. Whoever is unknown may be any of
 * them, and counts, once, when nobody else does. Both times are S3's, in whole seconds: an approval of the second in which the same bytes
 * were planned again counts.
 */
export function countApprovals(approvals: ReadonlyArray<Stored<Approval>>, planned: Date): Count {
  const valid = approvals.filter(({ at }) => at >= planned);
  return {
    approvers: distinct(valid.map(({ value }) => value.approver)),
    outdated: approvals.length - valid.length,
  };
}

const USER = /^arn:[^:]+:iam::\d{12}:user\//;

/** Each of them has its own names for people. */
const KINDS: ReadonlyArray<(approver: string) => boolean> = [
  (approver) => approver.startsWith(PRESSED),
  (approver) => approver.startsWith(PERSON),
  (approver) => USER.test(approver),
];

function distinct(approvers: readonly string[]): readonly string[] {
  const different = [...new Set(approvers)];
  const named = KINDS.map((isOfKind) => different.filter(isOfKind)).reduce((most, kind) => (kind.length > most.length ? kind : most));
  if (named.length > 0) return named;
  return [...different.filter((approver) => approver !== UNKNOWN), ...different].slice(0, 1);
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of an age like `8h`. */
export function ageLimit(age: string): number {
  return Number(age.slice(0, -1)) * UNITS[age.slice(-1) as keyof typeof UNITS];
}
