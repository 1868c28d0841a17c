/** A stack with its nested stacks, against what is deployed. */
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';
import { certaintyBetween, movedIn, withChangedValues, withMarks, type ChangedValues } from './changed-values';
import type { TemplateChanges } from './compare-templates';
import { deployedStack, type DeployedStack } from './deployed-stack';
import { evaluated, valuesIn, type BeforeAndAfter, type Given as Values, type Valued } from './evaluated';
import { givenBy, type Gives } from './given-values';
import { withValues } from './property-values';
import type { SsmValues } from './ssm-values';
import type { AssemblyStack } from '../assembly/assembly';
import type { Lookup } from '../lookup';
import type { NestedParameters, OtherChange, ResourceChange, Wait } from '../plan';
import { givenTo, inputsOf, ssmParametersOf, type ChangedInput, type Given, type Inputs } from './stack-inputs';
import { nestedStacksIn, nestedTemplate } from '../template/nested-templates';
import { isIntrinsic } from '../template/property-paths';
import { isObject, memberOf, type Json, type StackTemplate } from '../template/stack-template';

export interface StackChanges extends TemplateChanges {
  /** Its own template and those of its nested stacks, as planned. */
  readonly templates: readonly StackTemplate[];
  /** Of its own parameters. */
  readonly inputs: Inputs;
  /** Of the parameters of its nested stacks, by path. */
  readonly nestedParameters: readonly NestedParameters[];
}

export interface StackComparison {
  readonly stack: Pick<AssemblyStack, 'assets' | 'name' | 'region'>;
  /** 12 digits. */
  readonly account: string;
  /** By path in the bundle. */
  readonly templates: ReadonlyMap<string, StackTemplate>;
  readonly lookup: Lookup;
  readonly ssmValues: SsmValues;
  /** What other stacks of the plan make or change first. */
  readonly waits: readonly Wait[];
  /** Values of the SSM parameters among it, by name, where the template that makes them writes them out. */
  readonly made: ReadonlyMap<string, string | undefined>;
}

interface Level {
  readonly planned: StackTemplate | undefined;
  readonly deployed: DeployedStack | undefined;
  readonly given: Given;
  /** Parameters that are given another value, as far as that can be seen without knowing it. */
  readonly changedInputs: ReadonlyMap<string, ChangedInput>;
  readonly nested: readonly string[];
}

/** Loads what compares templates when one has changed: most stacks of a plan are as they were. */
const load = createRequire(__filename);

const NOTHING: StackTemplate = { Resources: {} };

/** Compare a template and, through its nested stacks, all below it. */
export async function compareStack(comparison: StackComparison, level: Level): Promise<StackChanges> {
  const inputs = await inputsOfLevel(comparison, level);
  const both = evaluatedLevel(comparison, level, inputs);
  const { resources, others, inner } = await changesOf(comparison, { ...level, inputs, both });
  return {
    resources: [...withValues(resources, both), ...inner.flatMap((one) => one.resources)],
    others,
    templates: [level.planned ?? NOTHING, ...inner.flatMap(({ templates }) => templates)],
    inputs,
    nestedParameters: inner.flatMap((one) => [
      ...(one.templates[0].Parameters ? [{ nested: [...level.nested, one.name], ...one.inputs }] : []),
      ...one.nestedParameters,
    ]),
  };
}

interface EvaluatedLevel extends Level {
  readonly inputs: Inputs;
  readonly both: BeforeAndAfter;
}

interface NestedChanges extends StackChanges {
  /** Logical id. */
  readonly name: string;
}

/** What the resources of a template may read that has another value than before. */
function changedValues({ waits }: StackComparison, { inputs, changedInputs }: EvaluatedLevel, gives: Gives): ChangedValues {
  // One that is given the same expression, and has another value all the same, has it for certain.
  const parameters = new Map(inputs.changedParameters.map((name) => [name, changedInputs.get(name)?.certainty ?? 'certainly']));
  return { parameters, waits, gives };
}

