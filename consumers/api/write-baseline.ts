/** `npx projen api:write`: the API that users have from now on. */
import { writeFileSync } from 'node:fs';
import { BASELINE, publicApi } from './public-api';

writeFileSync(BASELINE, `${JSON.stringify(publicApi(), undefined, 1)}\n`);
