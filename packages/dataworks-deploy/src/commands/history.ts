import type { CommonOptions } from './common-options';
import { lockTargetOf } from './lock-target';
import { holderLine } from '../lock/holder';
import type { LockEvent } from '../lock/lock-event';
import { printable } from '../printable';
import type { DeploymentRecord } from '../record/record';
import { recordLine } from '../record/record-line';
import type { Terminal } from '../terminal';

export interface HistoryOptions extends CommonOptions {
  /** How many, the newest. */
  readonly limit: number;
}

/** `dataworks history <environment>`: what was applied, and which locks were ended by somebody else than their holders; the newest first. */
export async function history(name: string, { config, json = false, limit }: HistoryOptions, terminal: Terminal): Promise<number> {
  const { store } = await lockTargetOf(name, config);
  const serials = (await store.serials()).slice(-limit);
  const [stored, events] = await Promise.all([Promise.all(serials.map((serial) => store.past(serial))), store.events(limit)]);
  const records = stored.filter((record) => record !== undefined).reverse();
  if (json) {
    terminal.out(JSON.stringify({ environment: name, records, locks: events.reverse() }, undefined, 2));
    return 0;
  }
  const lines = [...records.map(recordEntry), ...events.map(eventEntry)].sort((one, other) => (one.at < other.at ? 1 : -1));
  terminal.out(lines.length === 0 ? `${name}: nothing was applied yet.` : lines.map(({ line }) => line).join('\n'));
  return 0;
}

interface Entry {
  readonly at: string;
  readonly line: string;
}

function recordEntry(record: DeploymentRecord): Entry {
  return { at: record.endedAt, line: printable(recordLine(record)) };
}

function eventEntry({ at, action, holder, by, job, reason }: LockEvent): Entry {
  const line = `lock  ${at}  ${action}: ${holderLine(holder)}; by ${by}${job === undefined ? '' : ` ${job}`}: ${reason}`;
  return { at, line: printable(line) };
}
