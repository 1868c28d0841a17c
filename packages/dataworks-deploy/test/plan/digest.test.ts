import { createHash } from 'node:crypto';
import { leafHash, rootOf, type Leaf } from '../../src/plan/digest';

const file = (path: string, text = path): Leaf => ({ path, executable: false, content: Buffer.from(text) });
const digestOf = (...leaves: Leaf[]) => rootOf(new Map(leaves.map((leaf) => [leaf.path, leafHash(leaf)])));
const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

test('is the tree that the docs describe', () => {
  const leaf = (path: string) => sha256(Buffer.from([0, 0, 0, 0, path.length]), Buffer.from(path), Buffer.from([0]), Buffer.from(path));
  const node = (left: Buffer, right: Buffer) => sha256(Buffer.from([1]), left, right);
  const [a, b, c] = ['a', 'b', 'c'].map(leaf);
  expect(digestOf(file('a'))).toBe(a.toString('hex'));
  expect(digestOf(file('a'), file('b'), file('c'))).toBe(node(node(a, b), c).toString('hex'));
});

test('does not depend on the order in which files are found', () => {
  expect(digestOf(file('b'), file('a'), file('c'))).toBe(digestOf(file('a'), file('b'), file('c')));
});

test.each<[string, Leaf[]]>([
  ['content', [file('a', 'x'), file('b')]],
  ['path', [file('a/', 'a'), file('b')]],
  ['mode', [{ ...file('a'), executable: true }, file('b')]],
  ['a missing file', [file('a')]],
  ['one more file', [file('a'), file('b'), file('c')]],
  ['contents that are exchanged', [file('a', 'b'), file('b', 'a')]],
  ['a path that takes a byte of its content', [file('aa', ''), file('b')]],
])('differs by %s', (_, leaves) => {
  expect(digestOf(...leaves)).not.toBe(digestOf(file('a'), file('b')));
});

test('a file that holds what a node is made of is no node', () => {
  const children = Buffer.concat([leafHash(file('a')), leafHash(file('b'))]);
  expect(digestOf({ path: '', executable: false, content: children })).not.toBe(digestOf(file('a'), file('b')));
});
