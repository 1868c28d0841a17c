import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { backend } from './backend';
import { lake } from './lake';
import { ensureVenv, interpreterOf } from '../../local-aws/cli/venv';
import { folderOf, HOME, LIBRARIES, only, ROOT } from '../support/places';
import { run } from '../support/run';

const VENV = { directory: join(HOME, 'python/venv'), requirements: [join(__dirname, 'requirements.lock')] };
const DIST = join(HOME, 'python/dist');
const OUT = join(HOME, 'python/cdk.out');

const python = (...args: string[]) => run(interpreterOf(VENV), ['-E', ...args]);
const synthesise = (app: string, ...args: string[]) => python(join(__dirname, `${app}.py`), OUT, ...args);

beforeAll(async () => {
  rmSync(DIST, { recursive: true, force: true });
  mkdirSync(HOME, { recursive: true });
  await ensureVenv(VENV);
  for (const library of LIBRARIES) {
    const dist = join(DIST, library);
    await run(join(ROOT, 'node_modules/.bin/jsii-pacmak'), ['--targets', 'python', '--outdir', dist], { cwd: folderOf(library) });
    await python('-m', 'pip', 'install', '--no-deps', '--no-index', '--force-reinstall', only(join(dist, 'python'), '.whl'));
  }
});

test('what the wheels require is met by the versions that are pinned here', async () => {
  const { stdout } = await python('-m', 'pip', 'check');
  expect(stdout).toContain('No broken requirements');
});

test.each([
  ['lake', lake],
  ['backend', backend],
])('a %s written in Python gives the templates of the same one in TypeScript', async (app, inTypeScript) => {
  rmSync(OUT, { recursive: true, force: true });
  await synthesise(app);
  const expected = inTypeScript() as Record<string, unknown>;
  const templates = Object.keys(expected).map((stack) => [
    stack,
    JSON.parse(readFileSync(join(OUT, `${stack}.template.json`), 'utf8')) as unknown,
  ]);
  expect(Object.fromEntries(templates)).toEqual(expected);
});

test('an escape hatch fails the synthesis', async () => {
  await expect(synthesise('lake', 'weaken')).rejects.toThrow(/DataWorks-S3-/);
});
