import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../circleci/config';

export interface Finished {
  readonly code: number;
  /** Both streams, as CircleCI shows them. */
  readonly output: string;
}

/** Runs one step of a job the way CircleCI does: its command in the job's shell, with the job's environment. */
export function runStep(
  config: Config,
  job: string,
  name: string,
  cwd: string,
  environment: Readonly<Record<string, string>>,
): Promise<Finished> {
  const { shell, steps, environment: ofJob } = config.jobs[job];
  const runs = steps.flatMap((step) => (typeof step === 'object' && 'run' in step ? [step.run as { name: string; command: string }] : []));
  const { command } = runs.find((run) => run.name === name)!;
  const [program, ...options] = shell.split(' ');
  const env = { PATH: process.env.PATH, ...ofJob, ...environment };
  return new Promise((finished) => {
    // No standard input: bash takes node's socket for a remote login and reads the machine's bashrc.
    const child = spawn(program, [...options, '-c', command], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('close', (code) => {
      finished({ code: code ?? -1, output });
    });
  });
}

/** A directory that is gone after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'pipeline-'));
  directories.push(directory);
  return directory;
}

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});
