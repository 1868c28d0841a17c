import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfiguration } from '../../src';
import { dataworks } from '../../src/program';

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');
const SMALLEST = /^```json\n([\s\S]*?)^```$/m.exec(README)![1];

test('the smallest configuration of the README is complete', () => {
  expect(parseConfiguration(SMALLEST).environments).toMatchObject([{ name: 'dev', approvals: 1 }]);
});

test('the README shows the report of mistakes as it is', () => {
  const mistaken = SMALLEST.replace('111111111111', '1234').replace('"region"', '"regoin": "", "region"');
  const report = /^```text\n(dataworks\.json: [\s\S]*?)\n```$/m.exec(README)![1];
  expect(() => parseConfiguration(mistaken)).toThrow(new Error(report));
});

test('the README shows the error of the command as it is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dataworks-readme-'));
  const file = join(folder, 'dataworks.json');
  writeFileSync(file, SMALLEST);
  const [, line, report] = /^```console\n\$ dataworks (.*)\n([\s\S]*?)\n```$/m.exec(README)!;
  const told: string[] = [];
  const terminal = { out: () => {}, err: (text: string) => told.push(text), ask: () => Promise.resolve(undefined) };
  await dataworks([...line.split(' '), '--config', file], terminal);
  rmSync(folder, { recursive: true });
  expect(told.join('\n').replace(file, 'dataworks.json')).toBe(report);
});

test.each([
  'bootstrap',
  'doctor',
  'plan',
  'show',
  'approve',
  'apply',
  'status',
  'history',
  'drift',
  'rollback',
  'lock',
  'unlock',
  'release-own',
])('the README shows the help of %s as it is', async (command) => {
  const printed: string[] = [];
  await dataworks([command, '--help'], { out: (text) => printed.push(text), err: () => {}, ask: () => Promise.resolve(undefined) });
  expect(README).toContain(printed.join('\n'));
});
