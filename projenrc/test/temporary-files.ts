import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One folder for the temporary files of a run, removed at its end: also what a test that was ended has left. */
export default function setUp(): void {
  const folder = mkdtempSync(join(tmpdir(), 'dataworks-tests-'));
  process.env.TMPDIR = folder;
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
}
