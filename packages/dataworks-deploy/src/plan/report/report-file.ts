import { writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { Fault } from '../../fault';
import { PLAN_FAULTS } from '../faults';
import { makeFolder } from '../folder';

/** Refuse a report in the folder of the bundle: it would be a file that the digest does not know. Throws DW3236. */
export function refuseInside(out: string, report: string): void {
  if (!/^\.\.(?:[/\\]|$)/.test(relative(resolve(out), resolve(report)))) {
    throw new Fault(PLAN_FAULTS.reportUnwritable, { received: `${report}, which is in ${out}` });
  }
}

/** Write a report, over an earlier one; its folder is made when there is none. Throws DW3236. */
export function writeReport(file: string, text: string): void {
  try {
    makeFolder(dirname(file));
    writeFileSync(file, text);
  } catch (error) {
    throw new Fault(PLAN_FAULTS.reportUnwritable, { received: `${file} (${(error as NodeJS.ErrnoException).code})` });
  }
}
