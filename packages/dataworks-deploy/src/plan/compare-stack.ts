/** A stack with its nested stacks, against what is deployed. */
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';
import type { AssemblyStack } from './assembly';
import type { TemplateChanges } from './compare-templates';
import { deployedStack } from './deployed-stack';
import type { Lookup } from './lookup';
import { nestedStacksIn, nestedTemplate } from './nested-templates';
import type { OtherChange, ResourceChange } from './plan';
import type { StackTemplate } from './stack-template';

export interface StackChanges extends TemplateChanges {
  /** Its own template and those of its nested stacks, as planned. */
  readonly templates: readonly StackTemplate[];
}

export interface StackComparison {
  readonly stack: Pick<AssemblyStack, 'assets'>;
  /** By path in the bundle. */
  readonly templates: ReadonlyMap<string, StackTemplate>;
  readonly lookup: Lookup;
}

interface Level {
  readonly planned: StackTemplate | undefined;
  readonly deployed: { readonly id: string; readonly template: StackTemplate } | undefined;
  readonly changedParameters: ReadonlySet<string>;
  readonly nested: readonly string[];
}

/** Loads what compares templates when one has changed: most stacks of a plan are as they were. */
const load = createRequire(__filename);

/** Compare a template and, through its nested stacks, all below it. */
export async function compareStack(comparison: StackComparison, level: Level): Promise<StackChanges> {
  const { planned = { Resources: {} }, deployed, nested } = level;
  const own = changesOf(level);
  const ids = deployed && hasNestedStacks(deployed.template) ? await comparison.lookup.stacks.nestedStacks(deployed.id) : {};
  const names = [...new Set([planned, ...(deployed ? [deployed.template] : [])].flatMap(nestedStacksIn))].sort();
  const inner = await Promise.all(
    names.map(async (name) => {
      const id = ids[name];
      const below = id === undefined ? undefined : await deployedStack(comparison.lookup, id);
      const resource = planned.Resources[name] as StackTemplate['Resources'][string] | undefined;
      const template = resource && nestedTemplate(resource.Properties?.TemplateURL, comparison.stack, comparison.templates);
      return compareStack(comparison, {
        planned: template,
        deployed: below && { id: below.state.id, template: below.template },
        changedParameters: changedInputs(own.resources, name),
        nested: [...nested, name],
      });
    }),
  );
  return {
    resources: [...own.resources, ...inner.flatMap(({ resources }) => resources)],
    others: own.others,
    templates: [planned, ...inner.flatMap(({ templates }) => templates)],
  };
}

function changesOf({ planned = { Resources: {} }, deployed, changedParameters, nested }: Level): TemplateChanges {
  if (deployed && changedParameters.size === 0 && isDeepStrictEqual(deployed.template, planned)) return { resources: [], others: [] };
  const { compareTemplates } = load('./compare-templates') as typeof import('./compare-templates');
  return compareTemplates({ deployed: deployed?.template, planned, changedParameters, nested });
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
