import { inflateRawSync } from 'node:zlib';
import { isExecutableMode } from '../plan/assembly-assets';
import type { Leaf } from '../plan/digest';

const END = Buffer.from('PK\x05\x06');
const ENTRY = Buffer.from('PK\x01\x02');
const STORED = 0;
const DEFLATED = 8;

/**
 * Files of an archive as asset publishing packs them, by what its directory says; undefined when it is none: damaged, encrypted, or of
 * more than 4 GiB or 65,535 files.
 */
export function filesOfZip(zip: Buffer): Leaf[] | undefined {
  try {
    const end = zip.lastIndexOf(END);
    const count = zip.readUInt16LE(end + 10);
    const files: Leaf[] = [];
    let at = zip.readUInt32LE(end + 16);
    for (let number = 0; number < count; number += 1) {
      if (!zip.subarray(at, at + 4).equals(ENTRY)) return undefined;
      const [name, extra, comment] = [28, 30, 32].map((field) => zip.readUInt16LE(at + field));
      const path = zip.toString('utf8', at + 46, at + 46 + name);
      const executable = isExecutableMode(zip.readUInt16LE(at + 40));
      if (!path.endsWith('/')) files.push({ path, executable, content: contentAt(zip, at) });
      at += 46 + name + extra + comment;
    }
    return files;
  } catch {
    return undefined; // what is read lies outside of it, or does not inflate
  }
}

/** @param entry where the directory speaks of the file */
function contentAt(zip: Buffer, entry: number): Buffer {
  const method = zip.readUInt16LE(entry + 10);
  const [packed, size, header] = [20, 24, 42].map((field) => zip.readUInt32LE(entry + field));
  const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  const content = zip.subarray(start, start + packed);
  if (method === STORED) return content;
  if (method !== DEFLATED) throw new RangeError(`method ${method}`);
  return inflateRawSync(content, { maxOutputLength: Math.max(size, 1) });
}
