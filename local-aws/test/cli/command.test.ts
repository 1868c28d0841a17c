import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakePython, temporaryDirectory } from './fakes';
import { runCommand, surroundings, type Surroundings } from '../../cli/command';
import { stopServer } from '../../cli/server';

const directory = temporaryDirectory();
const { PATH } = process.env;
let python: FakePython;

beforeEach(() => {
  python = new FakePython(directory());
});
afterEach(async () => {
  await stopServer({ home: python.home, venv: python.venv });
  process.env.PATH = PATH;
});

/** Run a command line as the shell would see it. */
async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const where: Surroundings = {
    home: python.home,
    venv: python.venv,
    developerVenv: { ...python.venv, directory: join(directory(), 'venv-dev') },
    env: { AWS_PROFILE: 'prod' },
    out: (text) => out.push(text),
    err: (text) => err.push(text),
  };
  const code = await runCommand(args, where);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

test('start, status and stop say what is, and exit accordingly', async () => {
  await expect(run('status')).resolves.toEqual({ code: 3, out: 'The local AWS does not run.', err: '' });

  const started = await run('start');
  expect(started).toMatchObject({ code: 0, out: expect.stringMatching(/^The local AWS runs: http:\/\/localhost:\d+ \(process \d+\)$/) });
  expect(started.err).toContain('Installing requirements.lock');
  const place = started.out.replace('The local AWS runs: ', '');
  await expect(run('start')).resolves.toEqual({ code: 0, out: `The local AWS runs already: ${place}`, err: '' });
  await expect(run('status')).resolves.toEqual({ code: 0, out: `The local AWS runs: ${place}`, err: '' });

  await expect(run('stop')).resolves.toEqual({ code: 0, out: 'The local AWS is stopped; its state is kept.', err: '' });
  await expect(run('stop')).resolves.toEqual({ code: 0, out: 'No local AWS was running.', err: '' });
});

test('start and status speak JSON', async () => {
  const started = JSON.parse((await run('start', '--json')).out) as Record<string, unknown>;
  const { url, port, pid } = started;
  expect(started).toEqual({ url: `http://localhost:${String(port)}`, port: expect.any(Number), pid: expect.any(Number), started: true });
  expect(JSON.parse((await run('status', '--json')).out)).toEqual({ state: 'running', ready: true, url, port, pid });

  await run('stop');
  expect(JSON.parse((await run('status', '--json')).out)).toEqual({ state: 'stopped', ready: false });
});

test('status tells a server that ended by itself and one that does not answer', async () => {
  await run('start');
  writeFileSync(join(python.home.temporary, 'silent'), '');
  await expect(run('status')).resolves.toMatchObject({
    code: 3,
    out: expect.stringContaining('runs, and does not answer: http://localhost:'),
  });

  await run('stop');
  writeFileSync(python.home.record, '{}');
  await expect(run('status')).resolves.toMatchObject({ code: 3, out: 'The local AWS has ended without `local:stop`.' });
});

test('reset says whether it runs again', async () => {
  await run('start');
  await expect(run('reset')).resolves.toMatchObject({ code: 0, out: expect.stringMatching(/^The local AWS is empty and runs: http:/) });
  await run('stop');
  await expect(run('reset')).resolves.toEqual({ code: 0, out: 'The local AWS is empty.', err: '' });
});

test('env prints lines that a shell evaluates to an account and a region', async () => {
  await run('start');
  const { out } = await run('env', '--account', '222222222222', '--region=us-east-1');
  const { stdout } = spawnSync('sh', ['-c', `${out}\necho $AWS_ACCESS_KEY_ID $AWS_REGION \${AWS_PROFILE-unset} $AWS_ENDPOINT_URL`], {
    encoding: 'utf8',
    env: { ...process.env, AWS_PROFILE: 'prod' },
  });
  expect(stdout).toMatch(/^222222222222 us-east-1 unset http:\/\/localhost:\d+\n$/);
});

