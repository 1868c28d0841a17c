import { EXIT, kind, type FaultKind } from '../faults';

/** What can be wrong with the record of an environment. */
export const RECORD_FAULTS = {
  malformed: kind(
    'DW3101',
    'A record of this environment is malformed.',
    'what an apply writes: schema/record.schema.json',
    'restore the version of the object before (the bucket keeps them), or copy the newest of the history over it',
    EXIT.unclear,
  ),
  newer: kind(
    'DW3102',
    'A record of this environment was written by a newer version of this command.',
    'format version 1',
    'install the version that wrote it, or a newer one',
  ),
  changed: kind(
    'DW3103',
    'The record was changed since it was read, though the lock was held.',
    'the record that was read, or none if there was none',
    'somebody wrote to it without the lock. Run the command again: it finds what was done, and records it',
    EXIT.unclear,
  ),
  historyTaken: kind(
    'DW3104',
    'The history already has another record with this serial.',
    'a serial that the history does not have',
    'the current record was restored from an older one: copy the newest of the history over it',
    EXIT.unclear,
  ),
  notNext: kind(
    'DW3105',
    'The record does not follow the one before.',
    'the next serial, the same lineage, a fencing number that is not lower',
    'this is a defect of the command: report it',
    EXIT.unclear,
  ),
} as const satisfies Readonly<Record<string, FaultKind>>;
