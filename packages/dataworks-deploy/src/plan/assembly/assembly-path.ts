import { posix } from 'node:path';
import { Fault } from '../../fault';
import { PLAN_FAULTS } from '../faults';

/** Folder of the assembly in a bundle. */
export const ASSEMBLY = 'assembly';

export function inBundle(path: string): string {
  return posix.join(ASSEMBLY, path);
}

/** A path that an assembly names, in the assembly. Throws DW3222 for one that leads out of it. */
export function plainPath(folder: string, path: string): string {
  const plain = posix.normalize(posix.join(folder, path));
  if (posix.isAbsolute(path) || plain === '..' || plain.startsWith('../') || /^[A-Za-z]:|\\/.test(path)) {
    throw new Fault(PLAN_FAULTS.badAssembly, { received: `the path ${JSON.stringify(path)}, which leads out of it` });
  }
  return plain;
}
