import { isSameAsset } from '../../src/apply/asset-content';
import { isExecutableMode } from '../../src/plan/assembly/assembly-assets';
import { LIMITS } from '../../src/plan/bundle/bundle-files';
import { leafHash, rootOf, sha256 } from '../../src/plan/digest';
import type { PlannedAsset } from '../../src/plan/plan';
import { zipOf, type Packed } from '../support/zip';

const INDEX: Packed = { path: 'index.js', content: 'exports.handler = 1;' };
const RUN: Packed = { path: 'bin/run', content: '#!/bin/sh', mode: 0o100755 };

/** The asset that these files are, as a plan hashes them. */
function folder(...files: readonly Packed[]): PlannedAsset {
  const leaves = files.map(({ path, content, mode = 0 }) => {
    const leaf = { path, executable: isExecutableMode(mode), content: Buffer.from(content) };
    return [path, leafHash(leaf)] as const;
  });
  return asset('zip', rootOf(new Map(leaves)));
}

function asset(type: PlannedAsset['type'], hash: string): PlannedAsset {
  return { id: 'a', type, path: 'cdk.out/a', hash, destinations: [] };
}

const TEMPLATE = '{"Resources":{"A":{"Type":"X"}}}';
const own = () => Buffer.from(TEMPLATE);
const damaged = (zip: Buffer, at: number, value: number) => {
  zip.writeUInt8(value, at);
  return zip;
};

test.each<[string, PlannedAsset, Buffer, boolean]>([
  ['an archive', folder(INDEX, RUN), zipOf(INDEX, RUN), true],
  ['packed in another order, and deflated', folder(INDEX, RUN), zipOf(RUN, { ...INDEX, deflated: true }), true],
  ['with an entry for a folder', folder(RUN), zipOf({ path: 'bin/', content: '' }, RUN), true],
  ['with other rights that are not kept', folder(INDEX), zipOf({ ...INDEX, mode: 0o100664 }), true],
  ['with an empty file', folder({ path: 'a', content: '' }), zipOf({ path: 'a', content: '', deflated: true }), true],
  ['of nothing', folder(), zipOf(), true],
  ['with other content', folder(INDEX), zipOf({ ...INDEX, content: 'exports.handler = 2;' }), false],
  ['that may not be executed any more', folder(RUN), zipOf({ ...RUN, mode: 0o100644 }), false],
  ['under another name', folder(INDEX), zipOf({ ...INDEX, path: 'Index.js' }), false],
  ['under a name that unpacks to that', folder(RUN), zipOf({ ...RUN, path: 'bin\\run' }), false],
  ['with a file more', folder(INDEX), zipOf(INDEX, RUN), false],
  ['with a file less', folder(INDEX, RUN), zipOf(INDEX), false],
  ['with a file twice', folder(INDEX), zipOf(INDEX, INDEX), false],
  ['packed by a method that nobody knows', folder(INDEX), zipOf({ ...INDEX, method: 99 }), false],
  ['that does not inflate', folder(INDEX), zipOf({ ...INDEX, method: 8 }), false],
  ['of more than it says', folder(INDEX), damaged(zipOf({ ...INDEX, deflated: true }), 30 + 8 + 22 + 24, 1), false],
  ['whose directory is not where it says', folder(INDEX), damaged(zipOf(INDEX), zipOf(INDEX).length - 6, 3), false],
  ['cut off', folder(INDEX), zipOf(INDEX).subarray(0, 40), false],
  ['of no kind', folder(INDEX), Buffer.from('no archive'), false],
  ['empty', folder(INDEX), Buffer.alloc(0), false],
  ['a file', asset('file', sha256('text')), Buffer.from('text'), true],
  ['another file', asset('file', sha256('text')), Buffer.from('Text'), false],
  ['a file with white space', asset('file', sha256(TEMPLATE)), Buffer.from(`${TEMPLATE} `), false],
  ['a template', asset('template', sha256(TEMPLATE)), own(), true],
  [
    'a template with white space',
    asset('template', sha256(TEMPLATE)),
    Buffer.from(JSON.stringify(JSON.parse(TEMPLATE), undefined, 1)),
    true,
  ],
  ['another template', asset('template', sha256(TEMPLATE)), Buffer.from(TEMPLATE.replace('X', 'Y')), false],
  ['no template', asset('template', sha256(TEMPLATE)), Buffer.from('no template'), false],
])('what is published is compared: %s', async (_what, planned, published, isSame) => {
  expect(await isSameAsset(planned, published, own)).toBe(isSame);
});

test('an archive that would unpack to more than a bundle may be is not unpacked', async () => {
  const zip = zipOf(INDEX, RUN);
  const bytes = [INDEX, RUN].reduce((sum, { content }) => sum + content.length, 0);
  for (const [limit, expected] of [
    [bytes, true],
    [bytes - 1, false],
  ] as const) {
    const limited = jest.replaceProperty(LIMITS, 'bytes', limit);
    expect(await isSameAsset(folder(INDEX, RUN), zip, own)).toBe(expected);
    limited.restore();
  }
});
