import { join } from 'node:path';
import { runLines } from './run-lines';

const ROOT = join(__dirname, '../..');
const TURBO = join(ROOT, 'node_modules/.bin/turbo');

/** What turbo says of itself. */
const NOISE = /^\s*(?:• |Tasks: |Cached: |Time: )/;

/** Only what turbo says of a task that fails. */
export function withoutTurbo(onLine: (line: string) => void): (line: string) => void {
  return (line) => {
    if (!NOISE.test(line)) onLine(line);
  };
}

/** Compile what the app is made of; nothing when that is as it was. Throws DW6203 when it does not compile. */
export async function compile(onLine: (line: string) => void): Promise<void> {
  const { status } = await runLines(TURBO, ['run', 'compile', '--output-logs=errors-only'], {
    cwd: ROOT,
    env: { NODE_RELEASE: process.version, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
    onLine: withoutTurbo(onLine),
  });
  if (status !== 0) throw new Error(`DW6203 The packages do not compile: turbo ended with ${status}. What it said stands above.`);
}
