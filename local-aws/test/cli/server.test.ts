import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { FakePython, temporaryDirectory } from './fakes';
import { homeAt } from '../../cli/paths';
import { isAlive } from '../../cli/process-identity';
import type { ServerRecord } from '../../cli/record';
import { resetServer, runningServer, serverStatus, startServer, stopServer, type StartOptions } from '../../cli/server';

const directory = temporaryDirectory();
const { PATH } = process.env;
let python: FakePython;
let told: string[];
let options: StartOptions;

beforeEach(() => {
  python = new FakePython(directory());
  told = [];
  options = { home: python.home, venv: python.venv, progress: (line) => told.push(line), limits: { ready: 5000, stop: 5000 } };
});
afterEach(async () => {
  await stopServer({ ...options, limits: { ready: 0, stop: 1000 } });
  process.env.PATH = PATH;
});

/** As after a crash of the machine or of the server. */
async function kill({ pid }: ServerRecord): Promise<void> {
  process.kill(pid, 'SIGKILL');
  while ((await serverStatus({ home: python.home })).state === 'running');
}

function writeRecord(record: Partial<ServerRecord> | string): void {
  mkdirSync(python.home.directory, { recursive: true });
  writeFileSync(python.home.record, typeof record === 'string' ? record : JSON.stringify(record));
}

describe('start', () => {
  test('starts one server, and finds it again', async () => {
    const first = await startServer(options);
    expect(first).toMatchObject({ started: true, server: { url: `http://localhost:${first.server.port}` } });
    await expect(startServer(options)).resolves.toEqual({ server: first.server, started: false });
    await expect(serverStatus(options)).resolves.toEqual({ state: 'running', ready: true, server: first.server });
    await expect(runningServer(options)).resolves.toEqual(first.server);
  });

  test('starts one server for two at the same time', async () => {
    const [one, other] = await Promise.all([startServer(options), startServer(options)]);
    expect(one.server).toEqual(other.server);
    expect([one.started, other.started]).toEqual([true, false]);
  });

  test('takes another port when somebody is faster', async () => {
    python.serve('finds its port taken, once');
    const { server } = await startServer(options);
    expect(String(server.port)).not.toBe(readFileSync(join(python.home.state, 'tried'), 'utf8'));
  });

  test('shows the end of the log of a server that ends at once, and leaves nothing behind', async () => {
    python.serve('crashes');
    await expect(startServer(options)).rejects.toMatchObject({
      code: 'DW6005',
      message: expect.stringContaining('| DW6102 The patch of something no longer fits\n  Fix: Read '),
    });
    await expect(serverStatus(options)).resolves.toEqual({ state: 'stopped', ready: false });

    python.serve('works');
    told.length = 0;
    await startServer(options);
    expect(told).toEqual([]); // no word of a lost state: there was none
  });

  test('shows the log of a server that is not ready in time, and ends it', async () => {
    python.serve('never answers');
    await expect(startServer({ ...options, limits: { ready: 300, stop: 5000 } })).rejects.toMatchObject({
      code: 'DW6006',
      message: expect.stringContaining('not ready within 0.3 s'),
    });
    await expect(serverStatus(options)).resolves.toEqual({ state: 'stopped', ready: false });
  });

  test('refuses a server that runs and does not answer', async () => {
    const { server } = await startServer(options);
    writeRecord({ ...server, instance: 'another' });
    const impatient = { ...options, limits: { ready: 0, stop: 5000 } };
    await expect(startServer(impatient)).rejects.toMatchObject({
      code: 'DW6004',
      message: expect.stringContaining(`process ${server.pid}, port ${server.port}`),
    });
    await expect(runningServer(options)).rejects.toMatchObject({ code: 'DW6004' });
  });

  test('waits for a server whose starter was interrupted', async () => {
    const { server } = await startServer(options);
    const silence = join(python.home.temporary, 'silent');
    writeFileSync(silence, '');
    const again = startServer(options);
    await expect(serverStatus(options)).resolves.toMatchObject({ state: 'running', ready: false });
    rmSync(silence);
    await expect(again).resolves.toEqual({ server, started: false });
  });

  test('starts again, on the same port, what runs from older code', async () => {
    const { server: old } = await startServer(options);
    writeFileSync(python.venv.requirements[0], 'emulator==2.0\n');
    const { server, started } = await startServer(options);
    expect(started).toBe(true);
    expect(server.port).toBe(old.port);
    expect(isAlive(old)).toBe(false);
    expect(told).toContain('The Python code has changed since the server was started: starting it again.');
    expect(python.installed()).toHaveLength(2);
  });

  test('runs two homes side by side', async () => {
    const other = { ...options, home: homeAt(join(directory(), 'other')) };
    try {
      const [one, two] = await Promise.all([startServer(options), startServer(other)]);
      expect(one.server.port).not.toBe(two.server.port);
      expect(python.installed()).toHaveLength(1);
      await stopServer(other);
      expect(isAlive(one.server)).toBe(true);
    } finally {
      await stopServer(other);
    }
  });

  test('keeps the server out of the reach of an interrupt at the terminal', async () => {
    const { server } = await startServer(options);
    const { stdout } = spawnSync('ps', ['-o', 'pgid=', '-p', String(server.pid)], { encoding: 'utf8' });
    expect(Number(stdout)).toBe(server.pid); // a process group of its own
  });

  test('begins with an empty temporary directory and keeps the log of the run before', async () => {
    await startServer(options);
    writeFileSync(join(python.home.temporary, 'old'), '');
    writeFileSync(python.home.log, 'of the run before');
    await stopServer(options);
    await startServer(options);
    expect(existsSync(join(python.home.temporary, 'old'))).toBe(false);
    expect(readFileSync(python.home.previousLog, 'utf8')).toBe('of the run before');
  });
});

