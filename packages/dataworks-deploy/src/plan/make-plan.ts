import { isDeepStrictEqual } from 'node:util';
import { readAssembly, sortedTexts, type AssemblyStack, type EnvironmentAssembly, type PlanTarget } from './assembly/assembly';
import type { AssetSource } from './assembly/assembly-assets';
import { refuseOtherBootstrap } from './assembly/other-bootstrap';
import { compareStack, roleChange, settingChanges, type StackChanges } from './compare/compare-stack';
import { deployedStack, deployedState, type DeployedStack } from './compare/deployed-stack';
import { readLevel } from './compare/levels';
import { ssmValues } from './compare/ssm-values';
import { waitsOf, type Awaited, type Consumer, type Producer } from './compare/waits';
import { PLAN_FAULTS } from './faults';
import type { LookupIn } from './lookup';
import { comesAfter, ordered } from './order';
import { FORMAT_VERSION, type OtherChange, type Plan, type PlannedStack, type PlannedState, type Rollback, type Wait } from './plan';
import { risksOf } from './risks/risks';
import { waitWords } from './wait-words';
import { Fault } from '../fault';
import { remaining, type Place } from '../rollback/chosen';

export interface PlanInputs {
  readonly target: PlanTarget;
  /** Of the environment's CDK bootstrap. Undefined when a stored plan is made again: what it names was judged when it was planned. */
  readonly qualifier?: string;
  /** Folder of the cloud assembly. */
  readonly assembly: string;
  readonly commit: string;
  readonly dirty: boolean;
  readonly assemblyGiven?: true;
  readonly tools: Readonly<Record<string, string>>;
  readonly state?: PlannedState;
  readonly rollback?: Rollback;
  /** Stacks of the deployment record that is current. */
  readonly recorded: readonly Place[];
  readonly lookupIn: LookupIn;
  /** Told of each stack that has been compared. */
  readonly progress: (text: string) => void;
}

/** A plan before its bundle is written: it has no digest yet. */
export interface Draft {
  readonly plan: Omit<Plan, 'digest'>;
  readonly sources: readonly AssetSource[];
}

/** Compare the stacks of an environment with what is deployed. Throws DW3222 to DW3228, DW3234, DW3235, DW3244 and DW3245. */
export async function makePlan(inputs: PlanInputs): Promise<Draft> {
  const { target, qualifier, state, rollback } = inputs;
  const assembly = readAssembly(inputs.assembly, target);
  if (qualifier !== undefined) refuseOtherBootstrap(assembly, qualifier); // before anything is read by its roles
  const compared = await afterOthers(await Promise.all(assembly.stacks.map((stack) => compare(stack, assembly, inputs))));
  const stacks = compared.map(({ stack, deployed, changes, others, waits }): PlannedStack => ({
    ...stack,
    ...(deployed && { deployed: deployedState(deployed) }),
    ssmParameters: changes.inputs.ssmParameters,
    changedParameters: changes.inputs.changedParameters,
    nestedParameters: changes.nestedParameters,
    changes: changes.resources,
    otherChanges: others,
    waits: unique(
      waits.map(({ kind, name, madeBy }): Wait => ({ kind, name, madeBy })),
      (wait) => JSON.stringify(wait),
    ),
  }));
  refuseCircles(stacks);
  const left = rollback ? [] : remaining(inputs.recorded, stacks);
  const plan: Omit<Plan, 'digest'> = {
    formatVersion: FORMAT_VERSION,
    environment: target.name,
    account: target.account,
    region: target.region,
    commit: inputs.commit,
    dirty: inputs.dirty,
    ...(inputs.assemblyGiven && { assemblyGiven: true }),
    tools: sortedTexts(inputs.tools),
    ...(state && { state: { serial: state.serial, lineage: state.lineage } }),
    ...(rollback && { rollback }),
    ...(left.length > 0 && { remaining: left }),
    stacks,
    risks: risksOf({ account: target.account, stacks }, assembly.templates),
  };
  return { plan, sources: unique(assembly.sources, ({ path }) => path) }; // stacks may share assets
}

/** Throws DW3245: whichever of them were deployed first would be deployed with what the other one does not say any more. */
function refuseCircles(stacks: readonly PlannedStack[]): void {
  const { circle: waiting } = ordered(stacks, comesAfter);
  // Without those that only come after them, which are found in the other direction.
  const { circle } = ordered(waiting, (one, other) => comesAfter(other, one));
  if (circle.length === 0) return;
  const among = new Set(circle.map(({ artifactId }) => artifactId));
  const reasons = circle.flatMap(({ name, dependsOn, waits }) => [
    ...waits.filter(({ madeBy }) => among.has(madeBy)).map((wait) => `${name} comes ${waitWords(wait, stacks)}`),
    ...dependsOn
      .filter((id) => among.has(id))
      .map((id) => `${name} depends on ${stacks.find(({ artifactId }) => artifactId === id)!.name}`),
  ]);
  throw new Fault(PLAN_FAULTS.circle, { received: reasons.join('; ') });
}

