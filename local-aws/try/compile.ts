import { join } from 'node:path';
import { runLines } from './run-lines';

const ROOT = join(__dirname, '../..');
const TURBO = join(ROOT, 'node_modules/.bin/turbo');

/** Compile what the app is made of; nothing when that is as it was. Throws DW6203 when it does not compile. */
export async function compile(onLine: (line: string) => void): Promise<void> {
  const { status } = await runLines(TURBO, ['run', 'compile', '--output-logs=errors-only'], {
    cwd: ROOT,
    env: { NODE_RELEASE: process.version, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
    onLine,
  });
  if (status !== 0) throw new Error(`DW6203 The packages do not compile: turbo ended with ${status}. What it said stands above.`);
}
