/** A stack with its nested stacks, against what is deployed. */
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';
import type { AssemblyStack } from './assembly';
import type { TemplateChanges } from './compare-templates';
import { deployedStack } from './deployed-stack';
import { evaluated, inputsOf, valuesIn, type BeforeAndAfter, type Given, type Valued } from './evaluated';
import type { Lookup } from './lookup';
import { nestedStacksIn, nestedTemplate } from './nested-templates';
import type { OtherChange, ResourceChange } from './plan';
import type { StackTemplate } from './stack-template';

export interface StackChanges extends TemplateChanges {
  /** Its own template and those of its nested stacks, as planned. */
  readonly templates: readonly StackTemplate[];
}

export interface StackComparison {
  readonly stack: Pick<AssemblyStack, 'assets' | 'name' | 'region'>;
  /** 12 digits. */
  readonly account: string;
  /** By path in the bundle. */
  readonly templates: ReadonlyMap<string, StackTemplate>;
  readonly lookup: Lookup;
}

interface Level {
  readonly planned: StackTemplate | undefined;
  /** To the parameters of the planned template. */
  readonly given: Given;
  readonly deployed: { readonly id: string; readonly template: StackTemplate; readonly given: Given } | undefined;
  readonly changedParameters: ReadonlySet<string>;
  readonly nested: readonly string[];
}

/** Loads what compares templates when one has changed: most stacks of a plan are as they were. */
const load = createRequire(__filename);

const NOTHING: StackTemplate = { Resources: {} };

/** Compare a template and, through its nested stacks, all below it. */
export async function compareStack(comparison: StackComparison, level: Level): Promise<StackChanges> {
  const { planned: template = NOTHING, given, deployed, changedParameters, nested } = level;
  const { stack, account } = comparison;
  const valued = (one: StackTemplate, to: Given): Valued => ({ template: one, values: valuesIn(one, to, { ...stack, account }) });
  const after = valued(template, given);
  const before = deployed && valued(deployed.template, deployed.given);
  const both = evaluated(after, before, changedParameters, [stack.name, ...nested].join('/'));
  const own = changesOf(both, level);
  const ids = deployed && both.deployed && hasNestedStacks(both.deployed) ? await comparison.lookup.stacks.nestedStacks(deployed.id) : {};
  const names = [...new Set([both.planned, ...(both.deployed ? [both.deployed] : [])].flatMap(nestedStacksIn))].sort();
  const inner = await Promise.all(
    names.map(async (name) => {
      const id = ids[name];
      const below = id === undefined ? undefined : await deployedStack(comparison.lookup, id);
      const resource = both.planned.Resources[name] as StackTemplate['Resources'][string] | undefined;
      const changed = changedInputs(own.resources, name);
      const kept = (values: Readonly<Record<string, string>> = {}) =>
        Object.fromEntries(Object.entries(values).filter(([input]) => !changed.has(input)));
      return compareStack(comparison, {
        planned: resource && nestedTemplate(resource.Properties?.TemplateURL, stack, comparison.templates),
        given: {
          parameters: { ...inputsOf(resource?.Properties?.Parameters, after), ...kept(below?.state.parameters) },
          resolved: kept(below?.state.resolved),
        },
        deployed: below && { id: below.state.id, template: below.template, given: below.state },
        changedParameters: changed,
        nested: [...nested, name],
      });
    }),
  );
  return {
    resources: [...own.resources, ...inner.flatMap(({ resources }) => resources)],
    others: own.others,
    templates: [template, ...inner.flatMap(({ templates }) => templates)],
  };
}

function changesOf({ planned, deployed }: BeforeAndAfter, { changedParameters, nested }: Level): TemplateChanges {
  if (deployed && changedParameters.size === 0 && isDeepStrictEqual(deployed, planned)) return { resources: [], others: [] };
  const { compareTemplates } = load('./compare-templates') as typeof import('./compare-templates');
  return compareTemplates({ deployed, planned, changedParameters, nested });
}

function hasNestedStacks(template: StackTemplate): boolean {
  return nestedStacksIn(template).length > 0;
}

/** Parameters of a nested stack that get another value. */
function changedInputs(changes: readonly ResourceChange[], name: string): Set<string> {
  const change = changes.find(({ logicalId, action }) => logicalId === name && action === 'modify');
  const paths = change?.properties ?? [];
  const start = '/Properties/Parameters/';
  return new Set(paths.filter((path) => path.startsWith(start)).map((path) => path.slice(start.length).split('/')[0]));
}

/** The role that CloudFormation gets in the place of the one that it has. It takes it with another change, not for its own sake. */
export function roleChange({ roleArn }: Pick<AssemblyStack, 'roleArn'>, deployed: Pick<AssemblyStack, 'roleArn'>): OtherChange[] {
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
