/** What stands at a path of JSON; undefined where the path ends early. */
export function at(json: unknown, ...path: ReadonlyArray<string | number>): unknown {
  return path.reduce<unknown>(
    (value, key) => (value === null || typeof value !== 'object' ? undefined : (value as Record<string, unknown>)[key]),
    json,
  );
}

/** CloudFormation and IAM let one value stand for a list of one. */
export function list(json: unknown): unknown[] {
  if (json === undefined) return [];
  return Array.isArray(json) ? json : [json];
}

/** A number, also where CloudFormation takes a string for one. NaN, which no comparison holds for, where only the deployment knows it. */
export function number(json: unknown): number | undefined {
  if (json === undefined) return undefined;
  return typeof json === 'number' || (typeof json === 'string' && json.trim() !== '') ? Number(json) : NaN;
}

/** The entries of an object; none of anything else. */
export function entries(json: unknown): Array<[string, unknown]> {
  return json !== null && typeof json === 'object' && !Array.isArray(json) ? Object.entries(json) : [];
}

/**
 * A value of a template as one string, whichever intrinsic function wrote it: `<Key.Arn>`, `<AWS::AccountId>`.
 *
 * What cannot be said so (`Fn::If`, …) stays JSON, and so equals nothing that a check expects.
 */
export function flat(json: unknown): string {
  if (json === undefined) return '';
  if (typeof json === 'string') return json;
  const [[name, value] = ['', undefined], ...others] = entries(json);
  if (others.length > 0) return JSON.stringify(json);
  switch (name) {
    case 'Ref':
      return `<${flat(value)}>`;
    case 'Fn::GetAtt':
      return `<${list(value).map(flat).join('.')}>`;
    case 'Fn::ImportValue':
      return flat(value);
    case 'Fn::Join':
      return list(at(value, 1))
        .map(flat)
        .join(flat(at(value, 0)));
    case 'Fn::Sub':
      return typeof value === 'string' ? value.replace(/\$\{([^!}][^}]*)\}/g, '<$1>') : JSON.stringify(json);
    default:
      return JSON.stringify(json);
  }
}
