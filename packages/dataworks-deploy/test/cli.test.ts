/** The process round the command: what the world does to it, and what it leaves. */
import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemblyWith, deployedWith, draftOf, TARGET } from './support/plans';
import { commit } from './support/workspace';
import { writeBundle } from '../src/plan/bundle/bundle';

const TSX = join(__dirname, '../../../node_modules/tsx/dist/cli.mjs');
const CLI = join(__dirname, '../src/cli.ts');

jest.setTimeout(60_000); // whole processes, uncompiled

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dataworks-cli-'));
  mkdirSync(join(folder, 'tmp'));
  writeFileSync(join(folder, 'dataworks.json'), JSON.stringify({ project: { name: 'sales', owner: 'x' }, environments: [TARGET] }));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function start(args: readonly string[], options: SpawnOptions = {}): { child: ChildProcess; ended: Promise<[number | null, string]> } {
  const child = spawn(process.execPath, ['--import', join(TSX, '../loader.mjs'), CLI, ...args], { cwd: folder, ...options });
  let err = '';
  child.stderr?.on('data', (text: Buffer) => (err += text.toString()));
  return { child, ended: once(child, 'close').then(([code]) => [code as number | null, err]) };
}

/** Environment variables of a process whose temporary files are its own. */
const variables = (more: NodeJS.ProcessEnv) => ({
  env: { ...process.env, TMPDIR: join(folder, 'tmp'), AWS_EC2_METADATA_DISABLED: 'true', ...more },
});

const leftBehind = () => readdirSync(join(folder, 'tmp')).filter((name) => name.startsWith('dataworks-'));

describe('what it prints', () => {
  test('a reader that has ended is no reason for an error', async () => {
    const { child, ended } = start(['--help']);
    child.stdout!.destroy();
    expect(await ended).toEqual([0, '']);
  });

  test('a result that cannot be written is told in a sentence, and is no success', async () => {
    const unwritable = openSync(__filename, 'r');
    const { ended } = start(['--help'], { stdio: ['ignore', unwritable, 'pipe'] });
    closeSync(unwritable);
    expect(await ended).toEqual([1, expect.stringMatching(/^DW2125: .*Received: EBADF\. .*\n$/)]);
  });
});

