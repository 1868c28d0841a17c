import { join } from 'node:path';
import { backendTemplates } from './templates';
import { expectUnchanged } from '../../../dataworks-constructs/test/stability/stateful';

test('no release replaces or orphans what an earlier one deployed', () => {
  expectUnchanged(join(__dirname, 'baseline.json'), backendTemplates());
});
