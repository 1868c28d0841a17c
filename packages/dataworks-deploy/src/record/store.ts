import { RECORD_FAULTS } from './faults';
import { parseRecord, textOf } from './form';
import type { DeploymentRecord } from './record';
import { Fault } from '../fault';
import { EVENTS, parseEvent, type LockEvent } from '../lock/lock-event';
import type { LockServices } from '../lock/lock-services';

export interface StoredRecord {
  readonly record: DeploymentRecord;
  readonly etag: string;
}

const SERIAL_DIGITS = 8;

/** The current record and the history of an environment. */
export class RecordStore {
  public constructor(private readonly services: Pick<LockServices, 'objects' | 'recordKey' | 'historyPrefix'>) {}

  /** The current record; undefined before the first apply. Throws DW3101 for one that is malformed, DW3102 for one of a newer version. Writes nothing. */
  public async read(): Promise<StoredRecord | undefined> {
    const { objects, recordKey } = this.services;
    const stored = await objects.read(recordKey);
    return stored && { record: parseRecord(stored.text, recordKey), etag: stored.etag };
  }

  /**
   * Make a record the current one, then part of the history. What a crash kept out of the history before is put there first.
   *
   * @param before what `read` gave under the lock; undefined for the first record
   * @returns the record with its ETag
   * Throws DW3103 when the current record is not `before` any more, DW3104 when the history already has another of this
   * serial, DW3105 for a record that does not follow `before`. None of them has written the record.
   */
  public async write(record: DeploymentRecord, before?: StoredRecord): Promise<StoredRecord> {
    const { objects, recordKey } = this.services;
    refuseOther(record, before?.record);
    if (before) await this.complete(before.record);
    await this.refuseTaken(record);
    const text = textOf(record);
    parseRecord(text, recordKey); // what nobody could read is not written
    const etag = await this.written(text, before ? objects.replace(recordKey, text, before.etag) : objects.create(recordKey, text));
    if (etag === undefined) {
      throw new Fault(RECORD_FAULTS.changed, { received: before ? `serial ${before.record.serial}, changed` : 'a record' });
    }
    await this.complete(record);
    return { record, etag };
  }

  /** Put a current record into the history, if a crash kept it out. Throws DW3104 when the history has another of its serial. */
  public async complete(record: DeploymentRecord): Promise<void> {
    const key = this.keyOf(record.serial);
    const text = textOf(record);
    if ((await this.services.objects.create(key, text)) !== undefined) return;
    const there = await this.services.objects.read(key);
    if (!there || textOf(parseRecord(there.text, key)) !== text) throw new Fault(RECORD_FAULTS.historyTaken, { received: key });
  }

  /** Serials in the history, ascending. */
  public async serials(): Promise<readonly number[]> {
    const { objects, historyPrefix } = this.services;
    const names = (await objects.keys(historyPrefix)).map((key) => key.slice(historyPrefix.length));
    return names.flatMap((name) => (/^\d{8}\.json$/.test(name) ? [Number(name.slice(0, SERIAL_DIGITS))] : []));
  }

  /** One of the history; undefined when there is none. Throws DW3101, DW3102. */
  public async past(serial: number): Promise<DeploymentRecord | undefined> {
    const key = this.keyOf(serial);
    const stored = await this.services.objects.read(key);
    const record = stored && parseRecord(stored.text, key);
    if (record && record.serial !== serial) throw new Fault(RECORD_FAULTS.malformed, { received: `${key}: serial ${record.serial}` });
    return record;
  }

  /** Locks that were broken or unlocked, oldest first; the newest `count` of them. */
  public async events(count: number): Promise<LockEvent[]> {
    const { objects, historyPrefix } = this.services;
    const keys = (await objects.keys(`${historyPrefix}${EVENTS}`)).slice(-count);
    const stored = await Promise.all(keys.map((key) => objects.read(key)));
    return stored.flatMap((one) => (one === undefined ? [] : parseEvent(one.text)));
  }

  private keyOf(serial: number): string {
    return `${this.services.historyPrefix}${String(serial).padStart(SERIAL_DIGITS, '0')}.json`;
  }

  /** The history is never overwritten, so a record that cannot become part of it must not become the current one. */
  private async refuseTaken({ serial }: DeploymentRecord): Promise<void> {
    const key = this.keyOf(serial);
    if ((await this.services.objects.read(key)) !== undefined) throw new Fault(RECORD_FAULTS.historyTaken, { received: key });
  }

  /** A write is repeated when its answer is lost, and is then refused because of itself. */
  private async written(text: string, write: Promise<string | undefined>): Promise<string | undefined> {
    const etag = await write;
    if (etag !== undefined) return etag;
    const there = await this.services.objects.read(this.services.recordKey);
    return there?.text === text ? there.etag : undefined;
  }
}

function refuseOther(record: DeploymentRecord, before: DeploymentRecord | undefined): void {
  const next = (before?.serial ?? 0) + 1;
  const problems = [
    record.serial !== next && `serial ${record.serial} after ${next - 1}`,
    before && record.lineage !== before.lineage && `lineage ${record.lineage} after ${before.lineage}`,
    before && record.fence < before.fence && `fencing number ${record.fence} after ${before.fence}`,
  ].filter((problem) => typeof problem === 'string');
  if (problems.length > 0) throw new Fault(RECORD_FAULTS.notNext, { received: problems.join(', ') });
}
