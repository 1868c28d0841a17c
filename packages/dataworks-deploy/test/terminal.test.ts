import { PassThrough } from 'node:stream';
import { answerTo, processTerminal } from '../src/terminal';

/** Streams of a terminal on which somebody types. */
function typing(keys: string, end = false): [PassThrough, PassThrough] {
  const input = new PassThrough();
  const output = Object.assign(new PassThrough(), { isTTY: true });
  setImmediate(() => (end ? input.end(keys) : input.write(keys)));
  return [input, output];
}

test.each([
  ['an answer', 'yes\n', 'yes'],
  ['Ctrl+C', '\x03', ''],
  ['Ctrl+D', '\x04', ''],
])('%s', async (_what, keys, answer) => {
  expect(await answerTo('Do it? ', ...typing(keys))).toBe(answer);
});

test('the end of the input', async () => {
  expect(await answerTo('Do it? ', ...typing('', true))).toBe('');
});

test('without a terminal nobody is asked', async () => {
  const { isTTY } = process.stdin;
  try {
    process.stdin.isTTY = false;
    expect(await processTerminal.ask('Do it? ')).toBeUndefined();
  } finally {
    process.stdin.isTTY = isTTY;
  }
});
