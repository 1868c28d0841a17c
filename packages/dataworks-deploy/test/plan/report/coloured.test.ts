import { PassThrough } from 'node:stream';
import { WriteStream } from 'node:tty';
import { coloured } from '../../../src/plan/report/coloured';
import { terminalReport } from '../../../src/plan/report/report';
import { change, planWith, plannedStack } from '../../support/planned';

const values = [
  { path: '/Properties/A', from: '1', to: '2' },
  { path: '/Properties/B', to: '- 3' },
  { path: '/Properties/C', from: '4' },
];
const replaced = change('Raw', 'AWS::S3::Bucket', { replacement: 'conditional', deletes: true, stateful: true, values });
const risk = { kind: 'statefulLoss', stack: 'lake', nested: [], logicalId: 'Raw', reason: 'is deleted' } as const;
const report = terminalReport(
  planWith([plannedStack({ changes: [change('New', 'AWS::SNS::Topic', { action: 'add' }), replaced] })], { risks: [risk] }),
);
const terminal = () => Object.assign(new PassThrough(), { isTTY: true, getColorDepth: () => WriteStream.prototype.getColorDepth() });

// The whole environment: Node.js reads more of it than one would list here (a CI job, for one, has no colours).
const before = process.env;
beforeEach(() => {
  process.env = { TERM: 'xterm-256color' };
});
afterAll(() => {
  process.env = before;
});

test('a terminal has the signs, the risks and what is replaced in colours, and nothing else', () => {
  const lines = coloured(report, terminal()).split('\n');
  const [green, yellow, red] = [32, 33, 31].map((code) => (text: string) => `\u{1b}[${code}m${text}\u{1b}[39m`);
  expect(lines.filter((line) => line.includes('\u{1b}'))).toEqual([
    `${red('  DATA LOSS')}     lake: Raw (AWS::S3::Bucket): is deleted`,
    `${green('  +')} add AWS::SNS::Topic New`,
    `${yellow('  ~')} change AWS::S3::Bucket Raw${red(', perhaps REPLACED')}, deleted, holds data`,
    `${yellow('      ~')} /Properties/A: 1 -> 2`,
    `${green('      +')} /Properties/B: - 3`,
    `${red('      -')} /Properties/C: 4`,
  ]);
});

test('neither a pipe nor somebody who wants none has colours', () => {
  expect(coloured(report, new PassThrough())).toBe(report);
  process.env.NO_COLOR = '1';
  expect(coloured(report, terminal())).toBe(report);
});
