/** `npx projen stability:write`: what is deployed from now on. */
import { join } from 'node:path';
import { everyOption } from './every-option';
import { writeBaseline } from './stateful';

writeBaseline(join(__dirname, 'baseline.json'), everyOption('aws', {}));
