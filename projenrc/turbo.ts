/**
 * A run of the build graph. What another Node.js made is not taken from the cache; the graph says
 * so by `NODE_RELEASE`.
 */
export const turbo = (args: string): string => `NODE_RELEASE=$(node --version) TURBO_TELEMETRY_DISABLED=1 turbo run ${args}`;

/** The packages, compiled: of what was compiled already, nothing is done and nothing is said. */
export const COMPILED = turbo('compile --output-logs=errors-only');
