import { kind, type FaultKind } from '../faults';

/** What keeps a record of the history from being brought back. */
export const ROLLBACK_FAULTS = {
  noSuchSerial: kind(
    'DW3401',
    'The history has no record of this serial.',
    'a serial that `dataworks history` shows',
    'look at dataworks history <environment>, and name one of its serials',
  ),
  alreadyCurrent: kind(
    'DW3402',
    'This serial is the current one: there is nothing to bring back.',
    'an earlier serial',
    'to apply it once more, plan the same commit again; to undo it, name the serial before it',
  ),
  neverInForce: kind(
    'DW3403',
    'The apply of this serial failed: what it planned was never in force as a whole.',
    'a serial that was applied, or that found nothing to change',
    'look at dataworks history <environment>, and name one that was applied',
  ),
} as const satisfies Readonly<Record<string, FaultKind>>;
