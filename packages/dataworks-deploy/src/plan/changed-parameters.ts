import type { Wait } from './plan';
import { isObject, type Json, type StackTemplate } from './stack-template';
import { DYNAMIC, isRead } from './waits';

/** Put behind a name, so that what depends on it differs from what is deployed. A name in CloudFormation has no such character. */
const CHANGED = '@changed';

/** The template with every reference to these parameters marked, directly or through a condition. */
export function withChangedParameters(template: StackTemplate, changed: ReadonlySet<string>): StackTemplate {
  if (changed.size === 0) return template;
  const sections = { ...template, Conditions: marked((template.Conditions ?? {}) as Json, changed, new Set()) };
  const conditions = changedConditions((template.Conditions ?? {}) as Readonly<Record<string, Json>>, changed);
  return {
    ...sections,
    Resources: marked(template.Resources as unknown as Json, changed, conditions) as unknown as StackTemplate['Resources'],
    ...(template.Outputs && { Outputs: marked(template.Outputs as unknown as Json, changed, conditions) as StackTemplate['Outputs'] }),
  };
}

/** Conditions that depend on one of these parameters. */
export function changedConditions(conditions: Readonly<Record<string, Json>>, parameters: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const [name, condition] of Object.entries(conditions)) {
      if (JSON.stringify(marked(condition, parameters, found)) !== JSON.stringify(condition)) found.add(name);
    }
  }
  return found;
}

function marked(value: Json, parameters: ReadonlySet<string>, conditions: ReadonlySet<string>): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => marked(one, parameters, conditions));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]): [string, Json] => {
      if (key === 'Ref' && typeof member === 'string' && parameters.has(member)) return [key, `${member}${CHANGED}`];
      if (key === 'Condition' && typeof member === 'string' && conditions.has(member)) return [key, `${member}${CHANGED}`];
      const inner = marked(member, parameters, conditions);
      if (key === 'Fn::If' && Array.isArray(inner) && typeof inner[0] === 'string' && conditions.has(inner[0])) {
        return [key, [`${inner[0]}${CHANGED}`, ...(inner.slice(1) as Json[])]];
      }
      return [key, key === 'Fn::Sub' ? markedSub(inner, parameters) : inner];
    }),
  );
}

function markedSub(value: Json, parameters: ReadonlySet<string>): Json {
  if (Array.isArray(value)) return [markedSub(value[0] as Json, parameters), ...(value.slice(1) as Json[])];
  if (typeof value !== 'string') return value;
  return value.replace(/\$\{([A-Za-z0-9]+)\}/g, (whole, name: string) => (parameters.has(name) ? `\${${name}${CHANGED}}` : whole));
}

/** The template with everything marked that reads, otherwise than by a parameter, what another stack makes first. */
export function withChangedReads(template: StackTemplate, waits: readonly Wait[]): StackTemplate {
  if (waits.length === 0) return template;
  const { Resources, Outputs } = template;
  return {
    ...template,
    Resources: markedReads(Resources as unknown as Json, waits) as unknown as StackTemplate['Resources'],
    ...(Outputs && { Outputs: markedReads(Outputs as unknown as Json, waits) as StackTemplate['Outputs'] }),
  };
}

function markedReads(value: Json, waits: readonly Wait[]): Json {
  if (typeof value === 'string') {
    const isMade = (name: string) => waits.some((wait) => wait.kind === 'parameter' && wait.name === name);
    // A version never gets another value.
    return value.replace(DYNAMIC, (whole, name: string, version?: string) =>
      version === undefined && isMade(name) ? `${whole}${CHANGED}` : whole,
    );
  }
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => markedReads(one, waits));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]): [string, Json] => [
      isRead(key, member, waits) ? `${key}${CHANGED}` : key,
      markedReads(member, waits),
    ]),
  );
}
