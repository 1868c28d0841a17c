/** The process round the command: what the world does to it. */
import { spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';

const TSX = join(__dirname, '../../../node_modules/tsx/dist/cli.mjs');
const CLI = join(__dirname, '../src/cli.ts');

const start = (stdio: SpawnOptions['stdio']) => spawn(process.execPath, [TSX, CLI, '--help'], { stdio });

test('a reader that has ended is no reason for an error', async () => {
  const child = start(['ignore', 'pipe', 'pipe']);
  let err = '';
  child.stderr!.on('data', (text: Buffer) => (err += text.toString()));
  child.stdout!.destroy();
  expect([await once(child, 'close'), err]).toEqual([[0, null], '']);
});

test('a result that cannot be written is told in a sentence, and is no success', async () => {
  const unwritable = openSync(__filename, 'r');
  const child = start(['ignore', unwritable, 'pipe']);
  closeSync(unwritable);
  let err = '';
  child.stderr!.on('data', (text: Buffer) => (err += text.toString()));
  expect([await once(child, 'close'), err]).toEqual([[1, null], expect.stringMatching(/^DW2125: .*Received: EBADF\. .*\n$/)]);
});
