import { readFileSync, writeFileSync } from 'node:fs';
import { Fault } from '../fault';
import { FAULTS } from '../faults';

/** A file that is written once, and never over another one. Throws DW2124 at once when another one is there. */
export class NewFile {
  public constructor(
    private readonly path: string,
    private readonly content: string,
  ) {
    const there = contentOf(path);
    if (there !== undefined && there !== content) throw new Fault(FAULTS.fileDiffers, { received: path });
  }

  public write(): void {
    if (contentOf(this.path) !== this.content) writeFileSync(this.path, this.content, { flag: 'wx' });
  }
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
