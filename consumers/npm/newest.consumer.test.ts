import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CASES, type Cases } from './every-case';
import { everyOption } from '../../packages/dataworks-constructs/test/stability/every-option';
import FLAGS from '../../projenrc/recommended-feature-flags.json';
import { HOME, ROOT, tarballOf } from '../support/places';
import { run } from '../support/run';

/** A user's project, with the newest aws-cdk-lib that the library is known to run with. This repository has the oldest. */
const PROJECT = join(HOME, 'newest');
const FILES = {
  'consumers/npm/newest/package.json': 'package.json',
  'consumers/npm/newest/package-lock.json': 'package-lock.json',
  'consumers/npm/every-case.ts': 'consumers/npm/every-case.ts',
  'packages/dataworks-constructs/test/stability/every-option.ts': 'packages/dataworks-constructs/test/stability/every-option.ts',
  'projenrc/recommended-feature-flags.json': 'projenrc/recommended-feature-flags.json',
};

let newest: Cases;

const packageFile = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: string; dependencies?: Record<string, string> };

beforeAll(async () => {
  mkdirSync(PROJECT, { recursive: true });
  for (const [from, to] of Object.entries(FILES)) cpSync(join(ROOT, from), join(PROJECT, to));
  await run('npm', ['ci', '--prefer-offline'], { cwd: PROJECT });
  // Refuses a library whose peer dependencies are not met by what is installed.
  await run('npm', ['install', '--no-save', '--no-package-lock', '--strict-peer-deps', tarballOf('dataworks-constructs')], {
    cwd: PROJECT,
  });

  const result = join(PROJECT, 'cases.json');
  await run(join(ROOT, 'node_modules/.bin/tsx'), ['consumers/npm/every-case.ts', result], { cwd: PROJECT });
  newest = JSON.parse(readFileSync(result, 'utf8')) as Cases;
});

test('the packed library and the newest aws-cdk-lib were loaded', () => {
  for (const folder of Object.values(newest.loaded)) expect(folder).toContain(join(PROJECT, 'node_modules'));
  const { dependencies } = packageFile(PROJECT);
  expect(packageFile(newest.loaded['aws-cdk-lib']).version).toBe(dependencies!['aws-cdk-lib']);
});

test('the flags are those that the newest aws-cdk-lib recommends', () => {
  const recommended = join(newest.loaded['aws-cdk-lib'], 'recommended-feature-flags.json');
  expect(FLAGS).toEqual(JSON.parse(readFileSync(recommended, 'utf8')));
});

test.each(CASES)('$id: the newest aws-cdk-lib makes the same templates as the oldest', ({ id, place, flags }) => {
  expect(newest.templates[id]).toEqual(everyOption(place, flags));
});
