import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../..');

/** What consumers make and install: ignored by git, the linter and every compiler. */
export const HOME = join(ROOT, 'node_modules/.cache/consumers');

/** The libraries that are consumed, by their folder; each may use those before it. */
export const LIBRARIES = ['dataworks-constructs', 'backend-bootstrap'] as const;
export type Library = (typeof LIBRARIES)[number];

export function folderOf(library: Library): string {
  return join(ROOT, 'packages', library);
}

/** The npm package, as `npx projen package` left it. */
export function tarballOf(library: Library): string {
  return only(join(folderOf(library), 'dist/js'), '.tgz');
}

/** The one file of a folder with that ending. */
export function only(directory: string, ending: string): string {
  const files = readdirSync(directory).filter((file) => file.endsWith(ending));
  if (files.length !== 1) throw new Error(`Expected one ${ending} in ${directory}, found ${files.join(', ') || 'none'}.`);
  return join(directory, files[0]);
}
