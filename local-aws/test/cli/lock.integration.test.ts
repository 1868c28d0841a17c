import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from './fakes';

const directory = temporaryDirectory();

test('four processes that find the lock of a dead one take turns', async () => {
  const lock = join(directory(), 'lock');
  const counter = join(directory(), 'counter');
  symlinkSync(`${process.pid}|long ago|dead`, lock);
  writeFileSync(counter, '0');

  const contenders = [1, 2, 3, 4].map(() =>
    spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'contender.ts'), lock, counter, '25'], { stdio: 'inherit' }),
  );
  await Promise.all(contenders.map((contender) => once(contender, 'exit')));
  expect(readFileSync(counter, 'utf8')).toBe('100');
});
