import { table, withPart } from '../../tasks/docs/markdown';

test('a table escapes what would end a cell', () => {
  expect(table(['a', 'b'], [['x|y', 'z']])).toBe('| a | b |\n| --- | --- |\n| x\\|y | z |');
});

const TEXT = 'before\n<!-- begin zones (how) -->\nold $1\n<!-- end zones -->\nafter\n';

test('a part is replaced, and nothing around it', () => {
  expect(withPart(TEXT, 'zones', 'new $1')).toBe('before\n<!-- begin zones (how) -->\n\nnew $1\n\n<!-- end zones -->\nafter\n');
});

test('a part that was replaced can be replaced again', () => {
  expect(withPart(withPart(TEXT, 'zones', 'new'), 'zones', 'new')).toBe(withPart(TEXT, 'zones', 'new'));
});

test.each(['errors', 'zone'])('a part that is not there is an error: %s', (name) => {
  expect(() => withPart(TEXT, name, 'new')).toThrow(`<!-- begin ${name} -->`);
});

test('a part that is there twice is an error', () => {
  expect(() => withPart(TEXT + TEXT, 'zones', 'new')).toThrow('found 2');
});
