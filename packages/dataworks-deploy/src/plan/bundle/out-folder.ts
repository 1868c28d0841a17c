import { existsSync, mkdtempSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PLAN_FILE, SUMMARY_FILE } from './bundle-layout';
import { Fault } from '../../fault';
import { ASSEMBLY } from '../assembly/assembly-path';
import { PLAN_FAULTS } from '../faults';
import { makeFolder } from '../folder';

const OURS = [ASSEMBLY, PLAN_FILE, SUMMARY_FILE];

/**
 * The folder for a bundle, made when there is none; an earlier bundle stays in it. Throws DW3230 for one that holds anything else, DW3243
 * for one that cannot be written to.
 */
export function prepare(folder: string): void {
  try {
    refuseOccupied(folder);
    makeFolder(folder);
    rmdirSync(mkdtempSync(join(folder, 'dataworks-'))); // tried: a file system may say yes to the question alone
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault(PLAN_FAULTS.outUnwritable, { received: `${folder} (${(error as NodeJS.ErrnoException).code})` });
  }
}

/** Remove an earlier bundle. Throws DW3230; changes nothing then. */
export function clear(folder: string): void {
  refuseOccupied(folder);
  for (const name of OURS) rmSync(join(folder, name), { recursive: true, force: true });
}

function refuseOccupied(folder: string): void {
  if (!existsSync(folder)) return;
  const strange = statSync(folder).isDirectory() ? readdirSync(folder).filter((name) => !OURS.includes(name)) : [folder];
  if (strange.length > 0) throw new Fault(PLAN_FAULTS.outNotEmpty, { received: `${folder} with ${strange.slice(0, 3).join(', ')}` });
}
