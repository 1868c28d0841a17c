import type { Stacks } from './cloudformation';
import { originOf } from '../lock/change-set-name';
import type { TargetStacks } from '../lock/target-stacks';

/** Of change sets that nobody can execute any more. */
const OVER = ['EXECUTE_COMPLETE', 'EXECUTE_FAILED', 'OBSOLETE'];

/** REVIEW_IN_PROGRESS is no operation: a new stack's change set waits to be executed. */
function isOperation(status: string): boolean {
  return status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS';
}

/**
 * Stacks of one account, by `<region>/<name>`.
 *
 * @param stacksFor for a stack, by whoever may delete its change sets
 */
export function targetStacksOf(names: readonly string[], stacksFor: (region: string, name: string) => Stacks): TargetStacks {
  const placesWith = (others: readonly string[]) => [...new Set([...names, ...others])].filter((place) => place.includes('/'));

  const inProgress = async (place: string): Promise<string[]> => {
    const { region, name } = split(place);
    const stack = await stacksFor(region, name).find(name);
    return stack && isOperation(stack.status) ? [`${name} (${stack.status})`] : [];
  };

  const fenceOff = async (place: string, below: number): Promise<string[]> => {
    const { region, name } = split(place);
    const stacks = stacksFor(region, name);
    const earlier = async () =>
      (await stacks.changeSetsIfAny(name)).filter(
        (one) => (originOf(one.name)?.fence ?? Infinity) < below && !OVER.includes(one.executionStatus),
      );
    const found = await earlier();
    if (found.length === 0) return [];
    for (const { id, executionStatus } of found) {
      if (executionStatus !== 'EXECUTE_IN_PROGRESS') await stacks.discardIfUnexecuted(id);
    }
    return (await earlier()).map((one) => `${name} (change set ${one.name})`);
  };

  return {
    names,
    inProgress: async (others) => (await Promise.all(placesWith(others).map(inProgress))).flat(),
    fenceOff: async (below, others) => (await Promise.all(placesWith(others).map((place) => fenceOff(place, below)))).flat(),
  };
}

function split(place: string): { readonly region: string; readonly name: string } {
  const slash = place.indexOf('/');
  return { region: place.slice(0, slash), name: place.slice(slash + 1) };
}
