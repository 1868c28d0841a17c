import { table } from './markdown';
import { APPLY_FAULTS } from '../../../packages/dataworks-deploy/src/apply/faults';
import { FINDINGS } from '../../../packages/dataworks-deploy/src/doctor/findings';
import { DRIFT_FAULTS } from '../../../packages/dataworks-deploy/src/drift/faults';
import { FAULTS, type FaultKind } from '../../../packages/dataworks-deploy/src/faults';
import { LOCK_FAULTS } from '../../../packages/dataworks-deploy/src/lock/faults';
import { PLAN_FAULTS } from '../../../packages/dataworks-deploy/src/plan/faults';
import { dataworks } from '../../../packages/dataworks-deploy/src/program';
import { RECORD_FAULTS } from '../../../packages/dataworks-deploy/src/record/faults';
import { ROLLBACK_FAULTS } from '../../../packages/dataworks-deploy/src/rollback/faults';

/** What `dataworks … --help` prints. */
export async function helpOf(...command: string[]): Promise<string> {
  const printed: string[] = [];
  const print = (text: string) => printed.push(text);
  await dataworks([...command, '--help'], { out: print, err: print, ask: () => Promise.resolve(undefined) });
  return ['```text', `$ dataworks ${[...command, '--help'].join(' ')}`, ...printed, '```'].join('\n');
}

/** Every fault of the command, by its code. */
export function faultTable(): string {
  const faults = [FAULTS, LOCK_FAULTS, RECORD_FAULTS, PLAN_FAULTS, APPLY_FAULTS, ROLLBACK_FAULTS, DRIFT_FAULTS]
    .flatMap((room) => Object.values<FaultKind>(room))
    .sort((one, other) => one.code.localeCompare(other.code));
  return table(
    ['code', 'exit', 'what is wrong', 'allowed', 'fix'],
    faults.map(({ code, exitCode = 1, what, allowed, fix }) => [code, String(exitCode), what, allowed, fix]),
  );
}

/** Everything that the doctor can find, by its code. */
export function findingTable(): string {
  const findings = Object.values(FINDINGS).sort((one, other) => one.code.localeCompare(other.code));
  return table(
    ['code', 'what is wrong', 'consequence'],
    findings.map(({ code, what, consequence }) => [code, what, consequence]),
  );
}