/** The planned template with everything marked that reads a changed value; of a new stack, all is new. */
function marked({ planned, deployed }: BeforeAndAfter, changed: ChangedValues): StackTemplate {
  return deployed ? withChangedValues(planned, changed) : planned;
}

/**
 * What changes, and what changes because of that: a changed resource may change those that read it, in nested stacks as well.
 *
 * @param rounds after so many of them there is nothing more to follow, unless resources read each other in a circle
 */
async function changesOf(
  comparison: StackComparison,
  level: EvaluatedLevel,
  gives: Gives = () => undefined,
  rounds = Object.keys(level.both.planned.Resources).length,
): Promise<TemplateChanges & { readonly inner: readonly NestedChanges[] }> {
  const { both } = level;
  const changed = changedValues(comparison, level, gives);
  const planned = marked(both, changed);
  const own = templateChanges({ ...both, planned }, level, changed);
  const inner = await nestedChanges(comparison, level, changed, own.resources);
  const outputs = inner.map(({ name, others }) => [name, others.find(({ what }) => what === 'outputs')?.names ?? []] as const);
  const next = givenBy(own.resources, new Map(outputs));
  const isSettled = rounds === 0 || isDeepStrictEqual(marked(both, { ...changed, gives: next }), planned);
  return isSettled ? { ...own, inner } : changesOf(comparison, level, next, rounds - 1);
}

async function nestedChanges(
  comparison: StackComparison,
  level: EvaluatedLevel,
  changed: ChangedValues,
  changes: readonly ResourceChange[],
): Promise<NestedChanges[]> {
  const { deployed, nested, inputs, both } = level;
  const ids =
    deployed && both.deployed && hasNestedStacks(both.deployed) ? await comparison.lookup.stacks.nestedStacks(deployed.state.id) : {};
  const names = [...new Set([both.planned, ...(both.deployed ? [both.deployed] : [])].flatMap(nestedStacksIn))].sort();
  return Promise.all(
    names.map(async (name) => {
      const id = ids[name];
      const below = id === undefined ? undefined : await deployedStack(comparison.lookup, id);
      const resource = both.planned.Resources[name] as StackTemplate['Resources'][string] | undefined;
      const template = resource && nestedTemplate(resource.Properties?.TemplateURL, comparison.stack, comparison.templates);
      const change = changes.find(({ logicalId, action }) => logicalId === name && action === 'modify');
      const found = await compareStack(comparison, {
        planned: template,
        deployed: below,
        given: givenTo(template ?? NOTHING, resource?.Properties?.Parameters, inputs),
        changedInputs: change ? inputsChangedBy(change, template ?? NOTHING, level, changed) : new Map(),
        nested: [...nested, name],
      });
      return { ...found, name };
    }),
  );
}

async function inputsOfLevel({ ssmValues, made }: StackComparison, level: Level): Promise<Inputs> {
  const { planned = NOTHING, deployed, given, changedInputs } = level;
  const names = Object.values(ssmParametersOf(planned, given));
  const read = await ssmValues(names);
  const stored = Object.fromEntries(names.map((name) => [name, made.has(name) ? made.get(name) : read[name]]));
  return inputsOf({ planned, given, changedInputs, deployed: deployed?.state, stored });
}

/** Both templates with their conditions and mappings worked out. */
function evaluatedLevel({ stack, account }: StackComparison, level: Level, inputs: Inputs): BeforeAndAfter {
  const { planned = NOTHING, deployed, nested } = level;
  const valued = (template: StackTemplate, values: Values): Valued => ({
    template,
    values: valuesIn(template, values, { ...stack, account }),
  });
  const where = [stack.name, ...nested].join('/');
  const after = valued(planned, knownValues(planned, inputs));
  const before = deployed && valued(deployed.template, deployed.state);
  return evaluated(after, before, new Set(inputs.changedParameters), where);
}

