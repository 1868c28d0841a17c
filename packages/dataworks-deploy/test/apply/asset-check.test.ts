import { checkAssets, type AssetServices } from '../../src/apply/asset-check';
import { sha256 } from '../../src/plan/digest';
import type { PlannedAsset, PlannedStack } from '../../src/plan/plan';
import { plannedStack } from '../support/planned';

const TEMPLATE = '{}';
const URL = 's3://staging/template.json';

function asset(id: string, type: PlannedAsset['type'], changes: Partial<PlannedAsset> = {}): PlannedAsset {
  return { id, type, path: `assembly/${id}`, hash: sha256(id), destinations: [{ location: `s3://staging/${id}` }], ...changes };
}

/** A bucket with this in it, and files of the bundle with their own name as content. */
function services(published: Readonly<Record<string, string>>, changes: Partial<AssetServices> = {}): AssetServices {
  return {
    own: (file) => Buffer.from(file === 'cdk.out/lake.template.json' ? TEMPLATE : file),
    published: ({ location }, region) => {
      const content = new Map(Object.entries(published)).get(`${region} ${location}`);
      return Promise.resolve(content === undefined ? undefined : Buffer.from(content));
    },
    hasMutableTags: () => Promise.resolve(false),
    missingImages: (_stack, ids) => Promise.resolve([...ids]),
    canBuildImages: () => Promise.resolve(false),
    ...changes,
  };
}

const unchanged = (...assets: PlannedAsset[]): PlannedStack => plannedStack({ assets });
const changed = (...assets: PlannedAsset[]): PlannedStack => plannedStack({ assets, deployed: undefined });

test.each<[string, PlannedStack[], AssetServices]>([
  ['nothing is published', [changed(asset('a', 'file'))], services({})],
  ['what is published is the asset', [unchanged(asset('a', 'file'))], services({ 'eu-central-1 s3://staging/a': 'a' })],
  [
    'another template lies where that of the stack would be published: it is sent',
    [
      {
        ...changed(asset('a', 'template', { destinations: [{ location: URL }] })),
        template: { file: 'cdk.out/lake.template.json', hash: '', url: URL },
      },
    ],
    services({ [`eu-central-1 ${URL}`]: '{"other":1}' }),
  ],
  [
    'the images are published, whatever an object is called',
    [changed(asset('i', 'image'))],
    services({ 'eu-central-1 s3://staging/i': 'x' }, { missingImages: () => Promise.resolve([]) }),
  ],
  [
    'there are no images, so nobody asks for them',
    [changed(asset('a', 'file'))],
    services({}, { missingImages: () => Promise.reject(new Error('asked')) }),
  ],
  ['images can be built', [changed(asset('i', 'image'))], services({}, { canBuildImages: () => Promise.resolve(true) })],
  ['the stack of an image does not change', [unchanged(asset('i', 'image'))], services({})],
])('taken: %s', async (_what, stacks, account) => {
  await expect(checkAssets(stacks, account)).resolves.toBeUndefined();
});

test.each<[string, PlannedStack[], AssetServices, string, string, number?]>([
  [
    'another file, of a stack without changes',
    [unchanged(asset('a', 'file'))],
    services({ 'eu-central-1 s3://staging/a': 'b' }),
    'DW3314',
    's3://staging/a, which is not assembly/a',
  ],
  [
    'in one of two regions',
    [unchanged(asset('a', 'file', { destinations: [{ location: 's3://x/a' }, { location: 's3://y/a', region: 'eu-west-1' }] }))],
    services({ 'eu-central-1 s3://x/a': 'a', 'eu-west-1 s3://y/a': 'b' }),
    'DW3314',
    's3://y/a, which is not assembly/a',
  ],
  [
    'one that two stacks share is named once, beside another',
    [unchanged(asset('a', 'file'), asset('b', 'file')), unchanged(asset('a', 'file'))],
    services({ 'eu-central-1 s3://staging/a': 'x', 'eu-central-1 s3://staging/b': 'x' }),
    'DW3314',
    's3://staging/a, which is not assembly/a; s3://staging/b, which is not assembly/b',
  ],
  [
    'an image whose tag may be given to another one, in one of two regions',
    [
      changed(asset('i', 'image', { destinations: [{ location: 'x:i' }, { location: 'y:i', region: 'eu-west-1' }] })),
      changed(asset('j', 'image')),
    ],
    services({}, { hasMutableTags: ({ location }, region) => Promise.resolve(location === 'y:i' && region === 'eu-west-1') }),
    'DW3315',
    'y:i in eu-west-1',
  ],
  ['an image that cannot be built', [changed(asset('i', 'image'))], services({}), 'DW3326', 'lake: i', 1],
])('refused: %s', async (_what, stacks, account, code, received, exitCode = 4) => {
  await expect(checkAssets(stacks, account)).rejects.toMatchObject({ code, received, exitCode });
});

test('another template lies where a large one would be published', async () => {
  const stack = changed(asset('a', 'template', { destinations: [{ location: URL }] }));
  const large = { ...stack, template: { file: 'cdk.out/lake.template.json', hash: '', url: URL } };
  const account = services({ [`eu-central-1 ${URL}`]: '{"other":1}' }, { own: () => Buffer.from(`"${'x'.repeat(51_200)}"`) });
  await expect(checkAssets([large], account)).rejects.toMatchObject({ code: 'DW3314' });
});
