import { createHash } from 'node:crypto';
import { OURS, type LockInfo } from './lock-info';

/** Who holds a lock, or one half of it. */
export interface Holder {
  /** By which `unlock` knows it. */
  readonly id: string;
  /** `unreadable`: not what Terraform or we write. */
  readonly kind: 'ours' | 'terraform' | 'unreadable';
  readonly who: string;
  readonly operation: string;
  readonly reason: string;
  /** RFC 3339, as the holder wrote it; undefined when it did not. */
  readonly since?: string;
  /** Link to its CI job. */
  readonly job?: string;
  /** Taken by hand: it has no heartbeat, and ends only by hand. */
  readonly byHand: boolean;
}

/** The operation of a lock that somebody holds by hand. */
export const BY_HAND = 'hold';

const LINK = / ?(https:\/\/[^\s"<>]+)$/;
const LONGEST_SHOWN = 200;

/** An ID is printed as part of a command: of anything but a UUID or the like, a shell or a terminal could make something else. */
const ID = /^[\w.-]{1,64}$/;

/** The text about a holder: why it holds the lock, and a link to its job, where Terraform shows it too. */
export function reasonWithJob(reason: string, job: string | undefined): string {
  return job === undefined ? reason : `${reason} ${job}`;
}

/** What the JSON of a holder tells, whoever wrote it and whatever it is. */
export function holderOf(text: string | undefined): Holder {
  const info = parsed(text);
  if (info?.ID === undefined || !ID.test(info.ID)) return unreadable(text);
  const reason = info.Info ?? '';
  const ours = info.Version?.startsWith(OURS) ?? false;
  const job = ours ? LINK.exec(reason)?.[1] : undefined;
  return {
    id: info.ID,
    kind: ours ? 'ours' : 'terraform',
    who: info.Who ?? 'somebody',
    operation: info.Operation ?? '',
    reason: job === undefined ? reason : reason.replace(LINK, ''),
    ...(info.Created !== undefined && { since: info.Created }),
    ...(job !== undefined && { job }),
    byHand: ours && info.Operation === BY_HAND,
  };
}

/** Also what nobody can read has to have an ID, or no command could remove it. */
function unreadable(text: string | undefined): Holder {
  const id = `unreadable-${createHash('sha256')
    .update(text ?? '')
    .digest('hex')
    .slice(0, 12)}`;
  return { id, kind: 'unreadable', who: 'somebody', operation: '', reason: '', byHand: false };
}

/** The fields that are text; undefined for anything but a JSON object. */
function parsed(text: string | undefined): Partial<LockInfo> | undefined {
  try {
    const value = JSON.parse(text ?? '') as unknown;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.fromEntries(Object.entries(value).filter(([, field]) => typeof field === 'string'));
  } catch {
    return undefined;
  }
}

/** One line: who, since when, what for, from which job, whether it is Terraform's, and its ID. */
export function holderLine(holder: Holder): string {
  const { id, kind, who, operation, reason, since, job } = holder;
  if (kind === 'unreadable') return `somebody whose lock cannot be read, ID ${id}`;
  const parts = [
    kind === 'terraform' ? `Terraform (${who})` : who,
    operation,
    reason,
    since === undefined ? 'since an unknown time' : `since ${since}`,
    job,
    `ID ${id}`,
  ];
  return parts
    .filter((part) => part !== undefined && part !== '')
    .map((part) => shown(part!))
    .join(', ');
}

/** What a stranger wrote must not move the cursor of a terminal, nor fill it. */
function shown(text: string): string {
  const plain = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ');
  return plain.length > LONGEST_SHOWN ? `${plain.slice(0, LONGEST_SHOWN)}…` : plain;
}
