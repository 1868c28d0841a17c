import type { DeploymentRecord } from './record';
import type { LockServices } from '../lock/lock-services';

export interface StoredRecord {
  readonly record: DeploymentRecord;
  readonly etag: string;
}

/** The current record and the history of an environment. */
export declare class RecordStore {
  public constructor(services: Pick<LockServices, 'objects' | 'recordKey' | 'historyPrefix'>);

  /** The current record; undefined before the first apply. Throws DW3101 for one that is malformed, DW3102 for one of a newer version. Writes nothing. */
  public read(): Promise<StoredRecord | undefined>;

  /**
   * Make a record the current one, then part of the history. What a crash kept out of the history before is put there first.
   *
   * @param before what `read` gave; undefined for the first record
   * @returns the record with its ETag
   * Throws DW3103 when the current record is not `before` any more, DW3104 when the history already has another of this serial.
   */
  public write(record: DeploymentRecord, before?: StoredRecord): Promise<StoredRecord>;

  /** Serials in the history, ascending. */
  public serials(): Promise<readonly number[]>;

  /** One of the history; undefined when there is none. */
  public past(serial: number): Promise<DeploymentRecord | undefined>;
}
