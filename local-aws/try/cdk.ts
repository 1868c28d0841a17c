import { join } from 'node:path';
import { runLines } from './run-lines';

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
