import type { FaultKind } from './faults';

/** What is known of one occurrence; what the kind says in general is replaced by what is known better. */
export interface FaultDetails {
  /** What was found, as a sentence without its full stop. */
  readonly received: string;
  readonly allowed?: string;
  readonly fix?: string;
}

/** Thrown for what a user can put right: it ends the command with its message alone. */
export class Fault extends Error {
  /** Stable, like `DW2101`. */
  public readonly code: string;
  public readonly what: string;
  public readonly received: string;
  public readonly allowed: string;
  public readonly fix: string;
  public readonly exitCode: number;

  public constructor(kind: FaultKind, { received, allowed = kind.allowed, fix = kind.fix }: FaultDetails) {
    super(`${kind.code}: ${kind.what} Received: ${received}. Allowed: ${allowed}. Fix: ${fix}.`);
    this.name = 'Fault';
    this.code = kind.code;
    this.what = kind.what;
    this.received = received;
    this.allowed = allowed;
    this.fix = fix;
    this.exitCode = kind.exitCode ?? 1;
  }
}

/** A fault beside which another one was found; the command ends as the first says. */
export class FaultWithOther extends Fault {
  public constructor(
    first: Fault,
    public readonly other: Fault,
  ) {
    super(first, first);
    this.message = `${first.message}\n${other.message}`;
  }
}
