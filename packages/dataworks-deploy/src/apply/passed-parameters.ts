/**
 * Parameters of a nested stack that are passed something of a changing resource around it: what they get is known when that is deployed.
 *
 * @param properties of the nested stack's resource in the template around it
 * @param changing logical ids of resources in that template
 */
export function passedTo(properties: unknown, changing: ReadonlySet<string>): Set<string> {
  const passed = Object.entries(isObject(properties) && isObject(properties.Parameters) ? properties.Parameters : {});
  return new Set(passed.filter(([, value]) => resourcesIn(value).some((logicalId) => changing.has(logicalId))).map(([name]) => name));
}

/** What an expression refers to, by logical id. */
function resourcesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(resourcesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    if (key === 'Ref') return [String(member)];
    if (key === 'Fn::GetAtt') return [String(Array.isArray(member) ? member[0] : member).split('.')[0]];
    const inner = resourcesIn(member);
    if (key !== 'Fn::Sub') return inner;
    const text = String(Array.isArray(member) ? member[0] : member);
    return [...inner, ...[...text.matchAll(/\$\{([A-Za-z0-9]+)/g)].map(([, name]) => name)];
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
