import { isDeepStrictEqual } from 'node:util';
import { filesOfZip } from './zip';
import { leafHash, rootOf, sha256 } from '../plan/digest';
import type { PlannedAsset } from '../plan/plan';

/**
 * Whether what is published under the name of an asset is that asset. Of an archive the files count, not how they are packed; of a
 * template what it says, not its white space: another version of the CDK may have published it.
 *
 * @param own content of the asset's file in the bundle
 */
export async function isSameAsset(
  { type, hash }: Pick<PlannedAsset, 'type' | 'hash'>,
  published: Buffer,
  own: () => Buffer,
): Promise<boolean> {
  if (type === 'zip') return (await hashOfZip(published)) === hash;
  return sha256(published) === hash || (type === 'template' && saysTheSame(published, own()));
}

/** As the plan hashes the folder; undefined for what is no archive, or one in which a name occurs twice. */
async function hashOfZip(zip: Buffer): Promise<string | undefined> {
  const files = await filesOfZip(zip);
  const leaves = new Map(files?.map((file) => [file.path, leafHash(file)]));
  return leaves.size === files?.length ? rootOf(leaves) : undefined;
}

function saysTheSame(one: Buffer, other: Buffer): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(one.toString()), JSON.parse(other.toString()));
  } catch {
    return false;
  }
}
