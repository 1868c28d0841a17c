import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One folder for the temporary files of a run: the CDK alone leaves an assembly per app, thousands of them. */
export default function setUp(): void {
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'dataworks-tests-'));
}

/** After the last test. */
export function tearDown(): void {
  rmSync(process.env.TMPDIR!, { recursive: true, force: true });
}