function unique<T>(all: readonly T[], keyOf: (one: T) => string): T[] {
  return [...new Map(all.map((one) => [keyOf(one), one])).values()];
}

interface Compared {
  readonly stack: AssemblyStack;
  readonly deployed?: DeployedStack;
  readonly changes: StackChanges;
  readonly others: readonly OtherChange[];
  readonly waits: readonly Awaited[];
  /** Compare it once more, after what other stacks of the plan make or change first. */
  readonly after: (waits: readonly Awaited[], made: ReadonlyMap<string, string | undefined>) => Promise<Compared>;
}

async function compare(
  stack: AssemblyStack,
  { templates }: EnvironmentAssembly,
  { lookupIn, progress, target }: PlanInputs,
): Promise<Compared> {
  const lookup = await lookupIn(stack.region, stack.lookupRoleArn);
  const planned = templates.get(stack.template.file)!;
  const deployed = await deployedStack(lookup, stack.name);
  const settings = deployed ? settingChanges(stack, deployed.state) : [];
  const sources = { stack, account: target.account, templates, lookup, ssmValues: ssmValues(lookup.parameters, stack.name) };
  const source = { planned, deployed, given: { ...deployed?.state.parameters, ...stack.parameters }, nested: [] };
  const changedInputs = new Map(Object.keys(stack.parameters).map((name) => [name, { certainty: 'certainly' as const, follows: [] }]));
  const after: Compared['after'] = async (waits, made) => {
    const changes = compareStack(await readLevel({ ...sources, made }, source), changedInputs, waits);
    const { changedParameters } = changes.inputs;
    const values: OtherChange[] = changedParameters.length > 0 ? [{ what: 'parameters', names: changedParameters }] : [];
    const isUpdated = [...changes.resources, ...changes.others, ...values, ...settings.filter(({ what }) => what === 'tags')].length > 0;
    const role = !deployed || isUpdated ? roleChange(stack, deployed?.state) : [];
    return { stack, deployed, changes, others: merged([...changes.others, ...settings, ...values, ...role]), waits, after };
  };
  const compared = await after([], new Map());
  progress(`Compared ${stack.name}.`);
  return compared;
}

/**
 * What a stack makes or changes may change the stacks that read it, and what these make.
 *
 * @param rounds after so many of them there is nothing more to follow, unless stacks wait for each other
 */
async function afterOthers(compared: readonly Compared[], rounds = compared.length): Promise<readonly Compared[]> {
  const producers = compared.map(producerOf);
  const next = await Promise.all(
    compared.map((one) => {
      const waits = waitsOf(consumerOf(one), producers);
      return isDeepStrictEqual(waits, one.waits) ? Promise.resolve(one) : one.after(waits, madeFor(waits, producers));
    }),
  );
  const isSettled = next.every((one, index) => one === compared[index]);
  return isSettled || rounds === 0 ? next : afterOthers(next, rounds - 1);
}

/** Values of the SSM parameters that are waited for, by name. */
function madeFor(waits: readonly Awaited[], producers: readonly Producer[]): Map<string, string | undefined> {
  const parameters = waits.filter(({ kind }) => kind === 'parameter');
  return new Map(
    parameters.map(({ name, madeBy }) => {
      const maker = producers.find(({ stack }) => stack.artifactId === madeBy);
      return [name, maker?.changedParameters.get(name)?.value];
    }),
  );
}

function consumerOf({ stack, changes: { templates, inputs, nestedParameters } }: Compared): Consumer {
  return {
    stack,
    templates,
    ssmNames: [inputs, ...nestedParameters].flatMap(({ ssmParameters }) => Object.values(ssmParameters).map(({ name }) => name)),
  };
}

/** One entry for each kind, in their order. */
function merged(changes: readonly OtherChange[]): OtherChange[] {
  const kinds = [...new Set(changes.map(({ what }) => what))].sort();
  return kinds.map((what) => ({
    what,
    names: [...new Set(changes.filter((change) => change.what === what).flatMap(({ names }) => names))].sort(),
  }));
}

function producerOf({ stack, deployed, changes }: Compared): Producer {
  const { templates, changedParameters, changedOutputs } = changes;
  const { exports = [], outputs = [] } = deployed?.state ?? {};
  return { stack, templates, changedParameters, changedOutputs, exports: new Set(exports), outputs: new Set(outputs) };
}
