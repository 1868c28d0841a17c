/** A stack with its nested stacks, against what is deployed. */
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';
import type { AssemblyStack } from './assembly';
import { withChangedReads } from './changed-parameters';
import type { TemplateChanges } from './compare-templates';
import { deployedStack, type DeployedStack } from './deployed-stack';
import type { Lookup } from './lookup';
import type { NestedParameters, OtherChange, ResourceChange, Wait } from './plan';
import type { SsmValues } from './ssm-values';
import { givenTo, inputsOf, ssmParametersOf, type Given, type Inputs } from './stack-inputs';
import type { Json, StackTemplate } from './stack-template';

export interface StackChanges extends TemplateChanges {
  /** Its own template and those of its nested stacks, as planned. */
  readonly templates: readonly StackTemplate[];
  /** Of its own parameters. */
  readonly inputs: Inputs;
  /** Of the parameters of its nested stacks, by path. */
  readonly nestedParameters: readonly NestedParameters[];
  /** Whether something that is in no template decides what changes. */
  readonly isOpen: boolean;
}

export interface StackComparison {
  readonly stack: Pick<AssemblyStack, 'assets'>;
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
  readonly changedInputs: ReadonlySet<string>;
  readonly nested: readonly string[];
}

/** Loads what compares templates when one has changed: most stacks of a plan are as they were. */
const load = createRequire(__filename);

const NESTED_STACK = 'AWS::CloudFormation::Stack';

const NOTHING: StackTemplate = { Resources: {} };

/** Compare a template and, through its nested stacks, all below it. */
export async function compareStack(comparison: StackComparison, level: Level): Promise<StackChanges> {
  const { planned = NOTHING, deployed, nested } = level;
  const inputs = await inputsOfLevel(comparison, level);
  const own = changesOf(comparison, level, new Set(inputs.changedParameters));
  const ids = deployed && hasNestedStacks(deployed.template) ? await comparison.lookup.stacks.nestedStacks(deployed.state.id) : {};
  const names = [...new Set([planned, ...(deployed ? [deployed.template] : [])].flatMap(nestedStacksIn))].sort();
  const inner = await Promise.all(
    names.map(async (name) => {
      const id = ids[name];
      const below = id === undefined ? undefined : await deployedStack(comparison.lookup, id);
      const resource = planned.Resources[name] as StackTemplate['Resources'][string] | undefined;
      const template = resource && nestedTemplate(resource.Properties?.TemplateURL, comparison);
      const changes = await compareStack(comparison, {
        planned: template,
        deployed: below,
        given: givenTo(template ?? NOTHING, resource?.Properties?.Parameters, inputs),
        changedInputs: inputsChangedBy(own.resources, name, template ?? NOTHING),
        nested: [...nested, name],
      });
      // One that is neither in the assembly nor the deployed one is fetched from elsewhere.
      return { ...changes, name, isOpen: changes.isOpen || (resource !== undefined && template === undefined) };
    }),
  );
  return {
    resources: [...own.resources, ...inner.flatMap(({ resources }) => resources)],
    others: own.others,
    templates: [planned, ...inner.flatMap(({ templates }) => templates)],
    inputs,
    nestedParameters: inner.flatMap((one) => [
      ...(one.templates[0].Parameters ? [{ nested: [...nested, one.name], ...one.inputs }] : []),
      ...one.nestedParameters,
    ]),
    isOpen: inner.some(({ isOpen }) => isOpen),
  };
}

async function inputsOfLevel({ ssmValues, made }: StackComparison, level: Level): Promise<Inputs> {
  const { planned = NOTHING, deployed, given, changedInputs } = level;
  const names = Object.values(ssmParametersOf(planned, given));
  const read = await ssmValues(names);
  const stored = Object.fromEntries(names.map((name) => [name, made.has(name) ? made.get(name) : read[name]]));
  return inputsOf({ planned, given, changedInputs, deployed: deployed?.state, stored });
}

function changesOf({ waits }: StackComparison, level: Level, changedParameters: ReadonlySet<string>): TemplateChanges {
  const { deployed, nested } = level;
  const planned = deployed ? withChangedReads(level.planned ?? NOTHING, waits) : (level.planned ?? NOTHING);
  if (deployed && changedParameters.size === 0 && isDeepStrictEqual(deployed.template, planned)) return { resources: [], others: [] };
  const { compareTemplates } = load('./compare-templates') as typeof import('./compare-templates');
  return compareTemplates({ deployed: deployed?.template, planned, changedParameters, nested });
}

function nestedStacksIn({ Resources }: StackTemplate): string[] {
  return Object.keys(Resources).filter((id) => Resources[id].Type === NESTED_STACK);
}

function hasNestedStacks(template: StackTemplate): boolean {
  return nestedStacksIn(template).length > 0;
}

/** The template behind an URL: that of the asset whose place the URL names. */
function nestedTemplate(url: Json | undefined, { stack, templates }: StackComparison): StackTemplate | undefined {
  const text = JSON.stringify(url ?? '');
  const asset = stack.assets.find(
    ({ type, destinations }) =>
      type === 'template' && destinations.some(({ location }) => text.includes(location.split('/').slice(3).join('/'))),
  );
  return asset && templates.get(asset.path);
}

/** Parameters of a nested stack that the stack around it gives another value, or another expression. */
function inputsChangedBy(changes: readonly ResourceChange[], name: string, { Parameters = {} }: StackTemplate): Set<string> {
  const change = changes.find(({ logicalId, action }) => logicalId === name && action === 'modify');
  const isChanged = (parameter: string) => {
    const input = `/Properties/Parameters/${parameter}/`;
    return change?.properties.some((path) => `${path}/`.startsWith(input) || input.startsWith(`${path}/`)) ?? false;
  };
  return new Set(Object.keys(Parameters).filter(isChanged));
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
