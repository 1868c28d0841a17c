import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureCertificate, type Certificate } from './certificate';
import { digestOfCode } from './code-digest';
import { serverEnvironment } from './environment';
import { withLock } from './lock';
import { lastLines } from './log';
import { CODE, HOME, VENV, type Home, type Venv } from './paths';
import { freePort } from './port';
import { isReady } from './probe';
import { describe, LocalAwsError } from './problem';
import { identify, isAlive } from './process-identity';
import { readRecord, writeRecord, type ServerRecord } from './record';
import { ensureVenv } from './venv';

export interface ServerOptions {
  /** @default the checkout's own, `local-aws/.home` */
  readonly home?: Home;
  /** @default the checkout's own, shared by all homes */
  readonly venv?: Venv;
  /** Told what is being done and what was found: one line or paragraph at a time. */
  readonly progress?: (line: string) => void;
  readonly limits?: Limits;
}

export interface StartOptions extends ServerOptions {
  /**
   * End with the calling process, however that ends: the server stops, its state written, when the pipe
   * to its stdin closes. Without, it stays until it is stopped.
   *
   * @default false
   */
  readonly tied?: boolean;

  /**
   * Enforce IAM, key and bucket policies, role trust and TLS, as AWS does. Clients speak TLS then, and trust the
   * record's `authority`. An account's id as access key is still that account's root, whom no policy stops.
   *
   * @default false
   */
  readonly authorization?: boolean;

  /**
   * After a server that was not stopped cleanly, forget everything: the S3 objects, written at once, and the rest of the state,
   * written at the stop, do not fit together. Without, both are kept as they are. Either way `progress` is told (DW6007).
   *
   * @default false
   */
  readonly afresh?: boolean;
}

/** How long to wait, in milliseconds. */
interface Limits {
  readonly ready: number;
  /** From SIGTERM to SIGKILL: the time to write the state. */
  readonly stop: number;
}

const LIMITS: Limits = { ready: 60_000, stop: 60_000 };

/** Ports that somebody else may take between our choice and the server's start. */
const PORTS_TO_TRY = 3;

/** What the record of a home and the process in it tell. */
type Found =
  | { readonly state: 'running'; readonly server: ServerRecord }
  /** The record of a server that has ended without `stop`. */
  | { readonly state: 'stale'; readonly server?: ServerRecord }
  | { readonly state: 'stopped' };

export type Status = Found & { readonly ready: boolean };

/** What is known of the server of a home, by its record, its process and a probe. */
export async function serverStatus({ home = HOME }: Pick<ServerOptions, 'home'> = {}): Promise<Status> {
  const found = find(home);
  return { ...found, ready: found.state === 'running' && (await isReady(found.server)) };
}

/** The server of a home. Throws DW6003 when it does not run, DW6004 when it does not answer. */
export async function runningServer({ home = HOME }: Pick<ServerOptions, 'home'> = {}): Promise<ServerRecord> {
  const status = await serverStatus({ home });
  if (status.state !== 'running') {
    throw new LocalAwsError('DW6003', `No local AWS runs in ${home.directory}.`, 'npx projen local:start');
  }
  if (!status.ready) throw notAnswering(home, status.server);
  return status.server;
}

/**
 * Start the server of a home, unless it runs, and wait until it is ready. One that runs an older
 * state of the Python code is restarted.
 *
 * Throws DW6001 and DW6002 (see `ensureVenv`), DW6004 (runs, and does not answer), DW6005 (ended
 * before it was ready), DW6006 (not ready in time).
 */
export function startServer(options: StartOptions = {}): Promise<{ server: ServerRecord; started: boolean }> {
  return underLock(options, start);
}

/**
 * Stop the server of a home and wait until it has written its state.
 *
 * @returns whether one ran. After SIGKILL, which follows when it has not ended in time, `progress`
 * was told of the loss (DW6008)
 */
export function stopServer(options: ServerOptions = {}): Promise<boolean> {
  return underLock(options, stop);
}

/** Stop the server of a home and forget everything in it; start it again, on its old port, if it ran. */
export function resetServer(options: StartOptions = {}): Promise<ServerRecord | undefined> {
  return underLock(options, async (settings) => {
    const before = find(settings.home);
    await stop(settings);
    rmSync(settings.home.state, { recursive: true, force: true });
    return before.state === 'running' ? (await start(settings, before.server.port)).server : undefined;
  });
}

function find(home: Home): Found {
  const server = readRecord(home);
  if (!server) return { state: 'stopped' };
  if (server === 'unreadable') return { state: 'stale' };
  return { state: isAlive(server) ? 'running' : 'stale', server };
}

type Settings = Required<StartOptions>;

function underLock<T>(options: StartOptions, work: (settings: Settings) => Promise<T>): Promise<T> {
  const settings = {
    home: HOME,
    venv: VENV,
    tied: false,
    authorization: false,
    afresh: false,
    progress: () => {},
    limits: LIMITS,
    ...options,
  };
  return withLock(settings.home.lock, () => work(settings), { progress: settings.progress });
}

