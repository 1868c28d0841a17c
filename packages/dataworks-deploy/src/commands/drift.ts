import type { CommonOptions } from './common-options';
import { lockTargetOf } from './lock-target';
import { Stacks } from '../aws/cloudformation';
import { DriftDetection } from '../aws/drift-detection';
import { driftOf } from '../drift/detect';
import { isComplete, isDrifted } from '../drift/drift';
import { DRIFT_FAULTS } from '../drift/faults';
import { driftReport } from '../drift/report';
import { Fault } from '../fault';
import type { Terminal } from '../terminal';

const DRIFTED = 2;

/** `dataworks drift <environment>`: 0 in sync, 1 when not everything could be compared, 2 with drift. */
export async function drift(name: string, { config, json = false }: CommonOptions, terminal: Terminal): Promise<number> {
  const { store, target } = await lockTargetOf(name, config);
  const { account, region } = target.environment;
  const record = (await store.read())?.record;
  if (!record) throw new Fault(DRIFT_FAULTS.noRecord, { received: `${name} without a record in ${target.names.stateBucket}` });
  const sourceIn = (place: string) => ({ stacks: new Stacks(place), detection: new DriftDetection(place) });
  const stacks = await driftOf(record.stacks, sourceIn, terminal.err);
  const drifted = stacks.some(isDrifted);
  const incomplete = stacks.filter((stack) => !isComplete(stack));
  const document = { environment: name, account, region, serial: record.serial, drifted, complete: incomplete.length === 0, stacks };
  terminal.out(json ? JSON.stringify(document, undefined, 2) : driftReport(stacks));
  for (const { name: stack, problem = 'some of its resources could not be compared' } of incomplete) {
    terminal.err(new Fault(DRIFT_FAULTS.incomplete, { received: `${stack}: ${problem.replace(/\.$/, '')}` }).message);
  }
  if (incomplete.length > 0) return 1;
  return drifted ? DRIFTED : 0;
}
