import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf, type Library } from '../support/places';

/** The types of a jsii assembly, and what of the rest is needed to load it. */
export interface PublicApi {
  readonly types: Readonly<Record<string, unknown>>;
  readonly [part: string]: unknown;
}

/** The API that users of a library have. */
export const baselineOf = (library: Library): string => join(__dirname, 'baseline', `${library}.json`);

/** For people, or for other tools; none of it is part of what code can rely on. */
const NOT_API = new Set([
  'dependencyClosure',
  'fingerprint',
  'jsiiVersion',
  'keywords',
  'locationInModule',
  'metadata',
  'readme',
  'symbolId',
  'targets',
]);
/** What documentation promises to a compiler. */
const PROMISES = new Set(['deprecated', 'stability', 'subclassable']);

/** The API of a compiled library without prose and places in files, so that its diff is the diff of the API. */
export function publicApi(library: Library): PublicApi {
  return trimmed(JSON.parse(readFileSync(join(folderOf(library), '.jsii'), 'utf8'))) as PublicApi;
}

function trimmed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(trimmed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !NOT_API.has(key))
      .map(([key, item]) => [key, key === 'docs' ? promises(item as object) : trimmed(item)]),
  );
}

const promises = (docs: object) => Object.fromEntries(Object.entries(docs).filter(([key]) => PROMISES.has(key)));