async function start(settings: Settings, preferredPort?: number): Promise<{ server: ServerRecord; started: boolean }> {
  const { home, venv, progress } = settings;
  const code = digestOfCode(venv);
  let port = preferredPort;

  const found = find(home);
  if (found.state === 'running') {
    const { server } = found;
    if (server.code === code) {
      if ((await untilReady(server, settings)) !== 'ready') throw notAnswering(home, server);
      return { server, started: false };
    }
    progress('The Python code has changed since the server was started: starting it again.');
    port = server.port;
    await stop(settings);
  }
  cleanUp(settings, found);
  const inherited = existsSync(home.unsaved);

  const python = await ensureVenv(venv, progress);
  for (let attempt = 1; ; attempt++) {
    const certificate = settings.authorization ? await ensureCertificate(python, home.tls) : undefined;
    const server = await spawnServer(python, await freePort(port), code, settings, certificate);
    const outcome = await untilReady(server, settings);
    if (outcome === 'ready') return { server, started: true };

    await end(server, settings);
    rmSync(home.record, { force: true });
    if (!inherited) rmSync(home.unsaved, { force: true }); // it never worked: there is nothing to lose
    const log = lastLines(home.log, 20);
    if (outcome === 'ended' && /already in use/i.test(log) && attempt < PORTS_TO_TRY) continue;
    const fix = `Read ${home.log}. When the state of an earlier run is to blame: npx projen local:reset`;
    throw outcome === 'ended'
      ? new LocalAwsError('DW6005', `The local AWS ended before it was ready:\n${log}`, fix)
      : new LocalAwsError('DW6006', `The local AWS was not ready within ${settings.limits.ready / 1000} s:\n${log}`, fix);
  }
}

/** What a server that ended by itself has left behind. */
function cleanUp({ home, afresh, progress }: Settings, found: Found): void {
  if (existsSync(home.log)) renameSync(home.log, home.previousLog);
  if (found.state === 'stale') rmSync(home.record, { force: true });
  if (existsSync(home.unsaved) && afresh) {
    rmSync(home.state, { recursive: true, force: true });
    progress(`DW6007: The local AWS was not stopped cleanly, so it starts from an empty state. The log of its end: ${home.previousLog}`);
  } else if (existsSync(home.unsaved)) {
    progress(
      describe(
        'DW6007',
        `The local AWS in ${home.directory} was not stopped cleanly; its state is that of the last clean stop, with the S3 objects written since. Its log: ${home.previousLog}`,
        'Nothing, or `npx projen local:reset` when stacks and buckets no longer fit together.',
      ),
    );
  } else if (found.state === 'stale') {
    progress('The server of the last run had ended by itself, its state written.');
  }
}

async function spawnServer(
  python: string,
  port: number,
  code: string,
  { home, tied }: Settings,
  certificate: Certificate | undefined,
): Promise<ServerRecord> {
  mkdirSync(home.objects, { recursive: true });
  rmSync(home.temporary, { recursive: true, force: true });
  mkdirSync(home.temporary);
  writeFileSync(home.unsaved, '');

  const instance = randomUUID();
  const log = openSync(home.log, 'w');
  const child = spawn(python, ['-m', 'overlay'], {
    cwd: CODE,
    env: serverEnvironment({ home, port, instance, tied, certificate }, process.env),
    stdio: [tied ? 'pipe' : 'ignore', log, log],
    detached: true, // an interrupt at the terminal is for us; the server stops in its own time
  });
  closeSync(log);
  await once(child, 'spawn');
  child.unref();
  (child.stdin as Socket | null)?.unref(); // held open, without keeping us alive

  const server: ServerRecord = {
    ...(identify(child.pid!) ?? { pid: child.pid!, started: 'and ended at once' }),
    port,
    url: `${certificate ? 'https' : 'http'}://localhost:${port}`,
    authority: certificate?.authority,
    instance,
    code,
  };
  writeRecord(home, server);
  return server;
}

async function untilReady(server: ServerRecord, { limits }: Settings): Promise<'ready' | 'ended' | 'late'> {
  const until = Date.now() + limits.ready;
  do {
    if (!isAlive(server)) return 'ended';
    if (await isReady(server)) return 'ready';
    await sleep(50);
  } while (Date.now() < until);
  return 'late';
}

async function stop(settings: Settings): Promise<boolean> {
  const { home } = settings;
  const found = find(home);
  if (found.state === 'running') await end(found.server, settings);
  rmSync(home.record, { force: true });
  return found.state === 'running';
}

/** End the process; that of somebody else who has got its id is left alone. */
async function end(server: ServerRecord, { home, limits, progress }: Settings): Promise<void> {
  if (!isAlive(server)) return;
  process.kill(server.pid, 'SIGTERM');
  if (await hasEnded(server, limits.stop)) return;
  process.kill(server.pid, 'SIGKILL');
  await hasEnded(server, limits.stop);
  progress(
    describe(
      'DW6008',
      `The local AWS in ${home.directory} had not ended ${limits.stop / 1000} s after SIGTERM and was killed; what it had not written is lost.`,
      `Read ${home.log}, and report it.`,
    ),
  );
}

async function hasEnded(server: ServerRecord, within: number): Promise<boolean> {
  const until = Date.now() + within;
  while (isAlive(server)) {
    if (Date.now() > until) return false;
    await sleep(20);
  }
  return true;
}

function notAnswering(home: Home, { pid, port }: ServerRecord): LocalAwsError {
  return new LocalAwsError(
    'DW6004',
    `The local AWS (process ${pid}, port ${port}) runs, and does not answer.`,
    `npx projen local:stop && npx projen local:start; its log is ${home.log}.`,
  );
}
