/** `npx projen stability:write`: what is deployed from now on. */
import { join } from 'node:path';
import { backendTemplates } from './templates';
import { writeBaseline } from '../../../dataworks-constructs/test/stability/stateful';

writeBaseline(join(__dirname, 'baseline.json'), backendTemplates());
