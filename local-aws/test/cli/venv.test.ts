import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakePython, script, temporaryDirectory } from './fakes';
import { ensureVenv, interpreterOf } from '../../cli/venv';

const directory = temporaryDirectory();
const { PATH } = process.env;
let python: FakePython;

beforeEach(() => {
  python = new FakePython(directory());
});
afterEach(() => {
  process.env.PATH = PATH;
});

test('makes the environment once, and tells each step', async () => {
  const steps: string[] = [];
  await expect(ensureVenv(python.venv, (line) => steps.push(line))).resolves.toBe(interpreterOf(python.venv));
  await ensureVenv(python.venv, (line) => steps.push(line));

  expect(python.installed()).toEqual([python.venv.requirements[0]]);
  expect(steps).toEqual([
    'Making a Python environment with Python 3.11.2 …',
    'Installing requirements.lock with pip (this happens once) …',
  ]);
});

test('makes it once for two at the same time', async () => {
  await Promise.all([ensureVenv(python.venv), ensureVenv(python.venv)]);
  expect(python.installed()).toHaveLength(1);
});

test('makes it again after an interruption, from nothing', async () => {
  mkdirSync(join(python.venv.directory, 'bin'), { recursive: true });
  script(interpreterOf(python.venv), "printf 'able|/opt/python|3.11.2'");
  writeFileSync(join(python.venv.directory, 'half-written'), '');

  await ensureVenv(python.venv);
  expect(python.installed()).toHaveLength(1);
  expect(existsSync(join(python.venv.directory, 'half-written'))).toBe(false);
});

test('makes it again when the lock file has changed', async () => {
  await ensureVenv(python.venv);
  writeFileSync(python.venv.requirements[0], 'emulator==2.0\n');
  await ensureVenv(python.venv);
  expect(python.installed()).toHaveLength(2);
});

test('makes it again when its Python is gone or has become another', async () => {
  await ensureVenv(python.venv);
  script(interpreterOf(python.venv), 'exit 127');
  await ensureVenv(python.venv);
  expect(python.installed()).toHaveLength(2);

  script(interpreterOf(python.venv), "printf 'able|/opt/python|3.11.3'");
  await ensureVenv(python.venv);
  expect(python.installed()).toHaveLength(3);
});

test('shows the end of the output of pip and names its log when it fails, and tries again the next time', async () => {
  python.install({ pip: "echo 'ERROR: No matching distribution found for emulator==1.0' >&2; exit 1" });
  await expect(ensureVenv(python.venv)).rejects.toMatchObject({
    code: 'DW6002',
    message: expect.stringMatching(
      /-m pip install .*` ended with 1\.\n {2}\| ERROR: No matching distribution found for emulator==1\.0\n {2}Fix: Read .*venv\.log\./,
    ),
  });
  expect(readFileSync(`${python.venv.directory}.log`, 'utf8')).toContain('No matching distribution');

  python.install();
  await ensureVenv(python.venv);
  expect(python.installed()).toHaveLength(2);
});

test('pip accepts nothing whose hash is not in the lock file', async () => {
  python.install({ pip: 'exit 1' });
  await expect(ensureVenv(python.venv)).rejects.toThrow(/-m pip install .*--require-hashes .*requirements\.lock/);
});

test('names the signal that ended pip', async () => {
  python.install({ pip: 'kill -KILL $$' });
  await expect(ensureVenv(python.venv)).rejects.toThrow('ended with SIGKILL');
});