test('the last of two accounts counts, so that a task can have a default', async () => {
  await run('start');
  const { out } = await run('env', '--account', '111111111111', '--account', '222222222222', '--json');
  expect(JSON.parse(out)).toMatchObject({ AWS_ACCESS_KEY_ID: '222222222222', AWS_PROFILE: null });
});

test('env of a server that does not run names the command that starts it', async () => {
  await expect(run('env')).resolves.toEqual({
    code: 1,
    out: 'false',
    err: `DW6003: No local AWS runs in ${python.home.directory}.\n  Fix: npx projen local:start`,
  });
});

test.each([[['env']], [['env', '--account', 'x']]])('%j that fails stops the shell that evaluates it', async (args) => {
  const { out } = await run(...args);
  const { status, stdout } = spawnSync('sh', ['-c', `eval "${out}" && echo goes on`], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stdout).toBe('');
});

test('env that fails prints no JSON that is none', async () => {
  await expect(run('env', '--json')).resolves.toMatchObject({ code: 1, out: '' });
});

test('venv makes the environment of developers and prints where it is', async () => {
  await expect(run('venv')).resolves.toMatchObject({ code: 0, out: join(directory(), 'venv-dev') });
  expect(python.installed()).toHaveLength(1);
});

test('what the operating system refuses is told without a stack', async () => {
  mkdirSync(python.home.directory);
  writeFileSync(python.home.state, 'a file where a folder should be');
  const { code, err } = await run('start');
  expect(code).toBe(1);
  expect(err).toContain('DW6011: The operating system refused: E');
  expect(err).not.toContain('    at ');
});

test('a defect keeps its stack', async () => {
  const defect = new TypeError('of ours');
  const out = () => {
    throw defect;
  };
  await expect(runCommand(['status'], { ...surroundings(), home: python.home, out })).rejects.toBe(defect);
});

test('--help describes every command', async () => {
  const { code, out } = await run('start', '--help');
  expect(code).toBe(0);
  for (const command of ['start', 'stop', 'reset', 'status', 'env', 'venv']) expect(out).toMatch(new RegExp(`^  ${command} +\\S`, 'm'));
});

test.each([
  [[], 'a command is missing; known: start, stop, reset, status, env, venv.'],
  [['launch'], 'unknown command "launch"; known: start,'],
  [['constructor'], 'unknown command "constructor"'],
  [['stop', 'now'], 'unexpected argument "now".'],
  [['start', '--port', '1'], 'unknown option --port.'],
  [['stop', '--json'], 'stop takes no --json.'],
  [['env', '--json=yes'], '--json takes no value; received "yes".'],
  [['env', '--account', '1234'], '--account received "1234"; allowed: 12 digits.'],
  [['env', '--account'], '--account received ""; allowed: 12 digits.'],
  [['env', '--region', 'Frankfurt'], '--region received "Frankfurt"; allowed: a region like eu-central-1.'],
])('wrong usage %j is refused with the reason and the usage', async (args, reason) => {
  const { code, out, err } = await run(...args);
  expect(code).toBe(64);
  expect(out).toBe(args[0] === 'env' ? 'false' : '');
  expect(err).toContain(`DW6010: ${reason}`);
  expect(err).toContain('Usage: ');
});

test('all mistakes of a command line are told at once', async () => {
  const { err } = await run('env', '--frob', '--account', 'x', 'y');
  expect(err.match(/^DW6010: .*/gm)).toEqual([
    'DW6010: unexpected argument "y".',
    'DW6010: unknown option --frob.',
    'DW6010: --account received "x"; allowed: 12 digits.',
  ]);
});

test('by itself, it works in the checkout and writes to the standard streams', () => {
  const written: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(`out ${String(text)}`) > 0);
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(`err ${String(text)}`) > 0);
  const { out, err, home } = surroundings();
  out('a');
  err('b');
  jest.restoreAllMocks();
  expect(written).toEqual(['out a\n', 'err b\n']);
  expect(home.directory).toMatch(/local-aws\/\.home$/);
});
