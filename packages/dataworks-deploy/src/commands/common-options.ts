/** What every command understands. */
export interface CommonOptions {
  /** The dataworks.json. */
  readonly config?: string;
  readonly json?: boolean;
}
