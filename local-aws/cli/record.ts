import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Home } from './paths';
import type { ProcessIdentity } from './process-identity';

/** `server.json`: the server that runs in a home, or ran there last and did not end by `stop`. */
export interface ServerRecord extends ProcessIdentity {
  readonly port: number;
  /** For clients; by name, since buckets become `<bucket>.localhost`. */
  readonly url: string;
  /** In authorization mode: the certificate that clients have to trust. */
  readonly authority?: string;
  /** What the server answers when asked who it is: another one may have taken the port. */
  readonly instance: string;
  /** Digest of the Python code and the requirements it was started from. */
  readonly code: string;
}

/** Undefined when there is none, `unreadable` when it is none of ours. */
export function readRecord(home: Home): ServerRecord | 'unreadable' | undefined {
  let text: string;
  try {
    text = readFileSync(home.record, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const record = JSON.parse(text) as ServerRecord;
    return Number.isInteger(record.pid) && record.pid > 0 && record.started ? record : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

export function writeRecord(home: Home, record: ServerRecord): void {
  const whole = `${home.record}.new`;
  writeFileSync(whole, `${JSON.stringify(record, undefined, 2)}\n`);
  renameSync(whole, home.record);
}
