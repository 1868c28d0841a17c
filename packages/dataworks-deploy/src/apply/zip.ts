import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';
import { isExecutableMode } from '../plan/assembly-assets';
import type { Leaf } from '../plan/digest';

/** Files of an archive, by what its directory says; undefined when it is none: damaged, encrypted, or with a path that leads out of it. */
export async function filesOfZip(zip: Buffer): Promise<Leaf[] | undefined> {
  try {
    const archive = await fromBufferPromise(zip, { lazyEntries: true, strictFileNames: true });
    const files: Leaf[] = [];
    for await (const entry of archive.eachEntry()) {
      const { fileName: path, externalFileAttributes } = entry;
      if (path.endsWith('/')) continue;
      const content = await buffer(await archive.openReadStreamPromise(entry));
      // The upper half of the attributes is the mode.
      files.push({ path, executable: isExecutableMode(Math.floor(externalFileAttributes / 65_536)), content });
    }
    return files;
  } catch {
    return undefined;
  }
}
