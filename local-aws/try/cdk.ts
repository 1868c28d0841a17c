import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(__dirname, '../..');
const APP = join(ROOT, 'packages/dataworks-app');
const CDK = join(ROOT, 'node_modules/.bin/cdk');

/** A command of the CDK command-line interface failed; what it said has been printed already. */
export class CdkFailed extends Error {
  public constructor(args: readonly string[], status: number | string) {
    super(`DW6201 cdk ${args.join(' ')}: ended with ${status}. What it said stands above.`);
    this.name = 'CdkFailed';
  }
}

/**
 * Run the pinned CDK command-line interface in the app's folder.
 *
 * @param onLine called with each line as it is printed
 * @returns all lines
 */
export async function cdk(args: readonly string[], onLine: (line: string) => void): Promise<string[]> {
  const child = spawn(CDK, [...args, '--no-notices', '--no-color'], {
    cwd: APP,
    env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_VALIDATION: 'false' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      onLine(line);
    });
  }
  const status = await new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve(code ?? signal ?? 'no status');
    });
  });
  if (status !== 0) throw new CdkFailed(args, status);
  return lines;
}
