import { statSync } from 'node:fs';
import { tarball } from '../support/places';
import { run } from '../support/run';

/** The tablet holds the examples of the documentation in every language. */
const NEEDED = /^(\.jsii|\.jsii\.tabl\.json|API\.md|LICENSE|NOTICE|README\.md|package\.json|docs\/.+\.md|lib\/.+(\.d\.ts|\.js))$/;

test('the npm package is smaller than 350 KB', () => {
  expect(statSync(tarball()).size).toBeLessThan(350_000);
});

test('it holds what consumers need, and no source, test or trace of the build', async () => {
  const { stdout } = await run('tar', ['-tzf', tarball()]);
  const files = stdout
    .trim()
    .split('\n')
    .map((file) => file.replace('package/', ''));
  expect(files).toEqual(
    expect.arrayContaining(['.jsii', 'API.md', 'LICENSE', 'README.md', 'lib/index.d.ts', 'lib/index.js', 'package.json']),
  );
  expect(files.filter((file) => !NEEDED.test(file))).toEqual([]);
});