/** Of every parameter; undefined where nobody knows it before the stack is deployed. */
function knownValues({ Parameters = {} }: StackTemplate, { parameters, ssmParameters }: Inputs): Values {
  const stored = Object.entries(ssmParameters).map(([name, { value }]): [string, string | undefined] => [name, value]);
  return {
    parameters: { ...Object.fromEntries(Object.keys(Parameters).map((name) => [name, undefined])), ...parameters },
    resolved: Object.fromEntries(stored),
  };
}

function templateChanges({ planned, deployed }: BeforeAndAfter, level: EvaluatedLevel, changed: ChangedValues): TemplateChanges {
  if (deployed && isDeepStrictEqual(deployed, planned)) return { resources: [], others: [] };
  const { compareTemplates } = load('./compare-templates') as typeof import('./compare-templates');
  const causes = (logicalId: string) => causesIn(level.both.planned.Resources[logicalId] as unknown as Json, level, changed);
  return compareTemplates({ deployed, planned, nested: level.nested, causes });
}

function hasNestedStacks(template: StackTemplate): boolean {
  return nestedStacksIn(template).length > 0;
}

/** What a value reads that may be replaced, here or around: logical ids, those of nested stacks first. */
function causesIn(value: Json | undefined, { nested, changedInputs }: EvaluatedLevel, changed: ChangedValues): string[] {
  const pathsTo = (name: string) => changedInputs.get(name)?.follows ?? [[...nested, name].join('/')];
  return [...new Set(movedIn(value, changed).flatMap(pathsTo))].sort();
}

/** Parameters of a nested stack that the stack around it gives another value, or another expression. */
function inputsChangedBy(
  { logicalId, properties }: ResourceChange,
  { Parameters = {} }: StackTemplate,
  level: EvaluatedLevel,
  changed: ChangedValues,
): Map<string, ChangedInput> {
  const isChanged = (parameter: string) => {
    const input = `/Properties/Parameters/${parameter}/`;
    return properties.some((path) => `${path}/`.startsWith(input) || input.startsWith(`${path}/`));
  };
  const passedIn = (template: StackTemplate | undefined, parameter: string) => {
    const all = template?.Resources[logicalId].Properties?.Parameters;
    return isObject(all) && !isIntrinsic(all) ? memberOf(all, parameter) : all;
  };
  const { planned, deployed } = level.both;
  const input = (parameter: string): ChangedInput => {
    const [before, after] = [deployed, planned].map((template) => passedIn(template, parameter));
    return { certainty: certaintyBetween(before, after && withMarks(after, changed)), follows: causesIn(after, level, changed) };
  };
  return new Map(
    Object.keys(Parameters)
      .filter(isChanged)
      .map((parameter) => [parameter, input(parameter)]),
  );
}

/** The role that CloudFormation gets, in the place of the one that it has. It takes it with another change, not for its own sake. */
export function roleChange({ roleArn }: Pick<AssemblyStack, 'roleArn'>, deployed: Pick<AssemblyStack, 'roleArn'> = {}): OtherChange[] {
  return roleArn === undefined || roleArn === deployed.roleArn ? [] : [{ what: 'role', names: [roleArn] }];
}

/** Changes of the stack itself that stand in no template. */
export function settingChanges(
  planned: Pick<AssemblyStack, 'tags' | 'terminationProtection'>,
  deployed: Pick<AssemblyStack, 'tags' | 'terminationProtection'>,
): OtherChange[] {
  const keys = [...new Set([...Object.keys(planned.tags), ...Object.keys(deployed.tags)])];
  const tags = keys.filter((key) => planned.tags[key] !== deployed.tags[key]).sort();
  return [
    ...(tags.length > 0 ? [{ what: 'tags' as const, names: tags }] : []),
    ...(planned.terminationProtection === deployed.terminationProtection
      ? []
      : [{ what: 'terminationProtection' as const, names: [planned.terminationProtection ? 'on' : 'off'] }]),
  ];
}
