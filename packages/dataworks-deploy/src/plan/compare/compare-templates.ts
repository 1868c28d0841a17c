import { fullDiff, ResourceImpact, type ResourceDifference, type TemplateDiff } from '@aws-cdk/cloudformation-diff';
import { certaintyBetween, unmarked, whereItStays, withLookups } from './changed-values';
import { isForeign } from './given-values';
import type { OtherChange, Replacement, ResourceChange } from '../plan';
import { broadeningOf } from '../risks/broadening';
import { expiryOf, weakeningOf } from '../risks/weakening';
import { withExactTexts, withoutMarks } from '../template/exact-texts';
import { differingPaths } from '../template/property-paths';
import type { Json, JsonObject, StackTemplate, TemplateResource } from '../template/stack-template';
import { STATEFUL } from '../template/stateful';

export interface ResourceComparison {
  readonly logicalId: string;
  /** Logical ids of the nested stacks that lead to it. */
  readonly nested: readonly string[];
  /** Undefined for one that does not exist. */
  readonly deployed: TemplateResource | undefined;
  /** With its changed values marked; undefined for one that is removed. */
  readonly planned: TemplateResource | undefined;
  /** What it reads that may be replaced: logical ids, those of nested stacks first. */
  readonly causes: () => readonly string[];
}

/** The diff's names for sections, and ours. */
const SECTIONS = {
  conditions: 'conditions',
  mappings: 'mappings',
  metadata: 'metadata',
  outputs: 'outputs',
  parameters: 'parameters',
  unknown: 'rules',
} as const satisfies Partial<Record<keyof TemplateDiff, OtherChange['what']>>;

/** What CloudFormation would change of a resource, as far as two templates tell; undefined when it stays. */
export function compareResource(comparison: ResourceComparison): ResourceChange | undefined {
  const { logicalId, deployed, planned } = comparison;
  const [before, after] = [deployed, planned].map((resource) => exact({ Resources: resource ? { [logicalId]: resource } : {} }));
  const change = Object.values(fullDiff(before, after).resources.changes).at(0);
  return change && resourceChange(change, comparison);
}

/** What CloudFormation would change beside the resources. */
export function compareSections(deployed: StackTemplate, planned: StackTemplate): OtherChange[] {
  const [before, after] = [deployed, planned].map((template) => exact({ ...template, Resources: {} }));
  return otherChanges(fullDiff(before, after));
}

function exact(template: StackTemplate): StackTemplate {
  return withExactTexts(template as unknown as Json) as unknown as StackTemplate;
}

/** The difference's own notation of a resource. */
function plain(resource: unknown): TemplateResource | undefined {
  return resource === undefined ? undefined : (withoutMarks(resource as Json) as unknown as TemplateResource);
}

function resourceChange(change: ResourceDifference, { logicalId, nested, causes }: ResourceComparison): ResourceChange | undefined {
  const [before, after] = [change.oldValue, change.newValue].map(plain);
  const properties = before && after ? pathsOf(change, before, after) : [];
  if (before && after && properties.length === 0) return undefined;
  const type = (after ?? before)?.Type ?? 'Fn::ForEach';
  const replacement = before && after ? replacementOf(change) : 'never';
  const [broadening, expiry, weakening] = [broadeningOf, expiryOf, weakeningOf].map((riskOf) => {
    const reason = riskOf(type, before, after && lookedUp(whereItStays(after)));
    return reason && unmarked(reason);
  });
  // What it follows from in another stack is told there; what it may lose by that, here.
  const follows = properties.length > 0 && onlyFollows(change) ? causes() : [];
  const path = (after ?? before)?.Metadata?.['aws:cdk:path'];
  return {
    nested,
    logicalId,
    type,
    ...(typeof path === 'string' && { construct: path.replace(/(\/(Resource|Default))+$/, '') }),
    action: before ? (after ? 'modify' : 'remove') : 'add',
    replacement,
    deletes: deletes(before, after, replacement),
    properties,
    stateful: [before?.Type, after?.Type].some((one) => one !== undefined && STATEFUL.has(one)),
    ...(follows.length > 0 && { follows }),
    ...(broadening !== undefined && { broadening }),
    ...(expiry !== undefined && { expiry }),
    ...(weakening !== undefined && { weakening }),
  };
}

