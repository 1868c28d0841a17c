import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { withLock } from './lock';
import { lastLines } from './log';
import type { Venv } from './paths';
import { LocalAwsError } from './problem';
import { findPython, versionOf } from './python';

/**
 * The Python of the virtual environment, which is made first when it is not there, not complete,
 * or not what its requirements say. Safe in several processes at once.
 *
 * @param progress told about each step, since the first time takes half a minute
 * @returns the path of the interpreter
 *
 * Throws DW6001 (no Python) and DW6002 (a step failed; names the log).
 */
export async function ensureVenv(venv: Venv, progress: (line: string) => void = () => {}): Promise<string> {
  const python = interpreterOf(venv);
  if (await isComplete(venv)) return python;
  await withLock(
    `${venv.directory}.lock`,
    async () => {
      if (!(await isComplete(venv))) await create(venv, progress);
    },
    { progress },
  );
  return python;
}

export function interpreterOf(venv: Venv): string {
  return join(venv.directory, 'bin', 'python');
}

/** What the venv was made from. Written last: without it, whatever lies there is a torso. */
interface Stamp {
  readonly requirements: string;
  readonly python: string;
}

async function isComplete(venv: Venv): Promise<boolean> {
  let stamp: Stamp;
  try {
    stamp = JSON.parse(readFileSync(stampFile(venv), 'utf8')) as Stamp;
  } catch {
    return false;
  }
  return stamp.requirements === digest(venv) && stamp.python === (await versionOf(interpreterOf(venv)));
}

async function create(venv: Venv, progress: (line: string) => void): Promise<void> {
  const python = await findPython();
  const log = `${venv.directory}.log`;
  rmSync(log, { force: true });
  rmSync(venv.directory, { recursive: true, force: true });

  progress(`Making a Python environment with Python ${python.version} …`);
  await run(python.executable, ['-E', '-m', 'venv', venv.directory], log);
  progress(`Installing ${venv.requirements.map((file) => basename(file)).join(', ')} with pip (this happens once) …`);
  const files = venv.requirements.flatMap((file) => ['--requirement', file]);
  const pip = ['-E', '-m', 'pip', 'install', '--disable-pip-version-check', '--no-input'];
  // Nothing whose hash is not in the lock, whatever the index says.
  await run(interpreterOf(venv), [...pip, '--require-hashes', ...files], log);

  const stamp: Stamp = { requirements: digest(venv), python: python.version };
  writeFileSync(stampFile(venv), JSON.stringify(stamp));
}

async function run(command: string, args: readonly string[], log: string): Promise<void> {
  const output = openSync(log, 'a');
  // A user's PIP_USER would install elsewhere; index, proxy and certificates stay theirs.
  const child = spawn(command, args, { stdio: ['ignore', output, output], env: { ...process.env, PIP_USER: '0' } });
  closeSync(output);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (code === 0) return;
  throw new LocalAwsError(
    'DW6002',
    `The Python environment could not be made: \`${[command, ...args].join(' ')}\` ended with ${signal ?? code}.\n${lastLines(log, 15)}`,
    `Read ${log}. pip reads the index that your own configuration names (\`pip config list\`); then try again.`,
  );
}

function digest(venv: Venv): string {
  const hash = createHash('sha256');
  for (const file of venv.requirements) hash.update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

function stampFile(venv: Venv): string {
  return join(venv.directory, 'stamp.json');
}
