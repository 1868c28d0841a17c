/**
 * What ends a lock whose holder is dead, stopped or cut off: whole leases of 60 seconds, watched by real processes. The scenarios run at the
 * same time, each with a state key of its own, and so a lock and a record. Judged by what the servers hold.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { interceptedApply, succeeded } from './support/applying';
import type { SmallStack } from './support/assembly';
import { configuration, writeConfiguration, type Ended } from './support/command-line';
import type { Call } from './support/intercepting-proxy';
import { killedAt, PROTOCOL_STEPS, type ProtocolStep, type Remains, type StackRemains } from './support/protocol-steps';
import { commit, Workplace, workspace } from './support/workspace';
import { ownServer } from '../../../local-aws/test/own-server';
import { compile } from '../../../local-aws/try/compile';
import type { LockEvent } from '../src/lock/lock-event';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const own = ownServer();

const ACCOUNT = '710000000001';

/** Longer than a heartbeat, shorter than a lease, in milliseconds. */
const NAP = 20_000;

/** An environment with a lock of its own, and an approved plan of two stacks that depend on each other. */
interface Scene {
  readonly workplace: Workplace;
  readonly digest: string;
  readonly network: string;
  readonly lake: string;
}

type Scenario = (scene: Scene) => Promise<void>;

/** Killed at a step; the next apply waits for a lease when the lock was left, and needs no `unlock`. */
function killed(step: ProtocolStep): Scenario {
  return async (scene) => {
    const { workplace, digest } = scene;
    const { signal } = await interceptedApply(workplace, digest, killedAt(step));
    expect(signal).toBe('SIGKILL');
    expect(await remainsOf(scene)).toEqual(step.left);
    const holder = await workplace.holder();

    succeeded(await workplace.apply(digest));
    await expectDoneOnce(scene);
    expect(await brokenIn(workplace)).toEqual(holder === undefined ? [] : [holder]);
  };
}

async function remainsOf({ workplace, digest, network, lake }: Scene): Promise<Remains> {
  const remains = async (stack: string): Promise<StackRemains> => {
    const changeSets = await changeSetsOf(workplace, stack);
    expect(changeSets).toEqual(changeSets.map(() => `dataworks-1-${digest.slice(0, 12)}`));
    return { changeSets: changeSets.length, operations: (await workplace.operations(stack)).length } as StackRemains;
  };
  return {
    network: await remains(network),
    lake: await remains(lake),
    record: (await workplace.record()) !== undefined,
    history: (await workplace.keys(workplace.names.historyPrefix)).length > 0,
    lock: (await workplace.holder()) !== undefined,
  };
}

/** Those that take longest begin first. */
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'cut off from every service while CloudFormation works: it ends by itself when its lease is over, and leaves the lock': async (scene) => {
    const { workplace, digest } = scene;
    let isCut = false;
    const first = await interceptedApply(workplace, digest, () => ({
      before: () => !isCut || new Promise(() => {}), // what is sent is lost, and nobody says so
      after: ({ name }) => {
        isCut ||= name === 'cloudformation:ExecuteChangeSet';
        return true;
      },
    }));
    expect({ code: first.code, signal: first.signal, err: first.err }).toEqual({
      code: 7,
      signal: null,
      err: expect.stringMatching(/^DW3330: /m),
    });
    const holder = (await workplace.holder())!;
    expect(holder).toBeDefined();
    expect([await workplace.operations(scene.network), await workplace.operations(scene.lake)]).toMatchObject([
      { length: 1 },
      { length: 0 },
    ]);

    succeeded(await workplace.apply(digest));
    await expectDoneOnce(scene);
    expect(await brokenIn(workplace)).toEqual([holder]);
  },

  'stopped for longer than its lease, just before it executes: it executes nothing any more': async (scene) => {
    const { workplace, digest } = scene;
    const second = promised<Ended>();
    const first = await interceptedApply(workplace, digest, (kill) => {
      const isLastQuestion = lastQuestion();
      return {
        after: (call) => {
          if (!isLastQuestion(call)) return true;
          kill('SIGSTOP');
          // Its answer waits for it: the lock was its own when it asked.
          second.resolve(
            workplace.apply(digest).finally(() => {
              kill('SIGCONT');
            }),
          );
          return true;
        },
      };
    });
    succeeded(await second.promise);
    expect({ code: first.code, err: first.err }).toEqual({ code: 7, err: expect.stringMatching(/^DW3003: /m) });
    expect(first.calls).not.toContain('cloudformation:ExecuteChangeSet');
    await expectDoneOnce(scene);
    expect(await brokenIn(workplace)).toHaveLength(1);
  },

  'stopped for longer than its lease, while its execution is on its way: CloudFormation does not know the change set any more': async (
    scene,
  ) => {
    const { workplace, digest } = scene;
    let second: Promise<Ended> | undefined;
    const first = await interceptedApply(workplace, digest, (kill) => ({
      before: async ({ name }) => {
        if (name !== 'cloudformation:ExecuteChangeSet' || second) return true;
        kill('SIGSTOP');
        second = workplace.apply(digest);
        await second;
        kill('SIGCONT');
        return true;
      },
    }));
    succeeded(await second!);
    expect({ code: first.code, err: first.err }).toEqual({ code: 7, err: expect.stringMatching(/^DW3003: /m) });
    await expectDoneOnce(scene);
    expect(await brokenIn(workplace)).toHaveLength(1);
  },

  'stopped for less than its lease: it goes on, and whoever waits finds its work done': async (scene) => {
    const { workplace, digest } = scene;
    let second: Promise<Ended> | undefined;
    const first = await interceptedApply(workplace, digest, (kill) => {
      const isLastQuestion = lastQuestion();
      return {
        after: async (call) => {
          if (!isLastQuestion(call)) return true;
          kill('SIGSTOP');
          second = workplace.apply(digest, '--json');
          await sleep(NAP);
          kill('SIGCONT');
          return true;
        },
      };
    });
    succeeded(first);
    const waited = await second!;
    succeeded(waited);
    expect(JSON.parse(waited.out)).toMatchObject({ alreadyApplied: true, record: { fence: 1 } });
    await expectDoneOnce(scene);
    expect(await brokenIn(workplace)).toEqual([]);
  },

  ...Object.fromEntries(
    Object.entries(PROTOCOL_STEPS).map(([name, step]) => [`killed when ${name}: the next apply finishes it`, killed(step)]),
  ),
};