function lookedUp(resource: TemplateResource): TemplateResource {
  return { ...resource, ...(resource.Properties && { Properties: withLookups(resource.Properties) as JsonObject }) };
}

/** What CloudFormation looks up anew in a property that changes may change too. */
function pathsOf(change: ResourceDifference, before: TemplateResource, after: TemplateResource): string[] {
  if (before.Type !== after.Type) return ['/Type'];
  const properties = Object.entries(change.propertyUpdates).flatMap(([name, { oldValue, newValue }]) => {
    const value = newValue as Json | undefined;
    return differingPaths(oldValue as Json | undefined, value && withLookups(value), `/Properties/${name}`);
  });
  const attributes = Object.keys(change.otherChanges).map((name) => `/${name}`);
  return [...properties, ...attributes].sort();
}

const REPLACEMENTS: Partial<Record<ResourceImpact, Replacement>> = {
  [ResourceImpact.WILL_REPLACE]: 'always',
  [ResourceImpact.MAY_REPLACE]: 'conditional',
};

function replacementOf(change: ResourceDifference): Replacement {
  if (change.resourceTypeChanged) return 'always';
  const replacement = REPLACEMENTS[change.changeImpact] ?? (isForeignUpdate(change) ? 'conditional' : 'never');
  const replacing = Object.values(change.propertyUpdates).filter(({ changeImpact }) => changeImpact === ResourceImpact.WILL_REPLACE);
  const isCertain = replacing.some(
    ({ oldValue, newValue }) => certaintyBetween(oldValue as Json | undefined, newValue as Json | undefined) === 'certainly',
  );
  return replacement === 'always' && !isCertain ? 'conditional' : replacement;
}

/** Whether nothing of it changes unless what it reads is replaced. */
function onlyFollows(change: ResourceDifference): boolean {
  return [...Object.values(change.propertyUpdates), ...Object.values(change.otherChanges)].every(
    ({ oldValue, newValue }) => certaintyBetween(oldValue as Json | undefined, newValue as Json | undefined) === 'moved',
  );
}

/** What a handler makes of new properties; of metadata and dependencies it is told nothing. */
function isForeignUpdate({ resourceType = '', propertyUpdates }: ResourceDifference): boolean {
  return isForeign(resourceType) && Object.keys(propertyUpdates).length > 0;
}

const KEEPS = ['Retain', 'RetainExceptOnCreate'];

/** On a removal the deployed policy holds; on a replacement both are looked at, for which of them holds is not documented. */
function deletes(before: TemplateResource | undefined, after: TemplateResource | undefined, replacement: Replacement): boolean {
  if (!before) return false;
  if (!after) return !KEEPS.includes(before.DeletionPolicy ?? 'Delete');
  return replacement !== 'never' && ![before, after].every(({ UpdateReplacePolicy = 'Delete' }) => KEEPS.includes(UpdateReplacePolicy));
}

function otherChanges(difference: TemplateDiff): OtherChange[] {
  const sections = Object.entries(SECTIONS).map(([section, what]) => ({
    what,
    names: difference[section as keyof typeof SECTIONS].logicalIds.filter(
      (name) => difference[section as keyof typeof SECTIONS].get(name).isDifferent,
    ),
  }));
  return [
    ...sections.filter(({ names }) => names.length > 0).map(({ what, names }) => ({ what, names: names.sort() })),
    ...(difference.description?.isDifferent ? [{ what: 'description' as const, names: [] }] : []),
    ...(difference.transform?.isDifferent ? [{ what: 'transform' as const, names: [] }] : []),
  ];
}

/** Load what knows which properties replace a resource: half a second that is better spent while something else is waited for. */
export function loadResourceTypes(): void {
  const bucket = (name: string) => ({ Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: name } } } });
  fullDiff(bucket('one'), bucket('other'));
}
