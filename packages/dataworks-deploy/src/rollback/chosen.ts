import { ROLLBACK_FAULTS } from './faults';
import { placeOf } from '../apply/place';
import { Fault } from '../fault';
import type { RecordedStack, DeploymentRecord } from '../record/record';

/**
 * The record that is to be brought back. One without changes counts: the stacks were then as its plan says. Throws DW3401 when there is
 * none of this serial, DW3402 when it is the current one, DW3403 when it failed.
 */
export function chosen(serial: number, record: DeploymentRecord | undefined, current: DeploymentRecord | undefined): DeploymentRecord {
  if (!record || !current || record.lineage !== current.lineage) {
    throw new Fault(ROLLBACK_FAULTS.noSuchSerial, { received: `serial ${serial}, the current one is ${current?.serial ?? 'none'}` });
  }
  const received = `serial ${serial}, ${record.endedAt}`;
  if (serial === current.serial) throw new Fault(ROLLBACK_FAULTS.alreadyCurrent, { received });
  if (record.result === 'failed') throw new Fault(ROLLBACK_FAULTS.neverInForce, { received });
  return record;
}

export type Place = Pick<RecordedStack, 'id' | 'name' | 'region'>;

/** Stacks that exist and that an assembly does not have, `<region>/<name>`, sorted. */
export function remaining(current: readonly Place[], planned: ReadonlyArray<Pick<Place, 'name' | 'region'>>): string[] {
  const there = new Set(planned.map(placeOf));
  return current
    .filter((stack) => stack.id !== undefined)
    .map(placeOf)
    .filter((place) => !there.has(place))
    .sort();
}
