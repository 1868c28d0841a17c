import { findingOf, type Finding } from './findings';
import { Fault } from '../fault';
import type { RecordStore } from '../record/store';

/** A record that no command can read: the current one, and the newest of the history, by which it is restored. */
export async function recordFindings(environment: string, store: Pick<RecordStore, 'read' | 'serials' | 'past'>): Promise<Finding[]> {
  const newest = async () => {
    const serial = (await store.serials()).at(-1);
    return serial === undefined ? undefined : store.past(serial);
  };
  const findings = await Promise.all([store.read(), newest()].map((reading) => findingFrom(environment, reading)));
  return findings.flat();
}

async function findingFrom(environment: string, reading: Promise<unknown>): Promise<Finding[]> {
  try {
    await reading;
    return [];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [findingOf(error, environment, 'nobody knows what was applied')];
  }
}
