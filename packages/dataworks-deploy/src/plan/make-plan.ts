import { readAssembly, sortedTexts, type AssemblyStack, type EnvironmentAssembly, type PlanTarget } from './assembly';
import type { AssetSource } from './assembly-assets';

import { compareStack, roleChange, settingChanges, type StackChanges } from './compare-stack';
import { deployedStack, deployedState, type DeployedStack } from './deployed-stack';
import { PLAN_FAULTS } from './faults';
import type { LookupIn, Lookup } from './lookup';
import {
  FORMAT_VERSION,
  type OtherChange,
  type Plan,
  type PlannedStack,
  type PlannedState,
  type Rollback,
  type SsmParameter,
} from './plan';
import { risksOf } from './risks';
import type { StackTemplate } from './stack-template';
import { ownParametersOf, ssmParametersOf, waitsOf, type Producer } from './waits';
import { Fault } from '../fault';
import { FAULTS } from '../faults';

export interface PlanInputs {
  readonly target: PlanTarget;
  /** Folder of the cloud assembly. */
  readonly assembly: string;
  readonly commit: string;
  readonly dirty: boolean;
  readonly tools: Readonly<Record<string, string>>;
  readonly state?: PlannedState;
  readonly rollback?: Rollback;
  readonly lookupIn: LookupIn;
  /** Told of each stack that has been compared. */
  readonly progress: (text: string) => void;
}

/** A plan before its bundle is written: it has no digest yet. */
export interface Draft {
  readonly plan: Omit<Plan, 'digest'>;
  readonly sources: readonly AssetSource[];
}

/** Compare the stacks of an environment with what is deployed. Throws DW3222 to DW3228, DW3234, DW3235, DW3238 and DW3239. */
export async function makePlan(inputs: PlanInputs): Promise<Draft> {
  const { target, state, rollback } = inputs;
  const assembly = readAssembly(inputs.assembly, target);
  const compared = await Promise.all(assembly.stacks.map((stack) => compare(stack, assembly, inputs)));
  const producers = compared.map(producerOf);
  const stacks = compared.map(({ stack, deployed, changes, others, ssmParameters }): PlannedStack => ({
    ...stack,
    ...(deployed && { deployed: deployedState(deployed) }),
    ssmParameters,
    changes: changes.resources,
    otherChanges: others,
    waits: waitsOf(stack, changes.templates, producers),
  }));
  const plan: Omit<Plan, 'digest'> = {
    formatVersion: FORMAT_VERSION,
    environment: target.name,
    account: target.account,
    region: target.region,
    commit: inputs.commit,
    dirty: inputs.dirty,
    tools: sortedTexts(inputs.tools),
    ...(state && { state: { serial: state.serial, lineage: state.lineage } }),
    ...(rollback && { rollback }),
    stacks,
    risks: risksOf(stacks, assembly.templates),
  };
  return { plan, sources: unique(assembly.sources) };
}

/** Stacks may share assets. */
function unique(sources: readonly AssetSource[]): AssetSource[] {
  return [...new Map(sources.map((source) => [source.path, source])).values()];
}

interface Compared {
  readonly stack: AssemblyStack;
  readonly deployed?: DeployedStack;
  readonly changes: StackChanges;
  readonly others: readonly OtherChange[];
  readonly ssmParameters: Readonly<Record<string, SsmParameter>>;
}