describe('a server that ended by itself', () => {
  test('is found, and the next start says that what it had not written is lost', async () => {
    const { server } = await startServer(options);
    await kill(server);
    await expect(serverStatus(options)).resolves.toEqual({ state: 'stale', ready: false, server });
    await expect(runningServer(options)).rejects.toMatchObject({ code: 'DW6003' });

    told.length = 0;
    await expect(startServer(options)).resolves.toMatchObject({ started: true });
    expect(told).toEqual([
      expect.stringMatching(/^DW6007: .* was not stopped cleanly; its state is that of the last clean stop[^]*local:reset/),
    ]);
  });

  test('is followed by an empty one when asked, and that is said in one line', async () => {
    await kill((await startServer(options)).server);
    const object = join(python.home.objects, 'object');
    writeFileSync(object, 'written at once');
    told.length = 0;
    await startServer({ ...options, afresh: true });
    expect(existsSync(object)).toBe(false);
    expect(told).toEqual([expect.stringMatching(/^DW6007: .* was not stopped cleanly, so it starts from an empty state\..*$/)]);
  });

  test('cleanly keeps its state, whatever is asked for the other case', async () => {
    await startServer(options);
    await stopServer(options);
    await startServer({ ...options, afresh: true });
    expect(existsSync(join(python.home.state, 'saved.json'))).toBe(true);
  });

  test('and had written its state, is no loss', async () => {
    const { server } = await startServer(options);
    process.kill(server.pid, 'SIGTERM');
    while (isAlive(server)) await serverStatus(options);

    told.length = 0;
    await startServer(options);
    expect(told).toEqual(['The server of the last run had ended by itself, its state written.']);
  });

  test('warns of nothing more once another one was stopped cleanly', async () => {
    await kill((await startServer(options)).server);
    await startServer(options);
    await stopServer(options);
    told.length = 0;
    await startServer(options);
    expect(told).toEqual([]);
  });

  test.each([['{"pid": 1'], ['{}'], ['{"pid": -1, "started": "x"}']])(
    'and left an unreadable record (%s), hinders nobody',
    async (text) => {
      writeRecord(text);
      await expect(serverStatus(options)).resolves.toEqual({ state: 'stale', ready: false });
      await expect(startServer(options)).resolves.toMatchObject({ started: true });
    },
  );

  test('and whose process id another process has got, is not taken for running', async () => {
    writeRecord({ pid: process.pid, started: 'long ago', port: 1, instance: 'x' });
    await expect(serverStatus(options)).resolves.toMatchObject({ state: 'stale' });
    await expect(stopServer(options)).resolves.toBe(false); // and this process, whose id it is, lives on
    expect(existsSync(python.home.record)).toBe(false);
  });
});

describe('stop', () => {
  test('waits until the state is written, and is content when nothing runs', async () => {
    const { server } = await startServer(options);
    await expect(stopServer(options)).resolves.toBe(true);
    expect(isAlive(server)).toBe(false);
    expect(existsSync(join(python.home.state, 'saved.json'))).toBe(true);
    await expect(stopServer(options)).resolves.toBe(false);
    await expect(serverStatus(options)).resolves.toEqual({ state: 'stopped', ready: false });
  });

  test('kills a server that does not end, and says what that costs', async () => {
    python.serve('ignores SIGTERM');
    const { server } = await startServer(options);
    told.length = 0;
    await expect(stopServer({ ...options, limits: { ready: 0, stop: 200 } })).resolves.toBe(true);
    expect(isAlive(server)).toBe(false);
    expect(told).toEqual([
      expect.stringMatching(/^DW6008: .* had not ended 0\.2 s after SIGTERM and was killed; what it had not written is lost/),
    ]);
  });
});

describe('reset', () => {
  test('forgets the state and starts again, on the same port, what ran', async () => {
    const { server: old } = await startServer(options);
    writeFileSync(join(python.home.objects, 'object'), '');
    const server = await resetServer(options);
    expect(server).toMatchObject({ port: old.port });
    expect(isAlive(server!)).toBe(true);
    expect(existsSync(join(python.home.objects, 'object'))).toBe(false);
    expect(existsSync(join(python.home.state, 'saved.json'))).toBe(false);
  });

  test('starts nothing that did not run', async () => {
    await startServer(options);
    await stopServer(options);
    await expect(resetServer(options)).resolves.toBeUndefined();
    expect(existsSync(python.home.state)).toBe(false);
    await expect(serverStatus(options)).resolves.toEqual({ state: 'stopped', ready: false });
  });

  test('takes another port when somebody has taken the old one', async () => {
    const { server } = await startServer(options);
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as AddressInfo;
    writeRecord({ ...server, port });
    expect((await resetServer(options))?.port).not.toBe(port);
    squatter.close();
  });
});

test('a tied server lives while its caller does', async () => {
  const { server } = await startServer({ ...options, tied: true }); // without its pipe it would end at once
  await expect(serverStatus(options)).resolves.toEqual({ state: 'running', ready: true, server });
});
