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

/**
 * Each after those that it comes after. Stable: of two that could be next, the one that is given first.
 *
 * @param comesAfter ids that one of them comes after; those that are not among them do not count
 * @returns `circle`: those that wait for each other, and those that come after such
 */
export function ordered<T>(
  all: readonly T[],
  idOf: (one: T) => string,
  comesAfter: (one: T) => readonly string[],
): { readonly inOrder: readonly T[]; readonly circle: readonly T[] } {
  const inOrder: T[] = [];
  const waiting = [...all];
  const isReady = (one: T) => {
    const ids = new Set(comesAfter(one));
    return waiting.every((other) => other === one || !ids.has(idOf(other)));
  };
  for (let next = waiting.findIndex(isReady); next >= 0; next = waiting.findIndex(isReady)) inOrder.push(...waiting.splice(next, 1));
  return { inOrder, circle: waiting };
}
