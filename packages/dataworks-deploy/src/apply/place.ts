import type { PlannedStack } from '../plan/plan';

/** `<region>/<name>`: how a stack is told from all others of its account. */
export function placeOf({ region, name }: Pick<PlannedStack, 'region' | 'name'>): string {
  return `${region}/${name}`;
}

const PLACE = /^[a-z]{2}(-[a-z]+)+-[0-9]\/[A-Za-z][A-Za-z0-9-]{0,127}$/;

/** Whether a text can be one: of anything else there is no stack, and no endpoint that could be asked. */
export function isPlace(text: string): boolean {
  return PLACE.test(text);
}
