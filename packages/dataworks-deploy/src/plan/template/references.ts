import { isObject, type Json } from './stack-template';

/** A parameter or resource that a function names; of a resource, which attribute. */
export type Reference = readonly [name: string, attribute?: string];

/** What one function refers to. An attribute that another function makes is an empty text. */
export function referencesOf(key: string, argument: Json): readonly Reference[] {
  if (key === 'Ref') return typeof argument === 'string' ? [[argument]] : [];
  if (key === 'Fn::GetAtt') return attributeOf(argument);
  return key === 'Fn::Sub' ? substitutedIn(argument) : [];
}

/** Names of all that something in a value refers to. */
export function namesIn(value: Json): string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(namesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => [...referencesOf(key, member).map(([name]) => name), ...namesIn(member)]);
}

/** Whether something in a value refers to one of these. */
export function refersTo(value: Json, names: ReadonlySet<string>): boolean {
  if (Array.isArray(value)) return (value as readonly Json[]).some((one) => refersTo(one, names));
  if (!isObject(value)) return false;
  return Object.entries(value).some(
    ([key, member]) => referencesOf(key, member).some(([name]) => names.has(name)) || refersTo(member, names),
  );
}

function attributeOf(argument: Json): readonly Reference[] {
  const parts = typeof argument === 'string' ? argument.split('.') : Array.isArray(argument) ? (argument as readonly Json[]) : [];
  const [name, ...attribute] = parts;
  if (typeof name !== 'string') return [];
  return [[name, attribute.every((one) => typeof one === 'string') ? attribute.join('.') : '']];
}

/** Names that the function itself gives a meaning are none of the template. */
function substitutedIn(argument: Json): readonly Reference[] {
  const [text, own] = (Array.isArray(argument) ? argument : [argument]) as readonly Json[];
  if (typeof text !== 'string') return [];
  return [...text.matchAll(/\$\{([A-Za-z0-9]+)(?:\.([^}]+))?\}/g)]
    .map(([, name, attribute]): Reference => [name, attribute])
    .filter(([name]) => !isObject(own) || !Object.hasOwn(own, name));
}
