import type { Mistake } from './mistakes';
import { jsonPath, type Path } from './path';

/** One mistake in dataworks.json: which, and where. */
export interface ConfigurationProblem extends Mistake {
  /** JSON path, like `$.environments[1].account`; in a text that is no JSON, line and column. */
  readonly path: string;
  /** The value received, as JSON; undefined when something is missing. */
  readonly received?: string;
  readonly allowed: string;
}

/** A problem whose place is not yet text: by it the problems are sorted. */
export interface Finding extends Omit<ConfigurationProblem, 'path'> {
  readonly at: Path;
}

export function problemOf({ at, ...finding }: Finding): ConfigurationProblem {
  return { ...finding, path: jsonPath(at) };
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
