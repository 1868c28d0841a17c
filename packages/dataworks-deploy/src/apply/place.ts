import type { PlannedStack } from '../plan/plan';

/** `<region>/<name>`: how a stack is told from all others of its account. */
export function placeOf({ region, name }: Pick<PlannedStack, 'region' | 'name'>): string {
  return `${region}/${name}`;
}
