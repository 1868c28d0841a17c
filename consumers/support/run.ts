import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
}

const GENEROUS = 256 * 1024 * 1024;

/** Run a program to its end. Throws with all that it said when it fails. */
export async function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> {
  const env = { ...process.env, ...options.env };
  try {
    return await promisify(execFile)(command, args, { cwd: options.cwd, env, maxBuffer: GENEROUS });
  } catch (error) {
    const { stdout, stderr } = error as Outcome;
    throw new Error(`${[command, ...args].join(' ')} failed.\n${stderr}\n${stdout}`, { cause: error });
  }
}
