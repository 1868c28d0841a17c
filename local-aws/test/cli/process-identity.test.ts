import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from './fakes';
import { identify, isAlive } from '../../cli/process-identity';

const directory = temporaryDirectory();

test.each([
  ['procfs', '/proc'],
  ['ps', '/nowhere'],
])('by %s, a process keeps its identity while it lives and has none afterwards', async (_source, procfs) => {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  const before = identify(child.pid!, procfs);
  expect(before).toEqual({ pid: child.pid, started: expect.stringMatching(/\d/) });
  expect(identify(child.pid!, procfs)).toEqual(before);

  child.kill('SIGKILL');
  await once(child, 'close');
  expect(identify(child.pid!, procfs)).toBeUndefined();
});

test('another process of the same id is another process', () => {
  expect(isAlive(identify(process.pid)!)).toBe(true);
  expect(isAlive({ pid: process.pid, started: 'long ago' })).toBe(false);
});

/** A procfs with one process. */
function procfsOf(boot: string, stat: string): string {
  mkdirSync(join(directory(), 'sys/kernel/random'), { recursive: true });
  mkdirSync(join(directory(), '7'), { recursive: true });
  writeFileSync(join(directory(), 'sys/kernel/random/boot_id'), `${boot}\n`);
  writeFileSync(join(directory(), '7/stat'), stat);
  return directory();
}

const stat = (state: string, started: number, name = 'python') =>
  `7 (${name}) ${state} 1 7 7 0 -1 4 5 6 7 8 9 10 11 12 20 0 1 0 ${started} 99 98`;

test('the start is told apart by its time and by the boot', () => {
  expect(identify(7, procfsOf('boot-1', stat('S', 4711)))).toEqual({ pid: 7, started: 'boot-1:4711' });
  expect(identify(7, procfsOf('boot-2', stat('S', 4711)))?.started).toBe('boot-2:4711');
});

test('a name with spaces and parentheses hides nothing', () => {
  expect(identify(7, procfsOf('boot', stat('R', 4711, 'a) Z (b')))?.started).toBe('boot:4711');
});

test('a process that has ended and only waits to be noticed has none', () => {
  expect(identify(7, procfsOf('boot', stat('Z', 4711)))).toBeUndefined();
});
