/** Everything that comparing a stack needs of what is deployed, of its nested stacks too: read side by side, and once. */
import { deployedStack, type DeployedStack } from './deployed-stack';
import { evaluated, valuesIn, type Evaluated, type Given as Values, type Valued } from './evaluated';
import type { SsmValues } from './ssm-values';
import { givenTo, inputsOf, ssmParametersOf, type Given, type Inputs, type InputSource } from './stack-inputs';
import type { AssemblyStack } from '../assembly/assembly';
import type { Lookup } from '../lookup';
import { nestedStacksIn, nestedTemplate } from '../template/nested-templates';
import type { StackTemplate, TemplateResource } from '../template/stack-template';

export interface StackSources {
  readonly stack: Pick<AssemblyStack, 'assets' | 'name' | 'region'>;
  /** 12 digits. */
  readonly account: string;
  /** By path in the bundle. */
  readonly templates: ReadonlyMap<string, StackTemplate>;
  readonly lookup: Lookup;
  readonly ssmValues: SsmValues;
  /** Values of the SSM parameters that other stacks of the plan make or change first, by name, where a template writes them out. */
  readonly made: ReadonlyMap<string, string | undefined>;
}

/** A template of a stack, its own or that of a nested one, with what is deployed of it. */
export interface LevelSource {
  readonly planned: StackTemplate | undefined;
  readonly deployed: DeployedStack | undefined;
  readonly given: Given;
  /** Logical ids of the nested stacks that lead to it. */
  readonly nested: readonly string[];
}

export interface Level extends Omit<InputSource, 'changedInputs'> {
  readonly nested: readonly string[];
  /** Words for it. */
  readonly where: string;
  readonly both: Evaluated;
  /** Nested stacks by logical id, sorted. */
  readonly inner: ReadonlyMap<string, Level>;
}

const NOTHING: StackTemplate = { Resources: {} };

/** Read a level and all below it. Throws DW3228, DW3234 and DW3235. */
export async function readLevel(sources: StackSources, { planned = NOTHING, deployed, given, nested }: LevelSource): Promise<Level> {
  const stored = await storedFor(sources, planned, given);
  const source = { planned, given, stored, deployed: deployed?.state };
  const inputs = inputsOf({ ...source, changedInputs: new Map() });
  const both = evaluatedLevel(sources, { planned, deployed, inputs });
  const inner = await innerLevels(sources, { deployed, nested, both, inputs });
  return { ...source, nested, where: [sources.stack.name, ...nested].join('/'), both, inner };
}

interface EvaluatedSource {
  readonly deployed: DeployedStack | undefined;
  readonly nested: readonly string[];
  readonly both: Evaluated;
  readonly inputs: Inputs;
}

async function innerLevels(sources: StackSources, { deployed, nested, both, inputs }: EvaluatedSource): Promise<Map<string, Level>> {
  const { lookup, stack, templates } = sources;
  const there = both.deployed ? nestedStacksIn(both.deployed) : [];
  const ids = deployed && there.length > 0 ? await lookup.stacks.nestedStacks(deployed.state.id) : {};
  const names = [...new Set([...nestedStacksIn(both.planned), ...there])].sort();
  const read = async (name: string): Promise<[string, Level]> => {
    const id = ids[name];
    const resource = both.planned.Resources[name] as TemplateResource | undefined;
    const planned = resource && nestedTemplate(resource.Properties?.TemplateURL, stack, templates);
    const level = await readLevel(sources, {
      planned,
      deployed: id === undefined ? undefined : await deployedStack(lookup, id),
      given: givenTo(planned ?? NOTHING, resource?.Properties?.Parameters, inputs),
      nested: [...nested, name],
    });
    return [name, level];
  };
  return new Map(await Promise.all(names.map(read)));
}

async function storedFor({ ssmValues, made }: StackSources, planned: StackTemplate, given: Given): Promise<InputSource['stored']> {
  const names = Object.values(ssmParametersOf(planned, given));
  const read = await ssmValues(names);
  return Object.fromEntries(names.map((name) => [name, made.has(name) ? made.get(name) : read[name]]));
}

/** Both templates with their conditions and mappings worked out. */
function evaluatedLevel(
  { stack, account }: StackSources,
  { planned, deployed, inputs }: { readonly planned: StackTemplate; readonly deployed?: DeployedStack; readonly inputs: Inputs },
): Evaluated {
  const valued = (template: StackTemplate, values: Values): Valued => ({
    template,
    values: valuesIn(template, values, { ...stack, account }),
  });
  return evaluated(valued(planned, knownValues(planned, inputs)), deployed && valued(deployed.template, deployed.state));
}

/** Of every parameter; undefined where nobody knows it before the stack is deployed. */
function knownValues({ Parameters = {} }: StackTemplate, { parameters, ssmParameters }: Inputs): Values {
  const stored = Object.entries(ssmParameters).map(([name, { value }]): [string, string | undefined] => [name, value]);
  return {
    parameters: { ...Object.fromEntries(Object.keys(Parameters).map((name) => [name, undefined])), ...parameters },
    resolved: Object.fromEntries(stored),
  };
}
