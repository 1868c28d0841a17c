import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../..');

/** What consumers make and install: ignored by git, the linter and every compiler. */
export const HOME = join(ROOT, 'node_modules/.cache/consumers');

/** The library that is consumed. */
export const LIBRARY = join(ROOT, 'packages/dataworks-constructs');

/** The npm package, as `npx projen package` left it. */
export function tarball(): string {
  return only(join(LIBRARY, 'dist/js'), '.tgz');
}

/** The one file of a folder with that ending. */
export function only(directory: string, ending: string): string {
  const files = readdirSync(directory).filter((file) => file.endsWith(ending));
  if (files.length !== 1) throw new Error(`Expected one ${ending} in ${directory}, found ${files.join(', ') || 'none'}.`);
  return join(directory, files[0]);
}
