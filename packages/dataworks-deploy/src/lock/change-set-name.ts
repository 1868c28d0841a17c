/** What the name of a change set of ours says. */
export interface ChangeSetOrigin {
  /** Fencing number of the lock under which it was made. */
  readonly fence: number;
  /** First 12 characters of the digest of the plan. */
  readonly digest: string;
}

const DIGEST_CHARACTERS = 12;
const NAME = /^dataworks-(?<fence>[1-9]\d{0,14})-(?<digest>[0-9a-f]{12})$/;

/** The name by which whoever takes the lock later knows a change set, and can delete it before it is executed. */
export function changeSetName(fence: number, digest: string): string {
  return `dataworks-${fence}-${digest.slice(0, DIGEST_CHARACTERS)}`;
}

/** Undefined for a change set of somebody else. */
export function originOf(name: string): ChangeSetOrigin | undefined {
  const parts = NAME.exec(name)?.groups;
  return parts && { fence: Number(parts.fence), digest: parts.digest };
}
