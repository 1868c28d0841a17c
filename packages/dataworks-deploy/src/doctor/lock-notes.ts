import { FINDINGS, type Finding } from './findings';

/** The two halves of Terraform's lock, each with Terraform's JSON about the holder; undefined where it is not held. */
export interface LockHalves {
  readonly item?: string;
  readonly object?: string;
}

/** What Terraform tells about a holder; whoever wrote it may have left anything out. */
interface Holder {
  readonly ID?: string;
  readonly Operation?: string;
  readonly Who?: string;
  readonly Created?: string;
}

/** What there is to say of a lock that somebody holds, at this time. A finding for information: no reason for an exit code. */
export function lockNotes(lockId: string, { item, object }: LockHalves, now: Date): Finding[] {
  const held = item ?? object;
  if (held === undefined) return [];
  const half = item === undefined ? 'the object' : 'the item';
  const kind = item !== undefined && object !== undefined ? FINDINGS.lockHeld : FINDINGS.lockHalfHeld;
  const found = kind === FINDINGS.lockHalfHeld ? `${half}, ${holderOf(held, now)}` : holderOf(held, now);
  const fix = 'wait until the holder has ended; when it is known to be dead, release the lock: terraform force-unlock <ID>';
  return [{ ...kind, subject: lockId, found, expected: 'no lock, unless a run is under way', fix, isNote: true }];
}

function holderOf(info: string, now: Date): string {
  const { ID, Operation, Who, Created } = parsed(info);
  const since = Created === undefined ? NaN : Date.parse(Created);
  const age = Number.isNaN(since) ? 'for an unknown time' : `since ${Created} (${hours(now.getTime() - since)})`;
  return `${Who ?? 'somebody'}, ${Operation ?? 'for an unknown operation'}, ${age}, ID ${ID ?? 'unknown'}`;
}

function parsed(info: string): Holder {
  try {
    return (JSON.parse(info) as Holder | null) ?? {};
  } catch {
    return {};
  }
}

function hours(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  return minutes < 120 ? `${minutes} minutes` : `${Math.floor(minutes / 60)} hours`;
}