describe('plan, while the application runs', () => {
  /** Leaves something behind that is not of its process group, and holds its pipes: a build daemon is like that. */
  const DAEMON = `
    const { spawn } = require('node:child_process');
    const { mkdirSync, writeFileSync } = require('node:fs');
    const daemon = spawn('sleep', ['30'], { detached: true, stdio: 'inherit' });
    daemon.unref();
    writeFileSync('daemon', String(daemon.pid));`;

  /** Writes into its assembly until it is ended, and says so when it cannot. */
  const ENDLESS = `${DAEMON}
    process.on('SIGTERM', () => console.error('asked to end'));
    writeFileSync('pid', String(process.pid));
    console.error('begun');
    let count = 0;
    setInterval(() => mkdirSync(process.env.CDK_OUTDIR + '/' + (count += 1)), 5);`;

  /** Says much, and fails. */
  const FAILING = `${DAEMON}
    for (let line = 1; line <= 20_000; line += 1) console.log('line ' + line);
    process.stdout.write('the last one', () => process.exit(3));`;

  /** Without credentials; that there are none turns out when the file is there. */
  function begin(file: string, application = ENDLESS): ReturnType<typeof start> {
    writeFileSync(join(folder, 'app.js'), application);
    writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app: 'node app.js && true' })); // no shell becomes the application
    writeFileSync(join(folder, 'credentials.sh'), `until [ -e ${file} ] || ! [ -e app.js ]; do sleep 0.1; done; exit 1`);
    writeFileSync(join(folder, 'aws'), `[default]\ncredential_process = sh ${join(folder, 'credentials.sh')}\n`);
    commit(folder);
    const none = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_PROFILE: undefined };
    return start(
      ['plan', 'dev'],
      variables({ ...none, AWS_CONFIG_FILE: join(folder, 'aws'), AWS_SHARED_CREDENTIALS_FILE: join(folder, 'aws') }),
    );
  }

  /** One that is dead and that nobody has buried does not run. */
  const isRunning = (name: 'pid' | 'daemon') => {
    const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', readFileSync(join(folder, name), 'utf8')], { encoding: 'utf8' });
    return !/^Z|^$/.test(stdout.trim());
  };

  /** The application is ended; what it has left behind is none of ours, and was not waited for. */
  const endedAlone = () => ({ application: isRunning('pid'), daemon: isRunning('daemon'), left: leftBehind() });
  const ALONE = { application: false, daemon: true, left: [] };

  afterEach(() => {
    process.kill(Number(readFileSync(join(folder, 'daemon'), 'utf8')));
  });

  test('one that has failed is told with all that it has said', async () => {
    const { child, ended } = begin('told', FAILING);
    child.stderr!.on('data', (text: Buffer) => {
      if (text.includes('DW3221')) writeFileSync(join(folder, 'told'), '');
    });
    const [code, err] = await ended;
    const lines = err.split('\n');
    expect({ code, lines: lines.slice(-4), count: lines.length }).toEqual({
      code: 1,
      lines: ['line 20000', 'the last one', expect.stringMatching(/^DW3221: .*exit code 3 from node app\.js/), ''],
      count: 20_003,
    });
    expect(isRunning('daemon')).toBe(true);
  });

  test('a fault ends the application, with the last word, and leaves nothing', async () => {
    const [code, err] = await begin('pid').ended;
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^begun\nDW2104: .*\n$/) });
    expect(endedAlone()).toEqual(ALONE);
  });

  test('a signal does, too', async () => {
    const { child, ended } = begin('never');
    child.stderr!.once('data', () => child.kill('SIGINT')); // the application has begun
    const [code, err] = await ended;
    expect({ code, err }).toEqual({ code: 130, err: 'begun\n' });
    expect(endedAlone()).toEqual(ALONE);
  });
});

/**
 * What is in the place of AWS: it says who calls.
 *
 * @param answer what becomes of every other request
 */
async function serve(answer: (response: ServerResponse) => void): Promise<{ keys: NodeJS.ProcessEnv; close: () => void }> {
  const identity = `<GetCallerIdentityResult><Account>${TARGET.account}</Account><Arn>arn:aws:iam::${TARGET.account}:root</Arn></GetCallerIdentityResult>`;
  const server = createServer((request, response) => {
    if (request.method === 'POST') response.end(`<GetCallerIdentityResponse>${identity}</GetCallerIdentityResponse>`);
    else answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    keys: { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_ENDPOINT_URL: url },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

test('an application that fails, and no repository around it: a plan tells both, as JSON too', async () => {
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app: 'exit 3' }));
  const { keys, close } = await serve((response) => response.writeHead(404).end('<Error><Code>NoSuchBucket</Code></Error>'));
  const { child, ended } = start(['plan', 'dev', '--json'], variables({ ...keys, GIT_CEILING_DIRECTORIES: tmpdir() }));
  let out = '';
  child.stdout!.on('data', (text: Buffer) => (out += text.toString()));
  try {
    expect(await ended).toEqual([1, expect.stringMatching(/^DW3221: .*exit code 3.*\nDW3229: .*not a git repository.*\n$/)]);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'DW3221', other: { code: 'DW3229' } } });
  } finally {
    close();
  }
});

test('a signal leaves nothing of a bundle', async () => {
  const { plan, sources } = await draftOf(assemblyWith({ lake: { template: { Resources: {} } } }), deployedWith({}));
  mkdirSync(join(folder, 'plan'));
  writeBundle(join(folder, 'plan'), plan, sources);
  let atRest: string[] = [];
  const { keys, close } = await serve(() => {
    atRest = leftBehind(); // the approvals are asked for: the bundle is open
    child.kill('SIGTERM');
  });
  const { child, ended } = start(['apply', 'dev', 'plan'], variables(keys));
  try {
    expect(await ended).toEqual([143, '']);
    expect([atRest, leftBehind()]).toEqual([[expect.stringContaining('bundle')], []]);
  } finally {
    close();
  }
});
