/** A plan, made again from its own assembly and what is deployed: what is written in it decides nothing that can be found out. */
import { isDeepStrictEqual } from 'node:util';
import { APPLY_FAULTS } from './faults';
import { placeOf } from './place';
import { Fault } from '../fault';
import type { DeployedStack } from '../plan/compare/deployed-stack';
import { readingOnce, type LookupIn } from '../plan/lookup';
import { makePlan } from '../plan/make-plan';
import type { Plan, PlannedStack } from '../plan/plan';
import type { Place } from '../rollback/chosen';

/** What is deployed, as it was read to see whether the plan is stale. */
export interface Seen {
  /** By place. */
  readonly seen: ReadonlyMap<string, DeployedStack | undefined>;
  /** Stacks of the record. */
  readonly recorded: readonly Place[];
  /** For the nested stacks of a stack. */
  readonly reader: (stack: PlannedStack) => Awaited<ReturnType<LookupIn>>['stacks'];
}

/**
 * Throws DW3312 when planning again does not give the same. To be asked when nothing is stale, before anything is changed.
 *
 * @param assembly folder, in the bundle
 */
export async function checkPlan(plan: Plan, assembly: string, deployed: Seen): Promise<void> {
  const { environment: name, account, region, stacks } = plan;
  const { plan: made } = await makePlan({
    ...plan,
    target: { name, account, region },
    assembly,
    recorded: deployed.recorded,
    lookupIn: lookupOf(stacks, deployed),
    progress: () => {},
  });
  const others = stacks.flatMap((stack, index) => differences(stack, made.stacks[index]));
  if (!isDeepStrictEqual(plan.risks, made.risks)) others.push('the risks');
  if (!isDeepStrictEqual(plan.remaining, made.remaining)) others.push('the stacks that remain');
  if (others.length > 0) throw new Fault(APPLY_FAULTS.notMade, { received: `others: ${others.join(', ')}` });
}

function differences(planned: PlannedStack, made: PlannedStack): string[] {
  const keys = [...new Set([...Object.keys(planned), ...Object.keys(made)])].filter((key) => key !== 'deployed') as Array<
    keyof PlannedStack
  >;
  return keys.filter((key) => !isDeepStrictEqual(planned[key], made[key])).map((key) => `${key} of ${planned.name}`);
}

/** Values of the parameter store are those of the plan: CloudFormation's own are held against them when the change set is there. */
function lookupOf(all: readonly PlannedStack[], { seen, reader }: Seen): LookupIn {
  return (region, lookupRoleArn) => {
    const stacks = all.filter((stack) => stack.region === region);
    const planned = (name: string) => stacks.find((stack) => stack.name === name);
    const values = Object.fromEntries(
      stacks
        .flatMap(({ ssmParameters, nestedParameters }) => [{ ssmParameters }, ...nestedParameters])
        .flatMap(({ ssmParameters }) => Object.values(ssmParameters).map(({ name, value }) => [name, value])),
    );
    // Any other is a nested one: whoever may read the stack around it may read it.
    const nested = reader(stacks.find((stack) => stack.lookupRoleArn === lookupRoleArn)!);
    const lookup = readingOnce({
      parameters: { values: () => Promise.resolve(values) },
      stacks: {
        nestedStacks: (id) => nested.nestedStacks(id),
        state: async (name) => {
          const stack = planned(name);
          const found = stack ? seen.get(placeOf(stack))?.state : await nested.state(name);
          // An interrupted run of this plan may have set its protection already.
          return found && { ...found, terminationProtection: stack?.deployed?.terminationProtection ?? found.terminationProtection };
        },
        template: (name) => {
          const stack = planned(name);
          return stack ? Promise.resolve(seen.get(placeOf(stack))?.text) : nested.template(name);
        },
      },
    });
    return Promise.resolve(lookup);
  };
}
