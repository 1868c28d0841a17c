/** A refusal of the local AWS: what happened and where, then what to do about it. */
export class LocalAwsError extends Error {
  constructor(
    /** Stable: `DW60xx`. */
    public readonly code: string,
    what: string,
    fix: string,
  ) {
    super(describe(code, what, fix));
    this.name = 'LocalAwsError';
  }
}

/** The same form for what is worth a warning, but no reason to stop. */
export function describe(code: string, what: string, fix: string): string {
  return `${code}: ${what}\n  Fix: ${fix}`;
}
