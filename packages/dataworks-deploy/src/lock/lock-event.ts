import type { Holder } from './holder';
import { goTime } from './lock-info';
import type { LockServices } from './lock-services';
import { parseJson } from '../json';

/** A lock that was ended by somebody else than its holder. */
export interface LockEvent {
  readonly formatVersion: 1;
  /** `broken`: it stood still. `unlocked`: somebody said so, by its ID. */
  readonly action: 'broken' | 'unlocked';
  readonly holder: Holder;
  readonly by: string;
  /** Link to the CI job of whoever ended it. */
  readonly job?: string;
  readonly reason: string;
  /** RFC 3339, UTC. */
  readonly at: string;
}

/** Below the history: one object each, ordered by time. */
export const EVENTS = 'locks/';

export async function recordEvent(services: LockServices, event: Omit<LockEvent, 'formatVersion' | 'at'>): Promise<void> {
  const at = services.clock.now();
  const content: LockEvent = { formatVersion: 1, ...event, at: goTime(at) };
  const key = `${services.historyPrefix}${EVENTS}${at.toISOString()}-${event.holder.id}.json`;
  await services.objects.create(key, `${JSON.stringify(content, undefined, 2)}\n`);
}

/** An event from its text; none for what has another form: it is told to people, and decides nothing. */
export function parseEvent(text: string): LockEvent[] {
  try {
    const { formatVersion, action, holder, by, reason, at } = parseJson(text) as Partial<Omit<LockEvent, 'holder'>> & {
      readonly holder?: Partial<Holder>;
    };
    if (formatVersion !== 1 || (action !== 'broken' && action !== 'unlocked')) return [];
    const { id, kind, who, operation, reason: why, since = '', job = '' } = holder ?? {};
    if ([by, reason, at, id, kind, who, operation, why, since, job].some((field) => typeof field !== 'string')) return [];
    return [parseJson(text) as LockEvent];
  } catch {
    return [];
  }
}
