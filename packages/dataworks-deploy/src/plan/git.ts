import { execFile } from 'node:child_process';
import { isAbsolute, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PLAN_FAULTS } from './faults';
import { Fault } from '../fault';

const run = promisify(execFile);

export interface Commit {
  readonly commit: string;
  /** Whether files differ from it, new ones included; those that git ignores are not looked at. */
  readonly dirty: boolean;
}

/**
 * The commit of a folder's repository. Throws DW3229 without one.
 *
 * @param outputs what the command writes there, which is no change of the application
 */
export async function commitOf(folder: string, outputs: readonly string[]): Promise<Commit> {
  const git = async (...args: string[]) => (await run('git', ['-C', folder, ...args], { maxBuffer: 64 * 1024 ** 2 })).stdout.trim();
  try {
    const [commit, top] = (await git('rev-parse', 'HEAD', '--show-toplevel')).split('\n');
    const inside = outputs
      .map((output) => relative(top, resolve(output)))
      .filter((path) => path !== '' && !path.startsWith('..') && !isAbsolute(path));
    const rest = inside.map((path) => `:(exclude,top,literal)${path}`);
    return { commit, dirty: (await git('status', '--porcelain', '--', `:(top)`, ...rest)) !== '' };
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    throw new Fault(PLAN_FAULTS.noCommit, { received: (stderr.trim() || message).split('\n')[0].replace(/\.$/, '') });
  }
}
