/** Something that comes after others. */
export interface Step {
  readonly artifactId: string;
  /** Ids of those before it that it waits for; others are not waited for. */
  readonly dependsOn: readonly string[];
  /** What it reads of those before it, which it waits for too: an application need not declare that. */
  readonly waits: ReadonlyArray<{ readonly madeBy: string }>;
}

/**
 * Run every step as soon as all that it depends on have succeeded, others beside it.
 *
 * @param steps each after those that it depends on
 * @param run gives whether the step succeeded; it must not throw. It is not called for a step whose predecessors did not succeed.
 */
export async function inOrder<T extends Step>(steps: readonly T[], run: (step: T) => Promise<boolean>): Promise<void> {
  const results = new Map<string, Promise<boolean>>();
  for (const step of steps) {
    const before = Promise.all([...step.dependsOn, ...step.waits.map(({ madeBy }) => madeBy)].flatMap((id) => results.get(id) ?? []));
    results.set(
      step.artifactId,
      before.then((succeeded) => succeeded.every(Boolean) && run(step)),
    );
  }
  await Promise.all(results.values());
}
