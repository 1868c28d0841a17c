import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ASSEMBLY } from './assembly-path';
import { PLAN_FILE, SUMMARY_FILE } from './bundle-layout';
import { PLAN_FAULTS } from './faults';
import { Fault } from '../fault';

const OURS = [ASSEMBLY, PLAN_FILE, SUMMARY_FILE];

/** Refuse a folder that holds anything but an earlier bundle. Throws DW3230; changes nothing. */
export function refuseOccupied(folder: string): void {
  if (!existsSync(folder)) return;
  const strange = statSync(folder).isDirectory() ? readdirSync(folder).filter((name) => !OURS.includes(name)) : [folder];
  if (strange.length > 0) throw new Fault(PLAN_FAULTS.outNotEmpty, { received: `${folder} with ${strange.slice(0, 3).join(', ')}` });
}

/** Empty it, and make it when there is none. */
export function clear(folder: string): void {
  refuseOccupied(folder);
  mkdirSync(folder, { recursive: true });
  for (const name of OURS) rmSync(join(folder, name), { recursive: true, force: true });
}
