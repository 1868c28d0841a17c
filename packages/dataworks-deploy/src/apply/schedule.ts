import { before, comesAfter, ordered, type Step } from '../plan/order';

/**
 * Run every step as soon as all that it comes after have succeeded, others beside it. Of steps that wait for each other, which no plan has,
 * none is run.
 *
 * @param run gives whether the step succeeded; it must not throw. It is not called for a step whose predecessors did not succeed.
 */
export async function inOrder<T extends Step>(steps: readonly T[], run: (step: T) => Promise<boolean>): Promise<void> {
  const results = new Map<string, Promise<boolean>>();
  for (const step of ordered(steps, comesAfter).inOrder) {
    const predecessors = Promise.all(before(step).flatMap((id) => results.get(id) ?? []));
    results.set(
      step.artifactId,
      predecessors.then((succeeded) => succeeded.every(Boolean) && run(step)),
    );
  }
  await Promise.all(results.values());
}
