import { createHash } from 'node:crypto';

/** A digest as it is written. */
export const DIGEST = /^[0-9a-f]{64}$/;

/** A file of a bundle or of an asset, as its digest sees it. */
export interface Leaf {
  /** Relative, with `/`. */
  readonly path: string;
  /** Whether its owner may execute it: all of its mode that is kept. */
  readonly executable: boolean;
  readonly content: Uint8Array;
}

/** They keep a leaf from being taken for a node, and the other way round. */
const LEAF = 0;
const NODE = 1;

/**
 * SHA-256 of a file: of a zero byte, the length of the path in UTF-8 (4 bytes, big-endian), the path, a byte that is 1 for an executable
 * file and otherwise 0, and the content.
 */
export function leafHash({ path, executable, content }: Leaf): Buffer {
  const name = Buffer.from(path);
  const head = Buffer.alloc(5);
  head[0] = LEAF;
  head.writeUInt32BE(name.length, 1);
  return createHash('sha256')
    .update(head)
    .update(name)
    .update(Buffer.from([executable ? 1 : 0]))
    .update(content)
    .digest();
}

/**
 * Root of the hash tree over these leaves, which are sorted by the bytes of their paths: 64 hexadecimal digits.
 *
 * A node is the SHA-256 of a byte 1 and its two children; the left child holds as many leaves as the largest power of two that is smaller
 * than their number. A single leaf is its own root.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6962#section-2.1
 */
export function rootOf(leaves: ReadonlyMap<string, Buffer>): string {
  const inOrder = [...leaves].map(([path, hash]) => ({ path: Buffer.from(path), hash })).sort((one, other) => one.path.compare(other.path));
  return tree(inOrder.map(({ hash }) => hash)).toString('hex');
}

function tree(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 0) return createHash('sha256').digest();
  if (hashes.length === 1) return hashes[0];
  const left = 2 ** Math.floor(Math.log2(hashes.length - 1));
  return createHash('sha256')
    .update(Buffer.from([NODE]))
    .update(tree(hashes.slice(0, left)))
    .update(tree(hashes.slice(left)))
    .digest();
}

export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}
