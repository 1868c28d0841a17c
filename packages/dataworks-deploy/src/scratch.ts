import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from './fault';
import { FAULTS } from './faults';

/** A folder for what is needed on the way. */
export interface Scratch {
  readonly path: string;
  readonly remove: () => void;
}

/** A new folder, empty and private. It goes with the process, if it is not removed before. Throws DW2126. */
export function scratchFolder(purpose: string): Scratch {
  const path = made(purpose);
  const remove = (): void => {
    process.off('exit', remove);
    rmSync(path, { recursive: true, force: true });
  };
  process.on('exit', remove);
  return { path, remove };
}

function made(purpose: string): string {
  try {
    return mkdtempSync(join(tmpdir(), `dataworks-${purpose}-`));
  } catch (error) {
    throw new Fault(FAULTS.noScratch, { received: `${tmpdir()} (${(error as NodeJS.ErrnoException).code})` });
  }
}
