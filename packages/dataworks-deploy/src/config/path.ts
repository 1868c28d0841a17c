/** Where in a JSON document: keys of objects and indices of arrays. */
export type Path = ReadonlyArray<string | number>;

/** As a JSON path, like `$.environments[1].account`. */
export function jsonPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'string' && /^[A-Za-z_$][\w$]*$/.test(part)) return `${text}.${part}`;
    return `${text}[${JSON.stringify(part)}]`;
  }, '$');
}
