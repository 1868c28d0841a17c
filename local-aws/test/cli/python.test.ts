import { join } from 'node:path';
import { script, temporaryDirectory } from './fakes';
import { findPython, versionOf } from '../../cli/python';

const directory = temporaryDirectory();

/** A PATH with these commands alone, each a shell script. */
function path(commands: Record<string, string>): NodeJS.ProcessEnv {
  for (const [name, lines] of Object.entries(commands)) script(join(directory(), name), lines);
  return { PATH: directory() };
}

const python = (version: string, able = 'able') => `printf '${able}|/opt/python|${version}'`;

test('takes python3 when it is recent enough, and gives the interpreter behind it', async () => {
  await expect(findPython(path({ python3: python('3.10.0'), python: python('3.13.0') }))).resolves.toEqual({
    executable: '/opt/python',
    version: '3.10.0',
  });
});

test.each([
  ['an old python3', { python3: python('3.9.18'), 'python3.12': python('3.12.1') }, '3.12.1'],
  ['a python3 without venv', { python3: python('3.11.2', 'unable'), python: python('3.10.4') }, '3.10.4'],
  ['a shim that leads nowhere', { python3: 'exit 127', 'python3.14': python('3.14.0') }, '3.14.0'],
  ['something else of that name', { python3: 'echo hello', 'python3.11': python('3.11.9') }, '3.11.9'],
])('goes on behind %s', async (_what, commands, version) => {
  await expect(findPython(path(commands))).resolves.toMatchObject({ version });
});

test('takes a Python 4 for recent', async () => {
  await expect(findPython(path({ python3: python('4.0.0') }))).resolves.toMatchObject({ version: '4.0.0' });
});

test('refuses a Python of two digits that looks greater as a text', async () => {
  await expect(findPython(path({ python3: python('3.9.18') }))).rejects.toThrow('python3 is 3.9.18');
});

test('names every Python it found and why it will not do', async () => {
  const env = path({
    python3: python('3.8.18'),
    python: python('2.7.18'),
    'python3.12': 'exit 127',
    'python3.11': python('3.11.2', 'unable'),
  });
  await expect(findPython(env)).rejects.toMatchObject({
    code: 'DW6001',
    message: expect.stringContaining(
      'needs Python >= 3.10 with venv; found python3 is 3.8.18, python is 2.7.18, python3.12 does not run (127), ' +
        'python3.11 (3.11.2) lacks the modules venv and ensurepip.\n  Fix: Install Python >= 3.10',
    ),
  });
});

test('says where it looked when there is none', async () => {
  await expect(findPython(path({}))).rejects.toThrow(
    'found none of python3, python, python3.14, python3.13, python3.12, python3.11, python3.10 on the PATH',
  );
});

test('knows no version of an interpreter that is gone', async () => {
  await expect(versionOf(join(directory(), 'python'))).resolves.toBeUndefined();
});
