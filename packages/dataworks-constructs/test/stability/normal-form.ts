type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Rewrites every object of a template, those inside first. */
function rewrite(value: unknown, change: (object: Json) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, change));
  if (!isObject(value)) return value;
  return change(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rewrite(item, change)])));
}

/** `{ Ref: AWS::Partition }` is the partition of the stack's region; joined strings are one string. */
export function withPartition<T>(template: T, partition: string): T {
  return rewrite(template, (object) => {
    if (object.Ref === 'AWS::Partition') return partition;
    if (!('Fn::Join' in object)) return object;
    const [delimiter, parts] = object['Fn::Join'] as [string, readonly unknown[]];
    const joined = parts.reduce<unknown[]>((done, part) => {
      const last = done.at(-1);
      return typeof last === 'string' && typeof part === 'string' ? [...done.slice(0, -1), last + delimiter + part] : [...done, part];
    }, []);
    return joined.length === 1 ? joined[0] : { 'Fn::Join': [delimiter, joined] };
  }) as T;
}

/**
 * Every policy as the set of what its statements say, one principal, action and resource each.
 *
 * IAM decides a request by every combination on its own, so policies with equal sets decide alike, however their
 * statements are merged or ordered. A Sid is kept: statements with one are never merged. What a statement excepts, it
 * excepts as a whole.
 */
export function withoutMergedStatements<T>(template: T): T {
  return rewrite(template, (object) => {
    if (!Array.isArray(object.Statement)) return object;
    const said = (object.Statement as Json[]).flatMap(combinations).map((statement) => JSON.stringify(statement));
    return { ...object, Statement: [...new Set(said)].sort() };
  }) as T;
}

function combinations({ Principal, Action, NotAction, Resource, NotResource, Condition, Effect, Sid, ...others }: Json): Json[] {
  const unknown = Object.keys(others);
  if (unknown.length > 0) throw new Error(`A statement cannot be taken apart that has ${unknown.join(', ')}.`);
  const principals = isObject(Principal)
    ? Object.entries(Principal).flatMap(([type, names]) => list(names).map((name) => ({ [type]: name })))
    : [Principal];
  return principals.flatMap((principal) =>
    list(Action).flatMap((action) =>
      list(Resource).map((resource) => ({
        ...{ Sid, Effect, principal, action, resource, Condition },
        ...{ notActions: sorted(NotAction), notResources: sorted(NotResource) },
      })),
    ),
  );
}

const sorted = (value: unknown): readonly string[] =>
  list(value)
    .map((item) => JSON.stringify(item))
    .sort();

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value]);

/** An output of one stack that another reads, by export or by stack output: which, without how. */
export function withoutReferenceStrength<T>(template: T): T {
  const named = (output: string): string => output.replace(/^(.*:)?(Exports|Publish)Output(\w+)\w{8}$/, 'Output $3');
  return rewrite(template, (object) => {
    if (typeof object['Fn::ImportValue'] === 'string') return { output: named(object['Fn::ImportValue']) };
    if (isObject(object['Fn::GetStackOutput'])) return { output: named(String(object['Fn::GetStackOutput'].OutputName)) };
    if (!isObject(object.Outputs)) return object;
    const outputs = Object.entries(object.Outputs).map(([name, output]) => [named(name), { ...(output as Json), Export: undefined }]);
    return { ...object, Outputs: Object.fromEntries(outputs) as Json };
  }) as T;
}
