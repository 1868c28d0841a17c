import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';
import { isExecutableMode } from '../plan/assembly/assembly-assets';
import { LIMITS } from '../plan/bundle/bundle-files';
import type { Leaf } from '../plan/digest';

/**
 * Files of an archive, by what its directory says; undefined when it is none that a plan could have: damaged, encrypted, with a path that
 * leads out of it, or larger than a whole bundle may be. The file with which it grows too large is not inflated,
 * and a file with more bytes than the directory says is damage.
 */
export async function filesOfZip(zip: Buffer): Promise<Leaf[] | undefined> {
  try {
    const archive = await fromBufferPromise(zip, { lazyEntries: true, strictFileNames: true });
    const files: Leaf[] = [];
    let bytes = 0;
    for await (const entry of archive.eachEntry()) {
      const { fileName: path, externalFileAttributes } = entry;
      if (path.endsWith('/')) continue;
      bytes += entry.uncompressedSize;
      if (bytes > LIMITS.bytes) return undefined;
      const content = await buffer(await archive.openReadStreamPromise(entry));
      // The upper half of the attributes is the mode.
      files.push({ path, executable: isExecutableMode(Math.floor(externalFileAttributes / 65_536)), content });
    }
    return files;
  } catch {
    return undefined;
  }
}