async function compare(
  stack: AssemblyStack,
  { templates }: EnvironmentAssembly,
  { lookupIn, progress, target }: PlanInputs,
): Promise<Compared> {
  const lookup = await lookupIn(stack.region, stack.lookupRoleArn);
  const planned = templates.get(stack.template.file)!;
  const deployed = await deployedStack(lookup, stack.name);
  const ssmParameters = await ssmValues(lookup, planned, stack, deployed);
  const changed = deployed ? changedParameters(planned, stack, deployed, ssmParameters) : [];
  const changes = await compareStack(
    { stack, templates, lookup, account: target.account },
    {
      planned,
      given: {
        parameters: { ...deployed?.state.parameters, ...stack.parameters },
        resolved: Object.fromEntries(Object.entries(ssmParameters).map(([name, { value }]) => [name, value])),
      },
      deployed: deployed && { id: deployed.state.id, template: deployed.template, given: deployed.state },
      changedParameters: new Set(changed),
      nested: [],
    },
  );
  const settings = deployed ? settingChanges(stack, deployed.state) : [];
  const values: OtherChange[] = changed.length > 0 ? [{ what: 'parameters', names: changed }] : [];
  const isUpdated = [...changes.resources, ...changes.others, ...values, ...settings.filter(({ what }) => what === 'tags')].length > 0;
  const role = deployed && isUpdated ? roleChange(stack, deployed.state) : [];
  progress(`Compared ${stack.name}.`);
  return { stack, deployed, changes, others: merged([...changes.others, ...settings, ...values, ...role]), ssmParameters };
}

/** One entry for each kind, in their order. */
function merged(changes: readonly OtherChange[]): OtherChange[] {
  const kinds = [...new Set(changes.map(({ what }) => what))].sort();
  return kinds.map((what) => ({
    what,
    names: [...new Set(changes.filter((change) => change.what === what).flatMap(({ names }) => names))].sort(),
  }));
}

async function ssmValues(
  { parameters }: Lookup,
  planned: StackTemplate,
  stack: AssemblyStack,
  deployed: DeployedStack | undefined,
): Promise<Record<string, SsmParameter>> {
  const names = ssmParametersOf(planned, { ...deployed?.state.parameters, ...stack.parameters });
  const values = await valuesOf([...new Set(Object.values(names))].sort(), parameters, stack);
  const found = Object.entries(names).map(([parameter, name]): [string, SsmParameter] => {
    const value = values[name];
    return [parameter, { name, ...(value !== undefined && { value }) }];
  });
  return Object.fromEntries(found.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** A role that may look up stacks may not read every parameter. A value that the plan does not show is one that an apply has to refuse. */
async function valuesOf(
  names: readonly string[],
  parameters: Lookup['parameters'],
  stack: AssemblyStack,
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
    throw new Fault(PLAN_FAULTS.parameterUnreadable, { received: `${denied.flat().join(', ')}, of stack ${stack.name}` });
  }
}

function isDenied(error: unknown): boolean {
  return error instanceof Fault && error.code === FAULTS.missingPermission.code;
}

/** Parameters of a template with another value than the stack has, sorted. What cannot be compared counts as changed. */
function changedParameters(
  { Parameters = {} }: StackTemplate,
  { parameters: given }: AssemblyStack,
  { state }: DeployedStack,
  ssmParameters: Readonly<Record<string, SsmParameter | undefined>>,
): string[] {
  const isChanged = (name: string): boolean => {
    const before = state.parameters[name] as string | undefined;
    if (before === undefined) return false; // a new one changes the resources that refer to it in the template itself
    const ssm = ssmParameters[name];
    if (ssm) return ssm.name !== before || ssm.value === undefined || ssm.value !== (state.resolved[name] ?? ssm.value);
    const now = given[name] as string | undefined;
    return now !== undefined && now !== before;
  };
  return Object.keys(Parameters).filter(isChanged).sort();
}

function producerOf({ stack, deployed, changes }: Compared): Producer {
  const changed = new Set(changes.resources.filter(({ action }) => action !== 'remove').map(({ logicalId }) => logicalId));
  const own = changes.templates.flatMap((template) => Object.entries(ownParametersOf(template)));
  return {
    stack,
    templates: changes.templates,
    changedParameters: new Set(own.filter(([logicalId]) => changed.has(logicalId)).map(([, name]) => name)),
    exports: new Set(deployed?.state.exports),
    outputs: new Set(deployed?.state.outputs),
  };
}
