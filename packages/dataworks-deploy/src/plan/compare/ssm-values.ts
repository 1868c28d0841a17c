import { Fault } from '../../fault';
import { FAULTS } from '../../faults';
import { PLAN_FAULTS } from '../faults';
import type { Lookup } from '../lookup';

/** Values of the parameter store by name; those that do not exist are missing. */
export type SsmValues = (names: readonly string[]) => Promise<Readonly<Record<string, string | undefined>>>;

/**
 * Reads for one stack, each value once. A role that may look up stacks may not read every parameter. A value that the plan does not show
 * is one that an apply has to refuse: throws DW3235.
 *
 * @param stack name of the stack
 */
export function ssmValues(parameters: Lookup['parameters'], stack: string): SsmValues {
  const read = new Map<string, string | undefined>();
  return async (names) => {
    const missing = [...new Set(names)].filter((name) => !read.has(name)).sort();
    const values = missing.length > 0 ? await valuesOf(missing, parameters, stack) : {};
    for (const name of missing) read.set(name, values[name]);
    return Object.fromEntries(names.map((name) => [name, read.get(name)]));
  };
}

async function valuesOf(
  names: readonly string[],
  parameters: Lookup['parameters'],
  stack: string,
): Promise<Readonly<Record<string, string | undefined>>> {
  try {
    return await parameters.values(names);
  } catch (error) {
    if (!isDenied(error)) throw error;
    // One that is denied denies all that are asked for with it.
    const denied = await Promise.all(
      names.map((name) =>
        parameters.values([name]).then(
          () => [],
          () => [name],
        ),
      ),
    );
    throw new Fault(PLAN_FAULTS.parameterUnreadable, { received: `${denied.flat().join(', ')}, of stack ${stack}` });
  }
}

function isDenied(error: unknown): boolean {
  return error instanceof Fault && error.code === FAULTS.missingPermission.code;
}
