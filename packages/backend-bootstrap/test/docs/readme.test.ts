import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { backendStack } from '../support/backend';

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');

test('the README shows an error as it is', () => {
  const error = /^```text\n([\s\S]*?)\n```$/m.exec(README)![1];
  expect(() => backendStack({ stateKey: 'lake/' })).toThrow(new Error(error));
});
