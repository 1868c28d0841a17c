/** One mistake in dataworks.json. */
export interface ConfigurationProblem {
  /** Stable: `DW4xxx`. */
  readonly code: string;
  /** JSON path, like `$.environments[1].account`. */
  readonly path: string;
  readonly message: string;
  /** The value received, as JSON; undefined when something is missing. */
  readonly received?: string;
  readonly allowed: string;
}

/** Thrown for a configuration with mistakes; names all of them. */
export class ConfigurationError extends Error {
  constructor(
    public readonly file: string,
    public readonly problems: readonly ConfigurationProblem[],
  ) {
    const lines = problems.map(({ code, path, message, received, allowed }) => {
      const value = received === undefined ? '' : ` Received: ${received}.`;
      return `  ${code} ${path}: ${message}${value} Allowed: ${allowed}.`;
    });
    super([`${file}: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`, ...lines].join('\n'));
    this.name = 'ConfigurationError';
  }
}
