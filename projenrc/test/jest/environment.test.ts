import { tmpdir } from 'node:os';
import type { JestEnvironmentConfig } from '@jest/environment';
import { Stack, App, Token } from 'aws-cdk-lib/core';
import WorkerEnvironment from './environment';

const environment = () => new WorkerEnvironment({ projectConfig: { fakeTimers: {} } } as JestEnvironmentConfig);
const globals = globalThis as Record<string, unknown>;

test('what a file changes of the process is put back', async () => {
  const { PATH } = process.env;
  const folder = process.cwd();
  const file = environment();
  process.env.PATH = '/nowhere';
  process.env.DATAWORKS_LEFT = 'behind';
  process.exitCode = 3;
  process.chdir(tmpdir());
  await file.teardown();
  expect([process.env.PATH, process.env.DATAWORKS_LEFT, process.exitCode, process.cwd()]).toEqual([PATH, undefined, undefined, folder]);
});

test('a global that a file leaves behind fails it and is gone; one that it replaced is as before', async () => {
  const { fetch } = globalThis;
  const file = environment();
  globals.left = 'behind';
  globals.fetch = () => 'nothing';
  await expect(file.teardown()).rejects.toThrow('globalThis.left');
  expect('left' in globals).toBe(false);
  expect(globalThis.fetch).toBe(fetch);
});

test('what the CDK knows of its tokens stays, since its modules do', async () => {
  const file = environment();
  const stack = new Stack(new App(), 'Stack');
  const token = Token.asString({ Ref: 'Parameter' });
  await file.teardown();
  expect(stack.resolve(token)).toEqual({ Ref: 'Parameter' });
});

test('packages are loaded once, in the realm of the tests; our own modules anew for whoever asks', () => {
  jest.isolateModules(() => {
    expect(jest.requireActual<{ App: unknown }>('aws-cdk-lib/core').App).toBe(App);
    expect(jest.requireActual<{ default: unknown }>('./environment').default).not.toBe(WorkerEnvironment);
  });
  expect(Object.getPrototypeOf(new App().node.children)).toBe(Array.prototype);
});
