import type { Stacks } from './cloudformation';
import { originOf } from '../lock/change-set-name';
import type { FencedOff, TargetStacks } from '../lock/target-stacks';

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

  const fenceOff = async (place: string, below: number): Promise<FencedOff> => {
    const { region, name } = split(place);
    const stacks = stacksFor(region, name);
    const ours = async () =>
      (await stacks.changeSetsIfAny(name)).flatMap((one) => {
        const origin = originOf(one.name);
        return origin && !OVER.includes(one.executionStatus) ? [{ ...one, fence: origin.fence }] : [];
      });
    const found = await ours();
    const highest = Math.max(0, ...found.filter(({ fence }) => fence >= below).map(({ fence }) => fence));
    const earlier = found.filter(({ fence }) => fence < below);
    if (earlier.length === 0) return { left: [], highest };
    for (const { id, executionStatus } of earlier) {
      if (executionStatus !== 'EXECUTE_IN_PROGRESS') await stacks.discardIfUnexecuted(id);
    }
    const left = (await ours()).filter(({ fence }) => fence < below);
    return { left: left.map((one) => `${name} (change set ${one.name})`), highest };
  };

  return {
    names,
    inProgress: async (others) => (await Promise.all(placesWith(others).map(inProgress))).flat(),
    fenceOff: async (below, others) => {
      const all = await Promise.all(placesWith(others).map((place) => fenceOff(place, below)));
      return { left: all.flatMap(({ left }) => left), highest: Math.max(0, ...all.map(({ highest }) => highest)) };
    },
  };
}

function split(place: string): { readonly region: string; readonly name: string } {
  const slash = place.indexOf('/');
  return { region: place.slice(0, slash), name: place.slice(slash + 1) };
}
