import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { baselineOf, publicApi, type PublicApi } from './public-api';
import { folderOf, HOME, LIBRARIES, ROOT, type Library } from '../support/places';
import { run } from '../support/run';

/** Throws with what breaks users of `before` in the compiled library. */
async function compareWith(before: PublicApi, library: Library): Promise<void> {
  const folder = join(HOME, 'api'); // in the repository, where jsii finds the assemblies of the dependencies
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(folderOf(library), 'package.json'), join(folder, 'package.json'));
  writeFileSync(join(folder, '.jsii'), JSON.stringify(before));
  // `all`: until 1.0 every API is marked experimental, which by default may break without an error.
  await run(join(ROOT, 'node_modules/.bin/jsii-diff'), ['--error-on', 'all', folder, folderOf(library)]);
}

describe.each(LIBRARIES)('%s', (library) => {
  const baseline = JSON.parse(readFileSync(baselineOf(library), 'utf8')) as PublicApi;

  test('no change breaks users of the recorded API (on purpose: npx projen api:write, and a note for the release)', async () => {
    await expect(compareWith(baseline, library)).resolves.toBeUndefined();
  });

  test('the recorded API is complete, so that nothing of it can break unseen (else: npx projen api:write)', () => {
    expect(publicApi(library)).toEqual(baseline);
  });

  test('a type that is gone would be seen', async () => {
    const [fqn, type] = Object.entries(baseline.types)[0];
    const gone = fqn.replace(/[^.]+$/, 'Gone');
    const before = { ...baseline, types: { ...baseline.types, [gone]: { ...(type as object), fqn: gone, name: 'Gone' } } };
    await expect(compareWith(before, library)).rejects.toThrow(/Gone.*has been removed/);
  });
});
