import type { JestEnvironment, JestEnvironmentConfig } from '@jest/environment';
import { ModernFakeTimers } from '@jest/fake-timers';
import type { Global } from '@jest/types';
import { ModuleMocker } from 'jest-mock';

/** What packages keep on the global object for as long as their modules live: without it, tokens of the CDK resolve to nothing. */
const OF_PACKAGES = ['__cdkTokenMap', 'awslambda'];
/** What jest puts there for each test file. */
const OF_JEST = /^(afterAll|afterEach|beforeAll|beforeEach|describe|expect|[fx]?(describe|it|test)|__coverage__)$/;

/**
 * Tests run in the worker's own realm, not in a `vm` context of each file: only so can they share the packages that the worker
 * loaded (see runtime.cjs), whose `instanceof Error` or `=== Object` would be wrong of anything from another realm.
 *
 * What a file changes of the process is put back. A global that it leaves behind would reach the next file: that fails it.
 */
export default class WorkerEnvironment implements JestEnvironment {
  public readonly global = globalThis as unknown as Global.Global;
  public readonly moduleMocker = new ModuleMocker(globalThis);
  public readonly fakeTimers = null;
  public readonly fakeTimersModern: ModernFakeTimers;
  private readonly globals = Object.getOwnPropertyDescriptors(globalThis);
  private readonly before = {
    env: { ...process.env },
    exitCode: process.exitCode,
    exit: process.exit.bind(process),
    folder: process.cwd(),
  };

  constructor({ projectConfig }: JestEnvironmentConfig) {
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  public setup(): Promise<void> {
    return Promise.resolve();
  }

  public teardown(): Promise<void> {
    this.fakeTimersModern.dispose();
    const { env, exitCode, exit, folder } = this.before;
    for (const name of Object.keys(process.env)) if (!(name in env)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, env);
    Object.assign(process, { exitCode, exit });
    process.chdir(folder);

    const added = Object.keys(Object.getOwnPropertyDescriptors(globalThis)).filter((name) => !(name in this.globals));
    for (const name of added.filter((key) => !OF_PACKAGES.includes(key))) Reflect.deleteProperty(globalThis, name);
    for (const name of Object.keys(this.globals)) Object.defineProperty(globalThis, name, this.globals[name]);
    const left = added.filter((name) => !OF_PACKAGES.includes(name) && !OF_JEST.test(name));
    if (left.length === 0) return Promise.resolve();
    return Promise.reject(
      new Error(`This test file leaves behind, for others to meet: ${left.map((name) => `globalThis.${name}`).join(', ')}`),
    );
  }

  public exportConditions(): string[] {
    return ['node', 'node-addons'];
  }

  /** Only asked whether there is one: runtime.cjs compiles in the worker's realm. */
  public getVmContext(): typeof globalThis {
    return globalThis;
  }
}
