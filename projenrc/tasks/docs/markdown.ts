import { readFileSync, writeFileSync } from 'node:fs';

/** A table; a cell may hold anything but a line break. */
export function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/**
 * `text` with its part `name` replaced: what stands between `<!-- begin name … -->` and `<!-- end name -->`.
 *
 * Throws when the text has no such part, or more than one: a table that nobody sees would be written for nothing.
 */
export function withPart(text: string, name: string, content: string): string {
  const part = new RegExp(`(<!-- begin ${name}\\b[^\\n]* -->\\n)[\\s\\S]*?(<!-- end ${name} -->)`, 'g');
  const found = [...text.matchAll(part)].length;
  if (found !== 1) throw new Error(`Expected one part between <!-- begin ${name} --> and <!-- end ${name} -->, found ${found}.`);
  return text.replace(part, (_match, begin: string, end: string) => `${begin}\n${content}\n\n${end}`);
}

/** Replace parts of a file. One that does not change is not touched: others may read it at the same time. */
export function writeParts(file: string, parts: Readonly<Record<string, string>>): void {
  const before = readFileSync(file, 'utf8');
  const after = Object.entries(parts).reduce((text, [name, content]) => withPart(text, name, content), before);
  if (after !== before) writeFileSync(file, after);
}
