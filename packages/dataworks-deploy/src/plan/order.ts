/** Something that comes after others. */
export interface Step {
  readonly artifactId: string;
  /** Ids of those that it comes after; others that are not among them are not waited for. */
  readonly dependsOn: readonly string[];
  /** What it reads of others, which it comes after too: an application need not declare that. */
  readonly waits: ReadonlyArray<{ readonly madeBy: string }>;
}

/** Ids of those that a step comes after. */
export function before({ dependsOn, waits }: Step): readonly string[] {
  return [...dependsOn, ...waits.map(({ madeBy }) => madeBy)];
}

/** Whether a step comes after another one. */
export function comesAfter(one: Step, { artifactId }: Step): boolean {
  return before(one).includes(artifactId);
}

/**
 * Each after those that it comes after. Stable: of two that could be next, the one that is given first.
 *
 * @returns `circle`: those that wait for each other, and those that come after such
 */
export function ordered<T>(
  all: readonly T[],
  isAfter: (one: T, other: T) => boolean,
): { readonly inOrder: readonly T[]; readonly circle: readonly T[] } {
  const inOrder: T[] = [];
  const waiting = [...all];
  const isReady = (one: T) => waiting.every((other) => other === one || !isAfter(one, other));
  for (let next = waiting.findIndex(isReady); next >= 0; next = waiting.findIndex(isReady)) inOrder.push(...waiting.splice(next, 1));
  return { inOrder, circle: waiting };
}
