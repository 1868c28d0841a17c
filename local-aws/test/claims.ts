/** What templates claim, value by value, found by walking them: nothing here knows a property by name. */
import { isObject, type Json, type JsonObject } from '../try/json';
import { isIntrinsic, type TemplateResource } from '../try/template';

/** One value of a resource's properties; the call of an intrinsic function is one value. */
export interface Claim {
  readonly logicalId: string;
  /** Type and path, every index written `[]`: the same for all resources that claim it. */
  readonly property: string;
  /** The resource as its template would have to be, were this one value another. */
  readonly altered: TemplateResource;
}

type Path = ReadonlyArray<string | number>;

export function claimsOf(resources: Readonly<Record<string, TemplateResource>>): Claim[] {
  return Object.entries(resources).flatMap(([logicalId, resource]) =>
    valuesIn(resource.Properties ?? {}).map((path) => ({
      logicalId,
      property: [resource.Type, ...path.map((step) => (typeof step === 'number' ? '[]' : step))].join(' '),
      altered: { ...resource, Properties: withAnother(resource.Properties, path) },
    })),
  );
}

function valuesIn(value: Json): Path[] {
  return membersOf(value).flatMap(([step, member]) => valuesOf(member).map((path) => [step, ...path]));
}

/** What has no members is a value itself. */
function valuesOf(value: Json): Path[] {
  return membersOf(value).length === 0 ? [[]] : valuesIn(value);
}

function membersOf(value: Json): Array<[string | number, Json]> {
  if (isObject(value)) return isIntrinsic(value) ? [] : Object.entries(value);
  return Array.isArray(value) ? value.map((item: Json, index) => [index, item]) : [];
}

function withAnother(value: Json, path: Path): Json {
  if (path.length === 0) return another(value);
  const [step, ...rest] = path;
  if (Array.isArray(value)) return value.map((item: Json, index) => (index === step ? withAnother(item, rest) : item));
  const members = value as JsonObject;
  return { ...members, [step]: withAnother(members[step], rest) };
}

function another(value: Json): Json {
  if (typeof value === 'boolean') return !value;
  return typeof value === 'number' ? value + 1 : 'another';
}
