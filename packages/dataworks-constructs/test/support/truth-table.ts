import { DeployedPolicies, type Decision, type Template } from './iam';
import { ACCOUNT, REGION } from './synth';

/** Who does what and how; what becomes of it; why; and how the policies decide. */
export type Row = readonly [call: string, expected: Decision['decision'], why: string, decide: () => Decision];

type Json = Readonly<Record<string, unknown>>;

/** A part of a policy, without which the template can be tried. */
interface Part {
  readonly kind: 'statement' | (typeof LISTS)[number] | 'condition';
  readonly name: string;
  /** Of the resource that has the policy. */
  readonly logicalId: string;
  readonly statement: Json;
  /** What remains of the statement. */
  readonly remains: readonly Json[];
}

/** Elements of a statement that are lists. */
const LISTS = ['Action', 'NotAction', 'Resource', 'NotResource'] as const;

/** What else a table can say of its template. */
interface Options {
  /** Which property of which type of resource is a policy. @default - those of IAM policies, keys and buckets */
  readonly documents?: Documents;
  /** Values of the template's parameters. @default - none */
  readonly values?: Readonly<Record<string, string>>;
}

/**
 * Tests that the policies of a template decide as a table says, and that the table misses nothing: every statement, and
 * every action, resource and condition of one, is needed by a row.
 *
 * @param needed the parts that this table is about; those that no row can need are left out with a reason
 */
export function proves(
  template: Template,
  rows: (policies: DeployedPolicies) => readonly Row[],
  needed: (part: Part) => boolean,
  { documents = DOCUMENTS, values }: Options = {},
): void {
  const rowsOf = (by: Template) => rows(new DeployedPolicies(by, { account: ACCOUNT, region: REGION, ...(values && { values }) }));

  test.each(rowsOf(template))('%s: %s (%s)', (_call, expected, _why, decide) => {
    expect(decide()).toMatchObject({ decision: expected });
  });

  const parts = partsOf(template, documents)
    .filter(needed)
    .map((part): [string, Part] => [part.name, part]);
  test.each(parts)('some row needs %s', (_name, part) => {
    expect(rowsOf(without(template, part, documents)).some(([, expected, , decide]) => decide().decision !== expected)).toBe(true);
  });
}

type Documents = Readonly<Record<string, string | undefined>>;

const DOCUMENTS: Documents = {
  'AWS::IAM::Policy': 'PolicyDocument',
  'AWS::KMS::Key': 'KeyPolicy',
  'AWS::S3::BucketPolicy': 'PolicyDocument',
};

/** Who may assume the roles. */
export const TRUST_POLICIES: Documents = { 'AWS::IAM::Role': 'AssumeRolePolicyDocument' };

function statementsOf(template: Template, logicalId: string, documents: Documents): readonly Json[] {
  const { Type, Properties = {} } = template.Resources[logicalId]!;
  const property = documents[Type];
  return property === undefined ? [] : (Properties[property] as { readonly Statement: readonly Json[] }).Statement;
}

function partsOf(template: Template, documents: Documents): readonly Part[] {
  return Object.keys(template.Resources).flatMap((logicalId) =>
    statementsOf(template, logicalId, documents).flatMap((statement, index) => {
      const where = `${logicalId} ${typeof statement.Sid === 'string' ? statement.Sid : `#${index}`}`;
      const part = (kind: Part['kind'], name: string, ...remains: readonly Json[]): Part => ({ kind, name, logicalId, statement, remains });
      const conditions = (statement.Condition ?? {}) as Readonly<Record<string, Json>>;
      return [
        part('statement', where),
        ...LISTS.flatMap((element) =>
          shortened(statement[element]).map(([value, others]) =>
            part(element, `${where}, ${element} ${value}`, { ...statement, [element]: others }),
          ),
        ),
        ...Object.entries(conditions).flatMap(([operator, keys]) =>
          Object.entries(keys).flatMap(([key, values]) => {
            const otherKeys = Object.fromEntries(Object.entries(keys).filter(([other]) => other !== key));
            const changed = (condition: Json) => ({ ...statement, Condition: { ...conditions, [operator]: condition } });
            return [
              part('condition', `${where}, ${operator} ${key}`, changed(otherKeys)),
              ...shortened(values).map(([value, others]) =>
                part('condition', `${where}, ${operator} ${key} ${value}`, changed({ ...keys, [key]: others })),
              ),
            ];
          }),
        ),
      ];
    }),
  );
}

function without(template: Template, { logicalId, statement, remains }: Part, documents: Documents): Template {
  const { Type, Properties = {} } = template.Resources[logicalId]!;
  const property = documents[Type]!;
  const Statement = statementsOf(template, logicalId, documents).flatMap((other) => (other === statement ? remains : [other]));
  const changed = { Type, Properties: { ...Properties, [property]: { ...(Properties[property] as Json), Statement } } };
  return { ...template, Resources: { ...template.Resources, [logicalId]: changed } };
}

/** A list once for each value, without it. */
function shortened(list: unknown): ReadonlyArray<readonly [value: string, others: readonly unknown[]]> {
  if (!Array.isArray(list) || list.length < 2) return [];
  return list.map((value, index) => [JSON.stringify(value), list.filter((_, at) => at !== index)]);
}
