/** What a transform may make of a template that was approved. */
import { isRewritten, processedDivergences, type ProcessedTemplate } from '../../src/apply/processed';
import type { JsonObject } from '../../src/plan/template/stack-template';

const topic = (DisplayName: unknown) => ({ Type: 'AWS::SNS::Topic', Properties: { DisplayName } });
const INLINE = { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 's3://a/b' } } };

test.each<[string, object, boolean]>([
  ['no transform', { Resources: { T: topic('a') } }, false],
  ['that of the language itself', { Transform: 'AWS::LanguageExtensions', Resources: {} }, false],
  ['another one', { Transform: ['AWS::LanguageExtensions', 'Mine'], Resources: {} }, true],
  ['one with parameters', { Transform: { Name: 'AWS::Include', Parameters: {} }, Resources: {} }, true],
  ['one within a resource', { Resources: { T: topic(INLINE) } }, true],
])('a template with %s', (_, template, expected) => {
  expect(isRewritten(template as JsonObject)).toBe(expected);
});

test.each<[string, object, object, string[]]>([
  ['nothing', { Resources: { T: topic('a') } }, { Resources: { T: topic('a') } }, []],
  [
    'other notations',
    { Resources: { T: topic({ 'Fn::GetAtt': 'A.B.C', x: [1, true] }) } },
    { Resources: { T: topic({ x: ['1', 'true'], 'Fn::GetAtt': ['A', 'B.C'] }) } },
    [],
  ],
  ['a value', { Resources: { T: topic('1.0') } }, { Resources: { T: topic('1') } }, ['Resources/T']],
  [
    'one more property',
    { Resources: { T: topic('a') } },
    { Resources: { T: { ...topic('a'), DeletionPolicy: 'Delete' } } },
    ['Resources/T'],
  ],
  ['a resource that is gone', { Resources: { T: topic('a') } }, { Resources: {} }, ['Resources/T']],
  [
    'what stands in a resource of its own',
    { Resources: { T: topic(INLINE), U: topic('a') } },
    { Resources: { T: topic('b'), U: topic('a') } },
    [],
  ],
  ['what stands beside the resources', { Resources: { ...INLINE, T: topic('a') } }, { Resources: { T: topic('b') } }, ['Resources/T']],
  ['a mapping', { Mappings: { M: { a: { b: 'c' } } } }, { Mappings: { M: { a: { b: '*' } } } }, ['Mappings/M']],
  [
    'a condition',
    { Conditions: { On: { 'Fn::Equals': ['a', 'a'] } } },
    { Conditions: { On: { 'Fn::Equals': ['a', 'b'] } } },
    ['Conditions/On'],
  ],
])('a transform changes %s', (_, template, processed, names) => {
  const planned = pair({ Resources: {}, ...template }, processed);
  expect(processedDivergences(planned, new Set(['T']), undefined)).toEqual(names.map(otherwise));
});

test('what a transform makes of a resource that the change set leaves as it is, it has made before', () => {
  const [template, processed] = ['a', 'b'].map((name) => ({ Resources: { T: topic(name) } }));
  expect(processedDivergences(pair(template, processed), new Set(['U']), undefined)).toEqual([]);
});

