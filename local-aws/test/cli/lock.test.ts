import { spawnSync } from 'node:child_process';
import fs, { lstatSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryDirectory } from './fakes';
import { withLock } from '../../cli/lock';
import { identify } from '../../cli/process-identity';

const directory = temporaryDirectory();
const lock = () => join(directory(), 'folder', 'lock');
const nothing = () => Promise.resolve();

/** The mark of a process that has ended, whose id another one has got. */
function leaveBehind(file: string, id: string): void {
  symlinkSync(`${process.pid}|long ago|${id}`, file);
}

test('lets one in at a time', async () => {
  let inside = 0;
  const most = await Promise.all(
    [1, 2, 3].map(() =>
      withLock(lock(), async () => {
        const now = ++inside;
        await sleep(10);
        inside--;
        return now;
      }),
    ),
  );
  expect(most).toEqual([1, 1, 1]);
});

test('is free again after the work has failed', async () => {
  await expect(withLock(lock(), () => Promise.reject(new Error('the work')))).rejects.toThrow('the work');
  await expect(withLock(lock(), () => Promise.resolve('done'))).resolves.toBe('done');
});

test('names its holder while it is held', async () => {
  await withLock(lock(), () => {
    expect(readlinkSync(lock())).toContain(`${process.pid}|${identify(process.pid)!.started}|`);
    return Promise.resolve();
  });
  expect(() => lstatSync(lock())).toThrow('ENOENT');
});

test('is broken when its holder has died, also while breaking another', async () => {
  await withLock(lock(), nothing);
  leaveBehind(lock(), 'a');
  leaveBehind(`${lock()}.a`, 'b');
  await expect(withLock(lock(), () => Promise.resolve('done'))).resolves.toBe('done');
  expect(spawnSync('ls', ['-A', join(directory(), 'folder')], { encoding: 'utf8' }).stdout).toBe('');
});

test('is left alone while somebody else is breaking it', async () => {
  await withLock(lock(), nothing);
  leaveBehind(lock(), 'a');
  const living = identify(process.pid)!;
  symlinkSync(`${living.pid}|${living.started}|somebody`, `${lock()}.a`); // is breaking it
  await expect(withLock(lock(), nothing, { patience: 0 })).rejects.toThrow('DW6009');
});

test('is not taken from the one who broke it first', async () => {
  await withLock(lock(), nothing);
  const living = identify(process.pid)!;
  const first = `${living.pid}|${living.started}|first`;
  symlinkSync(first, lock());
  const seenBefore = `${living.pid}|long ago|dead`;
  const reading = jest.spyOn(fs, 'readlinkSync').mockReturnValueOnce(seenBefore);
  await expect(withLock(lock(), nothing, { patience: 0 })).rejects.toThrow('DW6009');
  reading.mockRestore();
  expect(readlinkSync(lock())).toBe(first);
});

test('says whom it waits for, once, and gives up', async () => {
  const waits: string[] = [];
  await withLock(lock(), async () => {
    const second = withLock(lock(), nothing, { patience: 200, progress: (line) => waits.push(line) });
    await expect(second).rejects.toMatchObject({
      code: 'DW6009',
      message: expect.stringContaining(`is locked by process ${process.pid}.`),
    });
  });
  expect(waits).toEqual([`Waiting for process ${process.pid}, which holds ${lock()} …`]);
});

test('does not take a file of somebody else for a lock', async () => {
  await withLock(lock(), nothing);
  writeFileSync(lock(), '');
  await expect(withLock(lock(), nothing)).rejects.toThrow('EINVAL');
});

test('passes on what keeps it from being made', async () => {
  writeFileSync(join(directory(), 'folder'), '');
  await expect(withLock(join(directory(), 'folder', 'lock'), nothing)).rejects.toThrow();
});
