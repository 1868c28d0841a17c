import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One process for ever: its id alone is given to another one after its end. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the words of the operating system; only ever compared. */
  readonly started: string;
}

/** Undefined when no process has this id, or only a dead one that nobody has waited for. */
export function identify(pid: number, procfs = '/proc'): ProcessIdentity | undefined {
  const started = startByProcfs(pid, procfs) ?? startByPs(pid);
  return started ? { pid, started } : undefined;
}

export function isAlive({ pid, started }: ProcessIdentity): boolean {
  return identify(pid)?.started === started;
}

/** Undefined where there is no procfs (macOS); empty when the process is not there. */
function startByProcfs(pid: number, procfs: string): string | undefined {
  let boot: string;
  try {
    // The start counts from the last boot.
    boot = readFileSync(join(procfs, 'sys/kernel/random/boot_id'), 'utf8').trim();
  } catch {
    return undefined;
  }
  try {
    const stat = readFileSync(join(procfs, String(pid), 'stat'), 'utf8');
    // The command's name, in parentheses, may hold spaces and parentheses: count from its end.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? '' : `${boot}:${fields[18]}`;
  } catch {
    return '';
  }
}

function startByPs(pid: number): string {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  const [state = '', ...started] = stdout.trim().split(/\s+/);
  return state.startsWith('Z') ? '' : started.join(' ');
}
