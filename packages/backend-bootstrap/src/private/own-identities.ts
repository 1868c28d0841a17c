import type { BackendNames } from '../backend-names';

/** CloudFormation cuts the names of stacks in the names that it makes for roles and policies. AWS does not say where; 26 characters are seen. */
const KEPT = 24;

/** ARNs of what deployments name after their stacks, and nobody else: a role is passed, re-trusted and assumed by its name. */
export interface OwnIdentities {
  readonly roles: readonly string[];
  readonly policies: readonly string[];
  readonly instanceProfiles: readonly string[];
}

/** How the names of these roles begin. */
export function ownRolePrefixes(names: BackendNames, applications: readonly string[] = []): string[] {
  return [`${names.project}-${names.environment}-`, ...applications].map((prefix) => prefix.slice(0, KEPT));
}

export function ownIdentities(names: BackendNames, applications: readonly string[] = []): OwnIdentities {
  const stacks = ownRolePrefixes(names, applications);
  const arns = (kind: string): string[] => stacks.map((prefix) => `arn:${names.partition}:iam::${names.account}:${kind}/${prefix}*`);
  return { roles: arns('role'), policies: arns('policy'), instanceProfiles: arns('instance-profile') };
}
