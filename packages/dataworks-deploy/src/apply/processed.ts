import { isDeepStrictEqual } from 'node:util';
import { isObject, memberOf, type Json, type JsonObject } from '../plan/template/stack-template';

/** Of the language itself: the same template always becomes the same. */
const OWN: readonly string[] = ['AWS::LanguageExtensions'];

/** What of a template is compared: everything that decides what a resource becomes, or what others read. */
const SECTIONS = ['Conditions', 'Mappings', 'Outputs', 'Parameters', 'Resources', 'Rules'] as const;

/** What decides, with the parameters, what the rest of a template says. */
const DECIDING = ['Conditions', 'Mappings'] as const;

const INLINE = 'Fn::Transform';

/** Whether somebody else than the language of CloudFormation makes something else of a template. */
export function isRewritten(template: JsonObject): boolean {
  const transforms = [memberOf(template, 'Transform') ?? []].flat() as readonly Json[];
  return transforms.some((one) => typeof one !== 'string' || !OWN.includes(one)) || hasTransform(template);
}

/** A template, and what CloudFormation deploys in its place. */
export interface ProcessedTemplate {
  readonly original: JsonObject;
  readonly processed: JsonObject;
}

/**
 * What a transform makes otherwise than the plan shows it: of a stack that is there, whatever does not stay as it is and does not become
 * what is written; of another one, whatever is not as it is written. What has an `Fn::Transform` itself is shown with it.
 *
 * @param changing logical ids of the resources that the change set changes
 * @param deployed undefined for a new stack, and for one whose parameters get other values: a text that stays may then say something else
 */
export function processedDivergences(
  planned: ProcessedTemplate,
  changing: ReadonlySet<string>,
  deployed: ProcessedTemplate | undefined,
): string[] {
  const stays = deployed && DECIDING.every((section) => isSame(deployed.original[section], planned.original[section]));
  return stays ? differences(deployed, planned) : rewritten(planned, changing);
}

/** A resource that stays as it is was made so when it was approved. */
function rewritten({ original, processed }: ProcessedTemplate, changing: ReadonlySet<string>): string[] {
  return SECTIONS.flatMap((section) => {
    const [before, after] = [original, processed].map((one) => membersOf(one[section]));
    const changed = Object.keys(before).filter(
      (name) =>
        name !== INLINE &&
        (section !== 'Resources' || changing.has(name)) &&
        !hasTransform(before[name]) &&
        !isSame(before[name], memberOf(after, name)),
    );
    return changed.map((name) => `a transform makes something else of ${section}/${name}`);
  });
}

function differences(deployed: ProcessedTemplate, planned: ProcessedTemplate): string[] {
  return SECTIONS.flatMap((section) => {
    const all = [deployed.original, planned.original, deployed.processed, planned.processed].map((one) => membersOf(one[section]));
    const names = keysOf(all).filter((name) => name !== INLINE && !hasTransform(memberOf(all[1], name) ?? null));
    return names.flatMap((name) => partDifferences(partOf(all, name), `${section}/${name}`, section === 'Resources' ? 2 : 0));
  });
}

/** The same part of four templates: deployed and planned as they are written, and both as the transforms make them. */
type Part = ReadonlyArray<Json | undefined>;

/** @param depth down to which its members are parts of their own: of a resource, each property is */
function partDifferences(part: Part, path: string, depth: number): string[] {
  const [before, after, deployed, made] = part;
  const isShown = !isSame(before, after);
  if (isSame(made, isShown ? after : deployed)) return [];
  if (depth === 0 || !part.every(isObject)) return [`a transform makes something else of ${path}${isShown ? '' : ' than before'}`];
  return keysOf(part).flatMap((key) => partDifferences(partOf(part, key), `${path}/${key}`, depth - 1));
}

function partOf(all: readonly JsonObject[], key: string): Part {
  return all.map((one) => memberOf(one, key));
}

function keysOf(all: readonly JsonObject[]): string[] {
  return [...new Set(all.flatMap((one) => Object.keys(one)))].sort();
}

function membersOf(section: Json | undefined): JsonObject {
  return isObject(section) ? section : {};
}

function isSame(one: Json | undefined, other: Json | undefined): boolean {
  return isDeepStrictEqual(asText(one ?? null), asText(other ?? null));
}

function hasTransform(value: Json): boolean {
  if (Array.isArray(value)) return (value as readonly Json[]).some(hasTransform);
  return isObject(value) && Object.entries(value).some(([key, member]) => key === INLINE || hasTransform(member));
}

/** On the way through a transform, numbers and truth values may become texts, and `Fn::GetAtt` has two notations. */
function asText(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(asText);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === 'Fn::GetAtt' && typeof member === 'string' ? (/^([^.]+)\.(.+)$/.exec(member)?.slice(1) ?? member) : asText(member),
    ]),
  );
}