/** Tells the answer to the last question that an apply asks before it executes: whether the lock is still its own. */
function lastQuestion(): (call: Call) => boolean {
  const order = [/^cloudformation:CreateChangeSet$/, /^cloudformation:GetTemplate$/, /^GET .*\.tflock$/];
  return ({ name }) => {
    if (!order[0]?.test(name)) return false;
    order.shift();
    return order.length === 0;
  };
}

function promised<T>(): { readonly promise: Promise<T>; readonly resolve: (value: Promise<T>) => void } {
  let resolve: (value: Promise<T>) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** None of a stack that does not exist. */
const changeSetsOf = (workplace: Workplace, stack: string) => workplace.changeSets(stack).catch(() => []);

/** Each stack changed once, one record, nobody holds the lock, and nothing is left that could be executed. */
async function expectDoneOnce({ workplace, digest, network, lake }: Scene): Promise<void> {
  for (const name of [network, lake]) {
    expect(await workplace.status(name)).toBe('CREATE_COMPLETE');
    expect(await workplace.operations(name)).toHaveLength(1);
    expect(await workplace.changeSets(name)).toEqual([]);
  }
  const record = await workplace.record();
  expect(record).toMatchObject({ serial: 1, planDigest: digest, result: 'succeeded' });
  const { historyPrefix } = workplace.names;
  expect(await workplace.object(`${historyPrefix}00000001.json`)).toBe(await workplace.object(workplace.names.recordKey));
  expect((await workplace.keys(historyPrefix)).filter((key) => /\/\d+\.json$/.test(key))).toHaveLength(1);
  expect(await workplace.holder()).toBeUndefined();
}

/** IDs of the locks that were broken, as the history has them. */
async function brokenIn(workplace: Workplace): Promise<string[]> {
  const keys = await workplace.keys(`${workplace.names.historyPrefix}locks/`);
  const events = await Promise.all(keys.map(async (key) => JSON.parse((await workplace.object(key))!) as LockEvent));
  for (const { action, reason } of events) {
    expect([action, reason]).toEqual(['broken', expect.stringMatching(/^no heartbeat for \d+ s, no stack in progress$/)]);
    expect(Number(/\d+/.exec(reason)![0])).toBeGreaterThanOrEqual(60);
  }
  return events.map(({ holder }) => holder.id);
}

const running = new Map<string, Promise<void>>();

beforeAll(async () => {
  await compile(() => {});
  const [bootstrapped] = workspace(join(own.folder, 'bootstrapped'), [ACCOUNT], own.url);
  succeeded(await bootstrapped.run('bootstrap', 'dev', '--yes'));
  for (const [index, name] of Object.keys(SCENARIOS).entries()) {
    const scenario = SCENARIOS[name](await newScene(index));
    scenario.catch(() => {}); // it fails in its test
    running.set(name, scenario);
  }
}, 600_000);

async function newScene(index: number): Promise<Scene> {
  const folder = join(own.folder, `scene-${index}`);
  writeConfiguration(folder, configuration([ACCOUNT], { stateKey: `scene-${index}` }));
  commit(folder);
  const workplace = new Workplace({ name: 'dev', account: ACCOUNT, folder, url: own.url });
  const [network, lake] = [`network-${index}`, `lake-${index}`];
  const stacks: readonly SmallStack[] = [
    { name: network, values: { range: '10.0.0.0/16' } },
    { name: lake, values: { zone: 'raw' }, after: network },
  ];
  return { workplace, digest: await workplace.approved(stacks), network, lake };
}

test.each(Object.keys(SCENARIOS))('%s', async (name) => {
  await running.get(name);
});
