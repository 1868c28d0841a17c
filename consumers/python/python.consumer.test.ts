import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lake } from './lake';
import { ensureVenv, interpreterOf } from '../../local-aws/cli/venv';
import { HOME, LIBRARY, only, ROOT } from '../support/places';
import { run } from '../support/run';

const VENV = { directory: join(HOME, 'python/venv'), requirements: [join(__dirname, 'requirements.lock')] };
const DIST = join(HOME, 'python/dist');
const OUT = join(HOME, 'python/cdk.out');

const python = (...args: string[]) => run(interpreterOf(VENV), ['-E', ...args]);
const synthesise = (...args: string[]) => python(join(__dirname, 'lake.py'), OUT, ...args);

beforeAll(async () => {
  rmSync(DIST, { recursive: true, force: true });
  await run(join(ROOT, 'node_modules/.bin/jsii-pacmak'), ['--targets', 'python', '--outdir', DIST], { cwd: LIBRARY });
  mkdirSync(HOME, { recursive: true });
  await ensureVenv(VENV);
  await python('-m', 'pip', 'install', '--no-deps', '--no-index', '--force-reinstall', only(join(DIST, 'python'), '.whl'));
});

test('what the wheel requires is met by the versions that are pinned here', async () => {
  const { stdout } = await python('-m', 'pip', 'check');
  expect(stdout).toContain('No broken requirements');
});

test('a lake written in Python gives the template of the same lake in TypeScript', async () => {
  rmSync(OUT, { recursive: true, force: true });
  await synthesise();
  const expected = lake() as Record<string, unknown>;
  const templates = Object.keys(expected).map((stack) => [
    stack,
    JSON.parse(readFileSync(join(OUT, `${stack}.template.json`), 'utf8')) as unknown,
  ]);
  expect(Object.fromEntries(templates)).toEqual(expected);
});

test('an escape hatch fails the synthesis', async () => {
  await expect(synthesise('weaken')).rejects.toThrow(/DataWorks-S3-/);
});
