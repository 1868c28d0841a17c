import { join } from 'node:path';
import { appTemplates } from './templates';
import { expectUnchanged } from '../../../dataworks-constructs/test/stability/stateful';

test('no change of the app replaces or orphans what is deployed', () => {
  expectUnchanged(join(__dirname, 'baseline.json'), appTemplates());
});
