/** Old and new values of what a plan changes, as a reviewer reads them. */
import type { BeforeAndAfter } from './evaluated';
import type { PropertyValue, ResourceChange } from '../plan';
import { isIntrinsic } from '../template/property-paths';
import { isObject, memberOf, type Json, type JsonObject } from '../template/stack-template';

/** The changes of a template with the values that the two templates have, their conditions and mappings worked out. */
export function withValues(changes: readonly ResourceChange[], { deployed, planned }: BeforeAndAfter): ResourceChange[] {
  const resource = (template: BeforeAndAfter['deployed'], logicalId: string) =>
    template && memberOf(template.Resources as unknown as JsonObject, logicalId);
  return changes.map((change) => {
    const before = resource(deployed, change.logicalId);
    const after = resource(planned, change.logicalId);
    const paths = change.action === 'modify' ? change.properties : pathsIn(before ?? after);
    return { ...change, values: paths.map((path) => valueBetween(before, after, path)) };
  });
}

function valueBetween(before: Json | undefined, after: Json | undefined, path: string): PropertyValue {
  const [from, to] = [valueAt(before, path), valueAt(after, path)];
  return { path, ...(from !== undefined && { from: textOf(from) }), ...(to !== undefined && { to: textOf(to) }) };
}

/** Of what is added or removed: each property, and each attribute but those that say what it is. */
function pathsIn(resource: Json | undefined): string[] {
  if (!isObject(resource)) return [];
  const attributes = Object.keys(resource).filter((name) => !['Type', 'Metadata', 'Properties'].includes(name));
  const properties = isObject(resource.Properties) ? Object.keys(resource.Properties) : [];
  return [...properties.map((name) => `/Properties/${name}`), ...attributes.map((name) => `/${name}`)].sort();
}

/** What stands at a path. Keys may have slashes of their own. */
function valueAt(json: Json | undefined, path: string): Json | undefined {
  if (path === '' || typeof json !== 'object' || json === null) return path === '' ? json : undefined;
  const found = Object.entries(json as JsonObject)
    .filter(([key]) => `${path}/`.startsWith(`/${key}/`))
    .map(([key, member]) => valueAt(member, path.slice(key.length + 1)));
  return found.find((value) => value !== undefined);
}

/** A text stands for itself; anything else is JSON. What CloudFormation finds out stands in `${}`, as in `Fn::Sub`. */
function textOf(json: Json): string {
  const short = shortened(json);
  return typeof short === 'string' ? short : JSON.stringify(short);
}

function shortened(json: Json): Json {
  if (typeof json === 'string') return json.replaceAll('${', '${!');
  if (Array.isArray(json)) return (json as readonly Json[]).map(shortened);
  if (!isObject(json)) return json;
  if (isIntrinsic(json)) return functionText(...Object.entries(json)[0]);
  return Object.fromEntries(Object.entries(json).map(([key, member]) => [key, shortened(member)]));
}

function functionText(name: string, argument: Json): string {
  const list = Array.isArray(argument) ? (argument as readonly Json[]) : [argument];
  const [first, second] = list;
  if (name === 'Ref') return `\${${textOf(argument)}}`;
  if (name === 'Fn::GetAtt') return `\${${list.map(textOf).join('.')}}`;
  if (name === 'Fn::Sub' && typeof first === 'string') return substituted(first, isObject(second) ? second : {});
  if (name === 'Fn::Join' && typeof first === 'string' && Array.isArray(second)) {
    return (second as readonly Json[]).map(textOf).join(first);
  }
  return `\${${name.replace(/^Fn::/, '')}(${list.map(textOf).join(', ')})}`;
}

function substituted(text: string, values: JsonObject): string {
  return text.replace(/\$\{([^!}]+)\}/g, (whole, name: string) => {
    const value = memberOf(values, name.trim());
    return value === undefined ? whole : textOf(value);
  });
}
