/** Nothing that people or the CDK write is nested deeper, and whatever walks through a value can do so this far. */
const DEPTH = 256;

/** `JSON.parse` for what somebody else has written. Throws `SyntaxError`, also for what is nested deeper than 256 levels. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (isDeeper(value, DEPTH)) throw new SyntaxError(`nested deeper than ${DEPTH} levels`);
  return value;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}
