import { compare, isEqual } from '../../try/compare';
import type { JsonObject } from '../../try/json';

const differing = (expected: JsonObject, actual: JsonObject) => compare(expected, actual).filter((comparison) => !isEqual(comparison));

describe('the same thing written in another way is no difference', () => {
  test.each<[string, JsonObject, JsonObject]>([
    ['numbers as text', { RotationPeriodInDays: 365 }, { RotationPeriodInDays: '365' }],
    ['booleans as text', { Enabled: true }, { Enabled: 'true' }],
    [
      'tags in another order',
      {
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '2' },
        ],
      },
      {
        Tags: [
          { Key: 'b', Value: '2' },
          { Key: 'a', Value: '1' },
        ],
      },
    ],
    ['tags as a map', { Tags: { a: '1' } }, { Tags: [{ Key: 'a', Value: '1' }] }],
    ['rules in another order', { Rules: [{ Id: 'a' }, { Id: 'b' }] }, { Rules: [{ Id: 'b' }, { Id: 'a' }] }],
    [
      'one action, or a list of one',
      { PolicyDocument: { Statement: [{ Action: 's3:*' }] } },
      { PolicyDocument: { Statement: [{ Action: ['s3:*'] }] } },
    ],
    [
      'resources of a statement in another order',
      { KeyPolicy: { Statement: [{ Resource: ['a', 'b'] }] } },
      { KeyPolicy: { Statement: [{ Resource: ['b', 'a'] }] } },
    ],
  ])('%s', (_name, expected, actual) => {
    expect(differing(expected, actual)).toEqual([]);
    expect(compare(expected, actual)).not.toEqual([]);
  });
});

describe('a difference is found, with its path and both values', () => {
  test.each<[string, JsonObject, JsonObject, object[]]>([
    ['another value', { A: { B: 1 } }, { A: { B: 2 } }, [{ path: 'A.B', expected: '1', actual: '2' }]],
    ['not there', { A: { B: 1 } }, {}, [{ path: 'A.B', expected: '1', actual: undefined }]],
    ['there without being claimed', {}, { A: [1] }, [{ path: 'A.0', expected: undefined, actual: '1' }]],
    ['a tag with another value', { Tags: { zone: 'raw' } }, { Tags: [{ Key: 'zone', Value: 'temp' }] }, [{ path: 'Tags.zone' }]],
    ['a tag less', { Tags: { a: '1', b: '2' } }, { Tags: [{ Key: 'a', Value: '1' }] }, [{ path: 'Tags.b', expected: '2' }]],
    [
      'a rule less',
      { Rules: [{ Id: 'a', Days: 1 }] },
      { Rules: [] },
      [{ path: 'Rules' }, { path: 'Rules.a.Days' }, { path: 'Rules.a.Id' }],
    ],
    ['a list that is no policy keeps its order', { Items: ['a', 'b'] }, { Items: ['b', 'a'] }, [{ path: 'Items.0' }, { path: 'Items.1' }]],
    ['null is not nothing', { A: null }, {}, [{ path: 'A', expected: 'null' }]],
  ])('%s', (_name, expected, actual, differences) => {
    expect(differing(expected, actual)).toEqual(differences.map((difference): unknown => expect.objectContaining(difference)));
  });
});

test('every single value is counted', () => {
  expect(compare({ A: { B: 1, C: [1, 2] }, D: 'x' }, {})).toHaveLength(4);
});
