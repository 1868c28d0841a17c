import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../package.json';
import { findConfiguration } from '../src/config/find';
import { DRIFT_FAULTS } from '../src/drift/faults';
import { Fault } from '../src/fault';
import { EXIT, FAULTS, type FaultKind } from '../src/faults';
import { LOCK_FAULTS } from '../src/lock/faults';
import { dataworks } from '../src/program';
import { RECORD_FAULTS } from '../src/record/faults';
import { reportError } from '../src/report-error';
import { ROLLBACK_FAULTS } from '../src/rollback/faults';

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await dataworks(args, {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    ask: () => Promise.resolve(undefined),
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

let folder: string;
const before = process.cwd();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dataworks-program-'));
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

const CONFIGURATION = JSON.stringify({
  project: { name: 'sales', owner: 'x' },
  environments: [{ name: 'dev', account: '111122223333', region: 'eu-central-1' }],
});

describe('help and usage', () => {
  test.each([
    [['--help']],
    [['bootstrap', '--help']],
    [['doctor', '--help']],
    [['lock', '--help']],
    [['drift', '--help']],
    [['rollback', '--help']],
  ])('%p', async (args) => {
    const { code, out, err } = await run(...args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^Usage: dataworks/);
  });

  test.each([
    [['launch']],
    [['bootstrap']],
    [['bootstrap', 'dev', 'more']],
    [['bootstrap', 'dev', '--force']],
    [['doctor', 'dev', '--config']],
    [['lock', 'dev']],
    [['lock', 'dev', '--reason', ' ']],
    [['lock', 'dev', '--reason', 'x', '--lock-timeout', '-1']],
    [['unlock', 'dev']],
    [['history', 'dev', '--limit', 'all']],
    [['history', 'dev', '--limit', '0']],
    [['drift']],
    [['rollback', 'dev']],
    [['rollback', 'dev', '--to', 'last']],
    [['approve', 'dev', '3f1c']],
    [['plan', 'dev', '--out', 'a', '--out', 'b']],
  ])('%p: 64, and where to read on', async (args) => {
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: 64, out: '' });
    const see = args[0] === 'launch' ? '--help' : `${args[0]} --help`;
    expect(err).toMatch(new RegExp(`^error: [^]*\\nSee: dataworks ${see}$`));
  });

  test('a usage error is a document, too, for whoever asks for one', async () => {
    const { code, out, err } = await run('plan', 'dev', '--json', '--bogus');
    expect({ code, error: JSON.parse(out) as unknown }).toEqual({ code: 64, error: { error: { message: "unknown option '--bogus'" } } });
    expect(err).toMatch(/^error: unknown option/);
  });

  test('the version is that of the package', async () => {
    expect(await run('--version')).toEqual({ code: 0, out: version, err: '' });
  });

  test('every exit code stands in the help', async () => {
    const { out } = await run('--help');
    for (const code of [0, 1, 2, 3, ...Object.values(EXIT), 64]) expect(out).toMatch(new RegExp(`^  ${code} +\\w`, 'm'));
  });

  test.each([
    'bootstrap',
    'doctor',
    'status',
    'history',
    'lock',
    'unlock',
    'release-own',
    'plan',
    'show',
    'approve',
    'apply',
    'drift',
    'rollback',
  ])('the help of %s has 100 columns, and breaks no sentence before', async (command) => {
    const { out } = await run(command, '--help');
    const [, description] = out.split('\n\n');
    expect(out.split('\n').filter(({ length }) => length > 100)).toEqual([]);
    expect(description.split('\n').filter((line) => line.length < 80 && !line.endsWith('.'))).toEqual([]);
  });

  test('loads neither the CDK nor the AWS SDK for its help', () => {
    const script = `
      const { dataworks } = require('./program');
      const quiet = { out() {}, err() {}, ask: async () => undefined };
      dataworks(['--help'], quiet).then(() => console.log(Object.keys(require.cache).filter((file) => /aws-cdk-lib|@aws-sdk|ajv/.test(file)).length));`;
    const tsx = join(__dirname, '../../../node_modules/tsx/dist/cli.mjs');
    expect(execFileSync(process.execPath, [tsx, '-e', script], { cwd: join(__dirname, '../src'), encoding: 'utf8' }).trim()).toBe('0');
  });
});

