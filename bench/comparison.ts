import type { LocalAws } from './local-aws';
import type { Measured } from './measure';

/** Something of ours beside something that is used instead. */
export interface Comparison {
  /** What `--only` selects by. */
  readonly id: string;
  readonly measure: (aws: LocalAws) => Promise<Outcome>;
}

export type Outcome = readonly Measured[] | Skipped;

/** Nothing is known, and nothing is claimed. */
export interface Skipped {
  /** Why, in one line. */
  readonly skipped: string;
}
