/** What a transform may make of a template that was approved. */
import { isRewritten, processedDivergences } from '../../src/apply/processed';
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
  const expected = names.map((name) => `a transform makes something else of ${name}`);
  expect(processedDivergences({ Resources: {}, ...template }, processed as JsonObject, new Set(['T']))).toEqual(expected);
});

test('what a transform makes of a resource that the change set leaves as it is, it has made before', () => {
  const [template, processed] = ['a', 'b'].map((name) => ({ Resources: { T: topic(name) } }));
  expect(processedDivergences(template as JsonObject, processed as JsonObject, new Set(['U']))).toEqual([]);
});
