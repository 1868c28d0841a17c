/** Files of a bundle that nobody trusts yet: into a private folder, or not at all. */
import { copyFileSync, createReadStream, lstatSync, mkdirSync, readdirSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Unpack, type ReadEntry } from 'tar';
import { Fault } from '../../fault';
import { PLAN_FAULTS } from '../faults';

export const LIMITS = { files: 20_000, bytes: 2 * 1024 ** 3, planBytes: 64 * 1024 ** 2, pathLength: 1024, depth: 64 };

/** Errors of gunzip, tar, and of a file system that is asked for the impossible, such as a file that is a folder too. */
const DAMAGED = /^(Z_|TAR_|ENOTDIR$|EISDIR$|EEXIST$|ENAMETOOLONG$)/;

/** Copy a bundle. Throws DW3200 to DW3203; what was copied by then is left to the caller to remove. */
export async function copyBundle(source: string, into: string): Promise<void> {
  const found = lstatOf(source);
  if (found.isDirectory()) {
    copyFolder(source, into);
    return;
  }
  if (!found.isFile()) throw new Fault(PLAN_FAULTS.unreadableBundle, { received: source });
  await unpack(source, into);
}

/** Relative paths of all files below a folder, with `/`, sorted. */
export function filesBelow(folder: string, at = ''): string[] {
  return readdirSync(join(folder, at), { withFileTypes: true })
    .flatMap((entry) => {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(folder, path) : [path];
    })
    .sort();
}

function lstatOf(source: string): Stats {
  try {
    return lstatSync(source);
  } catch (error) {
    throw new Fault(PLAN_FAULTS.noBundle, { received: `${source} (${(error as NodeJS.ErrnoException).code})` });
  }
}

/** What is counted on the way. */
class Budget {
  private files = 0;
  private bytes = 0;

  public file(size: number): void {
    this.files += 1;
    this.take(size);
    if (this.files > LIMITS.files) throw tooLarge(`more than ${LIMITS.files} files`);
  }

  public take(size: number): void {
    this.bytes += size;
    if (this.bytes > LIMITS.bytes) throw tooLarge(`more than ${LIMITS.bytes} bytes`);
  }
}

function tooLarge(received: string): Fault {
  return new Fault(PLAN_FAULTS.bundleTooLarge, { received });
}

function copyFolder(source: string, into: string, at = '', budget = new Budget()): void {
  for (const entry of readdirSync(join(source, at), { withFileTypes: true })) {
    const path = at === '' ? entry.name : `${at}/${entry.name}`;
    refuseUnsafe(path);
    if (entry.isDirectory()) {
      copyFolder(source, into, path, budget);
      continue;
    }
    if (!entry.isFile()) throw unsafe(path, 'no regular file');
    budget.file(lstatSync(join(source, path)).size);
    mkdirSync(dirname(join(into, path)), { recursive: true });
    copyFileSync(join(source, path), join(into, path));
  }
}

async function unpack(archive: string, into: string): Promise<void> {
  const budget = new Budget();
  const seen = new Set<string>();
  let fault: Fault | undefined;
  /** An error that is thrown here would not reach the pipeline: it is kept, and nothing more is written. */
  const filter = (path: string, entry: Stats | ReadEntry): boolean => {
    if (fault) return false;
    try {
      refuseUnsafe(path);
      if (!('type' in entry) || (entry.type !== 'File' && entry.type !== 'OldFile')) throw unsafe(path, 'no regular file');
      if (seen.has(path)) throw unsafe(path, 'there twice');
      seen.add(path);
      budget.file(0); // its bytes are counted when they are unpacked
      return true;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      fault = error;
      return false;
    }
  };
  const counted = new Transform({
    transform: (part: Buffer, _encoding, done) => {
      try {
        budget.take(part.length);
        done(fault ?? null, part);
      } catch (error) {
        done(error as Fault);
      }
    },
  });
  try {
    const writing = new Unpack({ cwd: into, strict: true, filter, preserveOwner: false, noMtime: true });
    await pipeline(createReadStream(archive), createGunzip(), counted, writing);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (fault ?? error instanceof Fault) throw fault ?? error;
    if (!DAMAGED.test(code)) throw error;
    throw new Fault(PLAN_FAULTS.unreadableBundle, { received: `${code}, ${(error as Error).message.split('\n')[0]}` });
  }
  if (fault) throw fault;
}

function refuseUnsafe(path: string): void {
  const parts = path.split('/');
  if (path.length > LIMITS.pathLength || parts.length > LIMITS.depth) throw unsafe(path, 'too long');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) throw unsafe(path, 'no plain relative path');
  // U+FFFD is how a name that is no UTF-8 is read: under that name nothing is there.
  if (Array.from(path).some((character) => character === '\\' || character === '\ufffd' || character < ' ')) {
    throw unsafe(path, 'a character that no path of a plan has');
  }
}

function unsafe(path: string, why: string): Fault {
  return new Fault(PLAN_FAULTS.unsafeBundle, { received: `${JSON.stringify(path.slice(0, 120))}: ${why}` });
}
