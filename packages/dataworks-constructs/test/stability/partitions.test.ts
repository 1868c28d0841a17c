import { everyOption, PLACES, type Place, type Template } from './every-option';
import FLAGS from '../../../../projenrc/recommended-feature-flags.json';

/** What a string of the template says of a partition: that of an ARN, or the domain of a service's name. */
const SAYS = /\barn:aws(?:-[a-z]+)*\b|\bamazonaws\.com(?:\.cn)?\b/g;

/** Where a stack may say it: nowhere, unless its region is known. */
const ALLOWED: Record<Place, readonly string[]> = {
  aws: ['arn:aws', 'amazonaws.com'],
  'aws-us-gov': ['arn:aws-us-gov', 'amazonaws.com'],
  'aws-cn': ['arn:aws-cn', 'amazonaws.com.cn'],
  agnostic: [],
};

/** Strings of a template by where they stand, without names of services as principals: those are the same in every partition. */
function strings(value: unknown, path = ''): Array<readonly [string, string]> {
  if (typeof value === 'string') return /\/Principal\/Service(\/\d+)?$/.test(path) ? [] : [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => strings(item, `${path}/${key}`));
}

const saidOf = (templates: Record<string, Template>) =>
  strings(templates).flatMap(([path, text]) => [...text.matchAll(SAYS)].map(([said]) => ({ path, said })));

describe.each(Object.keys(PLACES) as Place[])('%s', (place) => {
  test.each([
    ['no flags', {}],
    ['all recommended flags', FLAGS],
  ])('with %s, no ARN and no domain of another partition', (_case, flags) => {
    expect(saidOf(everyOption(place, flags)).filter(({ said }) => !ALLOWED[place].includes(said))).toEqual([]);
  });
});

test('a hard-coded partition would be seen', () => {
  const Resources = { P: { Type: 'P', Properties: { Join: ['arn:aws:s3:::', { Ref: 'B' }], Via: 's3.cn-north-1.amazonaws.com' } } };
  expect(saidOf({ Stack: { Resources } }).map(({ said }) => said)).toEqual(['arn:aws', 'amazonaws.com']);
});
