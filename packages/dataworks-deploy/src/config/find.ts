import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Fault } from '../fault';
import { FAULTS } from '../faults';

/** Where the file is looked for in each directory: in a monorepo it stands beside the app that reads it. */
const PLACES = ['dataworks.json', 'packages/dataworks-app/dataworks.json'];

/** The dataworks.json of a directory, or of the nearest one above it that has one. Throws DW2100 when none has. */
export function findConfiguration(directory: string): string {
  for (let here = resolve(directory); ; here = dirname(here)) {
    const found = PLACES.map((place) => join(here, place)).find(existsSync);
    if (found !== undefined) return found;
    if (here === dirname(here)) throw new Fault(FAULTS.noConfiguration, { received: `nothing in ${resolve(directory)} and above` });
  }
}
