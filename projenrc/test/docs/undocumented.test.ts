import type { AssemblyType } from '../../tasks/docs/assembly';
import { undocumented } from '../../tasks/docs/undocumented';

const found = (type: Omit<AssemblyType, 'name'>): string[] =>
  undocumented({ name: 'package', types: { 'package.Bucket': { name: 'Bucket', ...type } } });
const docs = { summary: 'What it is.' };

test('what is documented is not reported', () => {
  const member = { name: 'member', docs };
  expect(found({ docs, properties: [member], methods: [member], members: [member] })).toEqual([]);
});

test('a class without a docstring is reported', () => {
  expect(found({})).toEqual(['Bucket has no description']);
});

test.each(['properties', 'methods', 'members'])('one of the %s without a docstring is reported', (kind) => {
  expect(found({ docs, [kind]: [{ name: 'it' }] })).toEqual(['Bucket.it has no description']);
});

test('half a sentence is reported', () => {
  expect(found({ docs: { summary: 'The key;' } })).toEqual(['Bucket is described by half a sentence: "The key;"']);
});
