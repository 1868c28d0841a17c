import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** How a command ended, and what it printed. */
export interface Ended {
  /** The exit code, or the signal that ended it. */
  readonly status: number | string;
  readonly lines: readonly string[];
}

type Stream = 'stdout' | 'stderr';

/** Run a command in a folder; `onLine` is called with each line as it is printed, and with where. */
export async function runLines(
  command: string,
  args: readonly string[],
  { cwd, env, onLine }: { cwd: string; env: Readonly<Record<string, string>>; onLine: (line: string, stream: Stream) => void },
): Promise<Ended> {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  for (const stream of ['stdout', 'stderr'] as const) {
    createInterface({ input: child[stream] }).on('line', (line) => {
      lines.push(line);
      onLine(line, stream);
    });
  }
  const status = await new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve(code ?? signal ?? 'no status');
    });
  });
  return { status, lines };
}
