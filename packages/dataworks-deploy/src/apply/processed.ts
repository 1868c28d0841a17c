import { isDeepStrictEqual } from 'node:util';
import { isObject, memberOf, type Json, type JsonObject } from '../plan/template/stack-template';

/** Of the language itself: the same template always becomes the same. */
const OWN: readonly string[] = ['AWS::LanguageExtensions'];

/** What of a template is compared: everything that decides what a resource becomes, or what others read. */
const SECTIONS = ['Conditions', 'Mappings', 'Outputs', 'Parameters', 'Resources', 'Rules'] as const;

const INLINE = 'Fn::Transform';

/** Whether somebody else than the language of CloudFormation makes something else of a template. */
export function isRewritten(template: JsonObject): boolean {
  const transforms = [memberOf(template, 'Transform') ?? []].flat() as readonly Json[];
  return transforms.some((one) => typeof one !== 'string' || !OWN.includes(one)) || hasTransform(template);
}

/**
 * What a transform has made of something that the plan shows as it is written. What has an `Fn::Transform` itself is shown with it, and
 * a resource that stays as it is was made so when it was approved.
 *
 * @param template of the bundle
 * @param processed what CloudFormation deploys in its place
 * @param changing logical ids of the resources that the change set changes
 */
export function processedDivergences(template: JsonObject, processed: JsonObject, changing: ReadonlySet<string>): string[] {
  return SECTIONS.flatMap((section) => {
    const [before, after] = [template, processed].map((one) => memberOf(one, section));
    if (!isObject(before)) return [];
    const changed = Object.keys(before).filter(
      (name) =>
        name !== INLINE &&
        (section !== 'Resources' || changing.has(name)) &&
        !hasTransform(before[name]) &&
        !isDeepStrictEqual(asText(before[name]), asText((isObject(after) ? memberOf(after, name) : undefined) ?? null)),
    );
    return changed.map((name) => `a transform makes something else of ${section}/${name}`);
  });
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
