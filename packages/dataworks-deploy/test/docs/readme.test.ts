import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfiguration } from '../../src';

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');
const SMALLEST = /^```json\n([\s\S]*?)^```$/m.exec(README)![1];

test('the smallest configuration of the README is complete', () => {
  expect(parseConfiguration(SMALLEST).environments).toMatchObject([{ name: 'dev', approvals: 1 }]);
});

test('the README shows the report of mistakes as it is', () => {
  const mistaken = SMALLEST.replace('111111111111', '1234').replace('"region"', '"regoin": "", "region"');
  const report = /^```text\n([\s\S]*?)\n```$/m.exec(README)![1];
  expect(() => parseConfiguration(mistaken)).toThrow(new Error(report));
});