describe('the configuration', () => {
  test('is found in the directory, above it, and where a monorepo has it', () => {
    const deep = join(folder, 'a/b');
    mkdirSync(deep, { recursive: true });
    mkdirSync(join(folder, 'packages/dataworks-app'), { recursive: true });
    expect(() => findConfiguration(deep)).toThrow(/^DW2100: /);
    const places = [join(folder, 'packages/dataworks-app/dataworks.json'), join(folder, 'dataworks.json'), join(deep, 'dataworks.json')];
    for (const place of places) {
      writeFileSync(place, '{}');
      expect(findConfiguration(deep)).toBe(place);
    }
  });

  test('its mistakes are reported together, without a stack trace', async () => {
    const file = join(folder, 'dataworks.json');
    writeFileSync(file, '{"project": {}, "environments": []}');
    const { code, err } = await run('bootstrap', 'dev', '--config', file);
    expect(code).toBe(1);
    expect(err).toMatch(/DW4004 \$\.project\.name/);
    expect(err).toMatch(/DW4008 \$\.environments/);
    expect(err).not.toMatch(/^\s+at /m);
  });

  test('an environment that it does not have: the list of those that it has; with --json on stdout too', async () => {
    process.chdir(folder);
    writeFileSync('dataworks.json', CONFIGURATION);
    const { code, out, err } = await run('doctor', 'prod', '--json');
    expect(code).toBe(1);
    expect(err).toMatch(/^DW2101: .*Received: "prod"\. Allowed: dev \(of /);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'DW2101', received: '"prod"' } });
  });
});

test('an environment to which nobody could deploy is refused in the words of its file, before AWS is asked', async () => {
  const file = join(folder, 'dataworks.json');
  writeFileSync(file, CONFIGURATION);
  const { code, err } = await run('bootstrap', 'dev', '--config', file);
  expect({ code, err }).toEqual({
    code: 1,
    err: expect.stringMatching(/^DW2127: .*Received: dev .*Allowed: `circleci` and `repository`, or `administrators`/),
  });
  expect(await run('doctor', 'dev', '--config', file)).toMatchObject({ code: 3, out: expect.stringMatching(/^DW2127 dev: /) });
});

test('without an application, the error names each folder once', async () => {
  process.chdir(folder);
  writeFileSync('dataworks.json', CONFIGURATION);
  const { code, err } = await run('plan', 'dev');
  expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^DW3220: .*Received: no cdk\.json in \S+\. Allowed: /) });
});

test('the beginning of a digest is no plan, and the error says what is', async () => {
  const file = join(folder, 'dataworks.json');
  writeFileSync(file, CONFIGURATION);
  const { code, err } = await run('show', 'dev', '3f1c', '--config', file);
  expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^DW3200: .*Received: 3f1c .*all of its 64 hexadecimal digits/) });
});

describe('the report of an error', () => {
  const told: string[] = [];
  const terminal = {
    out: (text: string) => told.push(text),
    err: (text: string) => told.push(text),
    ask: () => Promise.resolve(undefined),
  };
  const debug = process.env.DATAWORKS_DEBUG;
  beforeEach(() => {
    told.length = 0;
  });
  afterEach(() => {
    if (debug === undefined) delete process.env.DATAWORKS_DEBUG;
    else process.env.DATAWORKS_DEBUG = debug;
  });

  test('a defect is one paragraph, and its stack trace only on demand', () => {
    expect(reportError(new TypeError('x is not a function.'), { terminal, json: false })).toBe(1);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^DW2199: .*Received: TypeError, x is not a function\. .*DATAWORKS_DEBUG=1/);
    process.env.DATAWORKS_DEBUG = '1';
    reportError(new TypeError('x'), { terminal, json: false });
    expect(told.at(-1)).toMatch(/\n\s+at /);
  });

  test.each(['NoSuchBucket', 'ResourceNotFoundException'])('an environment that was not bootstrapped is no defect: %s', (name) => {
    const error = Object.assign(new Error('It does not exist.'), { name });
    expect(reportError(error, { terminal, json: false, environment: 'dev' })).toBe(1);
    expect(told[0]).toMatch(/^DW3232: .*Received: \w+, It does not exist\. .*Fix: run dataworks bootstrap dev\.$/);
  });

  test('a fault never shows a stack trace', () => {
    process.env.DATAWORKS_DEBUG = '1';
    reportError(new Fault(FAULTS.stackBusy, { received: 'x' }), { terminal, json: false });
    expect(told.join('\n')).not.toMatch(/^\s+at /m);
  });

  test('what stands in a file moves no cursor', () => {
    reportError(new Fault(FAULTS.stackBusy, { received: '\u001b[2J' }), { terminal, json: false });
    expect(told.join('')).toMatch(/Received: \ufffd\[2J\./);
  });

  test('what the constructs refuse is their own words', () => {
    const refusal = Object.assign(new Error('DW2001 at Backend: no.'), { name: 'InvalidPropsError' });
    reportError(refusal, { terminal, json: true });
    expect(told).toEqual(['DW2001 at Backend: no.', JSON.stringify({ error: { message: 'DW2001 at Backend: no.' } }, undefined, 2)]);
  });
});

test('each fault has a code of its own, of its room', () => {
  const rooms = { DW21: FAULTS, DW30: LOCK_FAULTS, DW31: RECORD_FAULTS, DW34: ROLLBACK_FAULTS, DW35: DRIFT_FAULTS };
  const codes = Object.entries(rooms).flatMap(([prefix, room]) =>
    Object.values<FaultKind>(room).map(({ code }) => {
      expect(code).toMatch(new RegExp(`^${prefix}\\d\\d$`));
      return code;
    }),
  );
  expect(new Set(codes).size).toBe(codes.length);
});
