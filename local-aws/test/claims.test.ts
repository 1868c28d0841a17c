import { claimsOf } from './claims';
import type { JsonObject } from '../try/json';

const of = (Properties: JsonObject) => claimsOf({ It: { Type: 'A::B::C', Properties } });

test('every value is claimed once, by its type and path; a call of a function and what is empty are values', () => {
  const properties: JsonObject = { Name: { Ref: 'X' }, Rules: [{ Id: 'a', Days: 1 }, { Id: 'b' }], On: false, None: {}, Nobody: [] };
  expect(of(properties).map(({ property }) => property)).toEqual([
    'A::B::C Name',
    'A::B::C Rules [] Id',
    'A::B::C Rules [] Days',
    'A::B::C Rules [] Id',
    'A::B::C On',
    'A::B::C None',
    'A::B::C Nobody',
  ]);
});

test('each claim comes with a resource that differs in its value alone', () => {
  expect(of({ Name: { Ref: 'X' }, Rules: [{ Days: 1 }], On: false }).map(({ altered }) => altered)).toEqual([
    { Type: 'A::B::C', Properties: { Name: 'another', Rules: [{ Days: 1 }], On: false } },
    { Type: 'A::B::C', Properties: { Name: { Ref: 'X' }, Rules: [{ Days: 2 }], On: false } },
    { Type: 'A::B::C', Properties: { Name: { Ref: 'X' }, Rules: [{ Days: 1 }], On: true } },
  ]);
});

test('a resource without properties claims none', () => {
  expect(claimsOf({ It: { Type: 'A::B::C' } })).toEqual([]);
});
