import { execFile } from 'node:child_process';
import { LocalAwsError } from './problem';

const OLDEST = [3, 10];
const CANDIDATES = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];

export interface Python {
  /** The interpreter itself, behind aliases and shims. */
  readonly executable: string;
  /** Like `3.12.1`. */
  readonly version: string;
}

/** Understood by every Python there is. Debian ships one without `ensurepip`, in which `venv` fails half-way. */
const WHO_ARE_YOU = `
import sys
try:
    import ensurepip, venv
    able = 'able'
except ImportError:
    able = 'unable'
sys.stdout.write('%s|%s|%d.%d.%d' % ((able, sys.executable) + tuple(sys.version_info[:3])))
`;

/** The first Python on the PATH that can run the local AWS. Throws DW6001, naming every one it found. */
export async function findPython(env: NodeJS.ProcessEnv = process.env): Promise<Python> {
  const rejected: string[] = [];
  for (const command of CANDIDATES) {
    const answer = await ask(command, env);
    if (answer === undefined) continue;
    if (typeof answer === 'string') {
      rejected.push(`${command} ${answer}`);
    } else if (!isRecent(answer.version)) {
      rejected.push(`${command} is ${answer.version}`);
    } else if (!answer.able) {
      rejected.push(`${command} (${answer.version}) lacks the modules venv and ensurepip`);
    } else {
      return { executable: answer.executable, version: answer.version };
    }
  }
  throw new LocalAwsError(
    'DW6001',
    `The local AWS needs Python >= ${OLDEST.join('.')} with venv; found ${rejected.join(', ') || `none of ${CANDIDATES.join(', ')} on the PATH`}.`,
    'Install Python >= 3.10 (Debian, Ubuntu: `apt-get install python3 python3-venv`; macOS: `brew install python`) and put it on the PATH.',
  );
}

/** The version of one interpreter; undefined when it does not run. */
export async function versionOf(executable: string): Promise<string | undefined> {
  const answer = await ask(executable, process.env);
  return typeof answer === 'object' ? answer.version : undefined;
}

/** Undefined when there is no such command, a reason when it does not work. */
function ask(command: string, env: NodeJS.ProcessEnv): Promise<(Python & { readonly able: boolean }) | string | undefined> {
  return new Promise((resolve) => {
    // -E: the caller's PYTHONPATH and PYTHONHOME are for programs of theirs.
    execFile(command, ['-E', '-c', WHO_ARE_YOU], { env, timeout: 20_000 }, (error, stdout) => {
      const [able, executable, version] = stdout.split('|');
      if (error?.code === 'ENOENT') resolve(undefined);
      else if (error) resolve(`does not run (${error.killed ? 'no answer in 20 s' : String(error.code)})`);
      else if (!version) resolve('is no Python');
      else resolve({ able: able === 'able', executable, version });
    });
  });
}

function isRecent(version: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}
