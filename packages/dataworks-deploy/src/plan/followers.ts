import type { ResourceChange } from './plan';

/** What of a stack changes if one of its changes is a replacement, and not otherwise; also through others. */
export function followersOf(cause: ResourceChange, changes: readonly ResourceChange[]): ResourceChange[] {
  const found = new Set([cause]);
  for (const one of found) {
    const path = pathOf(one);
    for (const change of changes) if (change.follows?.includes(path)) found.add(change); // and looked at in its turn
  }
  return changes.filter((change) => change !== cause && found.has(change));
}

/** Logical ids, those of nested stacks first. */
export function pathOf({ nested, logicalId }: Pick<ResourceChange, 'logicalId' | 'nested'>): string {
  return [...nested, logicalId].join('/');
}
