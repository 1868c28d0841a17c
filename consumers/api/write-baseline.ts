/** `npx projen api:write`: the API that users have from now on. */
import { writeFileSync } from 'node:fs';
import { baselineOf, publicApi } from './public-api';
import { LIBRARIES } from '../support/places';

for (const library of LIBRARIES) writeFileSync(baselineOf(library), `${JSON.stringify(publicApi(library), undefined, 1)}\n`);
