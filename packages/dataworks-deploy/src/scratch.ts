import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for what is needed on the way. */
export interface Scratch {
  readonly path: string;
  readonly remove: () => void;
}

/** A new folder, empty and private. It goes with the process, if it is not removed before. */
export function scratchFolder(purpose: string): Scratch {
  const path = mkdtempSync(join(tmpdir(), `dataworks-${purpose}-`));
  const remove = (): void => {
    process.off('exit', remove);
    rmSync(path, { recursive: true, force: true });
  };
  process.on('exit', remove);
  return { path, remove };
}
