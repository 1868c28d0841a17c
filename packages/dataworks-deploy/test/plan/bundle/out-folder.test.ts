import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from '../../../src/plan/bundle/out-folder';
import { writeReport } from '../../../src/plan/report/report-file';
import { dataworks } from '../../../src/program';
import { TARGET } from '../../support/plans';

let folder: string;
const before = process.cwd();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dataworks-out-'));
  writeFileSync(join(folder, 'dataworks.json'), JSON.stringify({ project: { name: 'sales', owner: 'x' }, environments: [TARGET] }));
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app: 'touch ran; exit 1' }));
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

/** The error of a plan; the application, which fails, leaves a file. */
async function planError(...options: string[]): Promise<string> {
  const err: string[] = [];
  const terminal = { out: () => {}, err: (text: string) => err.push(text), ask: () => Promise.resolve(undefined) };
  await dataworks(['plan', 'dev', '--config', join(folder, 'dataworks.json'), ...options], terminal);
  return err.join('\n');
}

const hasRun = () => existsSync(join(folder, 'ran'));

/** Nobody keeps root from writing anywhere. */
function unprivileged(work: () => void): void {
  const isRoot = process.geteuid!() === 0;
  if (isRoot) process.seteuid!(65534);
  try {
    work();
  } finally {
    if (isRoot) process.seteuid!(0);
  }
}

test.each([
  ['in the place of a file', () => join(folder, 'cdk.json/plan'), 'DW3243.*ENOTDIR'],
  ['that the system does not make', () => '/proc/dataworks/plan', 'DW3243.*(?:ENOENT|EACCES|EROFS)'],
  ['with something else in it', () => folder, 'DW3230'],
])('a folder %s is refused before the application runs', async (_what, out, error) => {
  expect(await planError('--out', out())).toMatch(new RegExp(`^${error}`));
  expect(hasRun()).toBe(false);
});

test('one that may not be written to is refused', () => {
  chmodSync(folder, 0o755);
  process.chdir(folder);
  mkdirSync('plan', { mode: 0o555 });
  unprivileged(() => {
    expect(() => {
      prepare('plan');
    }).toThrow(/^DW3243.*EACCES/);
  });
});

test('a new one is made, with those above it', async () => {
  await planError('--out', join(folder, 'plans/dev'));
  expect(existsSync(join(folder, 'plans/dev'))).toBe(true);
});

test('a report in a folder that the system does not make is refused', () => {
  expect(() => {
    writeReport('/proc/dataworks/plan.html', '');
  }).toThrow(/^DW3236/);
});

test('without a folder for temporary files, that is what is said', async () => {
  const folders = jest.spyOn(jest.requireActual<typeof import('node:os')>('node:os'), 'tmpdir').mockReturnValue(join(folder, 'none'));
  const error = await planError();
  folders.mockRestore();
  expect(error).toMatch(/^DW2126.*none \(ENOENT\)/);
  expect(hasRun()).toBe(false);
});