describe('in a stack that was deployed with a transform, which makes a function, its role and its version', () => {
  const FUNCTION = { Type: 'AWS::Serverless::Function', Properties: { Handler: 'a', Environment: { A: '1' } } };
  const ROLE = { Type: 'AWS::IAM::Role', Properties: { Description: 'a', Policies: ['p'] }, Metadata: { Path: 'a' } };
  const WRITTEN = { Outputs: { V: { Value: { Ref: 'Fn.Version' } } }, Resources: { Fn: FUNCTION, Role: ROLE, T: topic('a') } };
  const MADE = {
    Outputs: { V: { Value: { Ref: 'FnVersion1' } } },
    Resources: {
      Fn: { Type: 'AWS::Lambda::Function', Properties: { Handler: 'a', Environment: { A: '1', B: '*' }, Tags: ['by SAM'] } },
      FnRole: { Type: 'AWS::IAM::Role', Properties: {} },
      FnVersion1: { Type: 'AWS::Lambda::Version' },
      Role: { ...ROLE, Properties: { ...ROLE.Properties, PermissionsBoundary: 'b' }, DeletionPolicy: 'Retain' },
      T: topic('a'),
    },
  };
  /** Where the two pairs of templates differ: a text in place of another, in what is written and in what it is made of. */
  const found = (written: Edit, made: Edit, everywhere: Edit = same) =>
    processedDivergences(
      pair(edited(WRITTEN, everywhere, written), edited(MADE, everywhere, made)),
      new Set(['Fn', 'FnRole', 'Role', 'T']), // a tag of the stack reaches each of them
      pair(edited(WRITTEN, everywhere), edited(MADE, everywhere)),
    );
  const set =
    (path: string, value: unknown): Edit =>
    (template) => {
      const keys = path.split('/');
      const last = keys.pop()!;
      const holder = keys.reduce((one, key) => one[key] as Template, template);
      holder[last] = structuredClone(value);
    };
  const both =
    (...edits: Edit[]): Edit =>
    (template) => {
      for (const edit of edits) edit(template);
    };
  const TRUST = set('Resources/Role/Properties/AssumeRolePolicyDocument', '*');
  const described = set('Resources/Role/Properties/Description', 'b');

  test.each<[string, Edit, Edit?]>([
    ['nothing changes but the tags', same],
    ['a resource changes that the transform leaves alone', set('Resources/T', topic('b'))],
    ['one is added', set('Resources/U', topic('b'))],
    ['a property changes beside one that the transform adds', described],
    ['so does one of the function', set('Resources/Fn/Properties/Environment', { A: '2' })],
    ['metadata', set('Resources/Role/Metadata/Path', 'b')],
    ['an output', set('Outputs/V/Value', 'none')],
    ['a resource goes that the transform adds something to', set('Resources/Role', undefined)],
    ['the resources get a transform that adds none', set('Resources/Fn::Transform', INLINE['Fn::Transform']), same],
    ['a resource has a transform itself', set('Resources/T', topic(INLINE)), set('Resources/T', topic('b'))],
  ])('%s: nothing is refused', (_, written, made = written) => {
    expect(found(written, made)).toEqual([]);
  });

  test.each<[string, Edit, Edit, string[]]>([
    ['widens a trust that does not change', same, TRUST, ['Resources/Role/Properties/AssumeRolePolicyDocument than before']],
    [
      'widens it beside what changes',
      described,
      both(described, TRUST),
      ['Resources/Role/Properties/AssumeRolePolicyDocument than before'],
    ],
    ['widens what changes', described, set('Resources/Role/Properties/Description', '*'), ['Resources/Role/Properties/Description']],
    [
      'has put something into the property that changes',
      set('Resources/Fn/Properties/Environment', { A: '2' }),
      set('Resources/Fn/Properties/Environment', { A: '2', B: '*' }),
      ['Resources/Fn/Properties/Environment'],
    ],
    ['keeps what would change', described, same, ['Resources/Role/Properties/Description']],
    ['adds to what is new', set('Resources/U', topic('a')), set('Resources/U', topic('b')), ['Resources/U']],
    ['changes what it has made', same, set('Resources/FnRole/Properties/Policies', ['*']), ['Resources/FnRole than before']],
    ['adds a resource', same, set('Resources/New', topic('a')), ['Resources/New than before']],
    ['no longer retains', same, set('Resources/Role/DeletionPolicy', 'Delete'), ['Resources/Role/DeletionPolicy than before']],
    [
      'no longer does what it did',
      same,
      set('Resources/Role', ROLE),
      ['DeletionPolicy', 'Properties/PermissionsBoundary'].map((one) => `Resources/Role/${one} than before`),
    ],
    ['changes an output', same, set('Outputs/V/Value', 'x'), ['Outputs/V than before']],
    ['adds an output', same, set('Outputs/W', { Value: 'x' }), ['Outputs/W than before']],
    [
      'takes another code',
      set('Resources/Fn/Properties/CodeUri', 'b'),
      set('Resources/Fn/Properties/Code', 'b'),
      ['Resources/Fn/Properties/Code than before', 'Resources/Fn/Properties/CodeUri'],
    ],
  ])('it %s: that is refused', (_, written, made, names) => {
    expect(found(written, made)).toEqual(names.map(otherwise));
  });

  test.each(['Conditions', 'Mappings'])(
    '%s change: what stays as a text may become something else, and all is to be as it is written',
    (section) => {
      const refused = ['Outputs/V', 'Resources/Fn', 'Resources/Role'].map(otherwise);
      expect(found(set(`${section}/On`, 'b'), set(`${section}/On`, 'b'), set(section, { On: 'a' }))).toEqual(refused);
    },
  );
});

type Template = Record<string, unknown>;
type Edit = (template: Template) => void;

function same(): void {}

function edited(template: object, ...edits: readonly Edit[]): object {
  const copy = structuredClone(template) as Template;
  for (const edit of edits) edit(copy);
  return copy;
}

function pair(original: object, processed: object): ProcessedTemplate {
  return { original, processed } as ProcessedTemplate;
}

function otherwise(name: string): string {
  return `a transform makes something else of ${name}`;
}
