/** The plain CDK command line: what it does with what we deploy. */
import { join } from 'node:path';
import { runLines } from '../try/run-lines';

const ROOT = join(__dirname, '../..');
const APP = join(ROOT, 'packages/dataworks-app');
const CDK = join(ROOT, 'node_modules/.bin/cdk');

/** A command of the CDK command-line interface failed; what it said has been printed already. */
export class CdkFailed extends Error {
  public constructor(args: readonly string[], status: number | string) {
    super(`DW6201 cdk ${args.join(' ')}: ended with ${status}. What it said stands above.\n  Fix: npx projen local:reset, then try again`);
    this.name = 'CdkFailed';
  }
}

/**
 * Run the pinned CDK command-line interface.
 *
 * @param onLine called with each line as it is printed
 * @param cwd whose `cdk.json` counts; the app's folder by default
 * @returns all lines
 */
export async function cdk(args: readonly string[], onLine: (line: string) => void, cwd = APP): Promise<readonly string[]> {
  const { status, lines } = await runLines(CDK, [...args, '--no-notices', '--no-color'], {
    cwd,
    env: { CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_VALIDATION: 'false' },
    onLine,
  });
  if (status !== 0) throw new CdkFailed(args, status);
  return lines;
}

/** `cdk diff` counts them in its last line; its exit code does not tell a difference from an error. */
export function stacksThatDiffer(output: readonly string[]): number {
  const counts = output.map((line) => /Number of stacks with differences: (\d+)/.exec(line)?.[1]).filter((count) => count !== undefined);
  if (counts.length !== 1) throw new Error(`DW6202 cdk diff did not say how many stacks differ:\n${output.join('\n')}`);
  return Number(counts[0]);
}
