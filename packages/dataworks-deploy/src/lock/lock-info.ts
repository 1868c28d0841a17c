/** What Terraform writes of the holder of a lock, in its order. */
export interface LockInfo {
  readonly ID: string;
  readonly Operation: string;
  readonly Info: string;
  readonly Who: string;
  readonly Version: string;
  readonly Created: string;
  readonly Path: string;
}

const FIELDS = ['ID', 'Operation', 'Info', 'Who', 'Version', 'Created', 'Path'] as const satisfies ReadonlyArray<keyof LockInfo>;

/** Begins the `Version` of our locks: how they are known without an item. */
export const OURS = 'dataworks ';

export const versionOf = (version: string): string => `${OURS}${version}`;

/** Go escapes these in JSON, JavaScript does not. */
const ESCAPED = /[<>&\u2028\u2029]/g;

/** The bytes that Go's `json.Marshal` writes for it, and so Terraform. */
export function jsonOf(info: LockInfo): string {
  const ordered = Object.fromEntries(FIELDS.map((field) => [field, wellFormed(info[field])]));
  return JSON.stringify(ordered).replace(ESCAPED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Half a surrogate pair has no UTF-8: what is stored would differ from what was compared. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

/** RFC 3339 as Go writes a time: trailing zeros of the fraction are cut. */
export function goTime(time: Date): string {
  return time.toISOString().replace(/\.?0*Z$/, 'Z');
}
