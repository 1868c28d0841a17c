import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BASELINE, publicApi, type PublicApi } from './public-api';
import { HOME, LIBRARY, ROOT } from '../support/places';
import { run } from '../support/run';

const baseline = JSON.parse(readFileSync(BASELINE, 'utf8')) as PublicApi;

/** Throws with what breaks users of `before` in the compiled library. */
async function compareWith(before: PublicApi): Promise<void> {
  const folder = join(HOME, 'api'); // in the repository, where jsii finds the assemblies of the dependencies
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(LIBRARY, 'package.json'), join(folder, 'package.json'));
  writeFileSync(join(folder, '.jsii'), JSON.stringify(before));
  // `all`: until 1.0 every API is marked experimental, which by default may break without an error.
  await run(join(ROOT, 'node_modules/.bin/jsii-diff'), ['--error-on', 'all', folder, LIBRARY]);
}

test('no change breaks users of the recorded API (on purpose: npx projen api:write, and a note for the release)', async () => {
  await expect(compareWith(baseline)).resolves.toBeUndefined();
});

test('the recorded API is complete, so that nothing of it can break unseen (else: npx projen api:write)', () => {
  expect(publicApi()).toEqual(baseline);
});

test('a type that is gone would be seen', async () => {
  const gone = '@dataworks/constructs.Gone';
  const before = {
    ...baseline,
    types: { ...baseline.types, [gone]: { ...(baseline.types['@dataworks/constructs.ArchiveTiers'] as object), fqn: gone, name: 'Gone' } },
  };
  await expect(compareWith(before)).rejects.toThrow(/Gone.*has been removed/);
});
