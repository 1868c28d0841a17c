import { statSync } from 'node:fs';
import { tarballOf, type Library } from '../support/places';
import { run } from '../support/run';

/** In bytes. */
const LIMITS: Readonly<Record<Library, number>> = { 'dataworks-constructs': 350_000, 'backend-bootstrap': 260_000 };

/** The tablet holds the examples of the documentation in every language; the policy for AWS Organizations is deployed by hand. */
const NEEDED =
  /^(\.jsii|\.jsii\.tabl\.json|API\.md|LICENSE|NOTICE|README\.md|package\.json|docs\/.+\.md|docs\/service-control-policy\.json|lib\/.+(\.d\.ts|\.js))$/;

describe.each(Object.entries(LIMITS) as Array<[Library, number]>)('%s', (library, limit) => {
  test(`the npm package is smaller than ${limit / 1000} KB`, () => {
    expect(statSync(tarballOf(library)).size).toBeLessThan(limit);
  });

  test('it holds what consumers need, and no source, test or trace of the build', async () => {
    const { stdout } = await run('tar', ['-tzf', tarballOf(library)]);
    const files = stdout
      .trim()
      .split('\n')
      .map((file) => file.replace('package/', ''));
    expect(files).toEqual(
      expect.arrayContaining(['.jsii', 'API.md', 'LICENSE', 'README.md', 'lib/index.d.ts', 'lib/index.js', 'package.json']),
    );
    expect(files.filter((file) => !NEEDED.test(file))).toEqual([]);
  });
});
