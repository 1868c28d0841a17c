import { join } from 'node:path';
import { runLines } from './run-lines';

const ROOT = join(__dirname, '../..');
const TURBO = join(ROOT, 'node_modules/.bin/turbo');

/** How a task begins that is not taken from the cache. */
const BEGUN = /^(\S+):compile: cache (?:miss|bypass)/;
/** What turbo says of itself. */
const NOISE = /^\s*(?:• |Tasks: |Cached: |Time: )/;

/** All that turbo says but what it says of itself. */
export function withoutNoise(onLine: (line: string) => void): (line: string) => void {
  return (line) => {
    if (!NOISE.test(line)) onLine(line);
  };
}

/** Only the package that is compiled now. */
export function packagesOnly(onLine: (line: string) => void): (line: string) => void {
  return (line) => {
    const begun = BEGUN.exec(line)?.[1];
    if (begun !== undefined) onLine(begun);
  };
}

/** Compile what the app is made of; nothing when that is as it was. Throws DW6203 when it does not compile. */
export async function compile(onLine: (line: string) => void): Promise<void> {
  const { status, lines } = await runLines(TURBO, ['run', 'compile', '--output-logs=new-only'], {
    cwd: ROOT,
    env: { NODE_RELEASE: process.version, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
    onLine: packagesOnly(onLine),
  });
  if (status === 0) return;
  lines.forEach(withoutNoise(onLine));
  throw new Error(`DW6203 The packages do not compile: turbo ended with ${status}. What it said stands above.`);
}
