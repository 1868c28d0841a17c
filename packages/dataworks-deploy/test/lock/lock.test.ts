import terraformLocks from './terraform-locks.json';
import { Fault } from '../../src/fault';
import { FAULTS } from '../../src/faults';
import { holderOf } from '../../src/lock/holder';
import { acquire, hold } from '../../src/lock/lock';
import { jsonOf, versionOf } from '../../src/lock/lock-info';
import { releaseOwn } from '../../src/lock/release-own';
import { unlock } from '../../src/lock/unlock';
import { MemoryWorld, FILE, HISTORY } from '../support/lock-services';

const JOB = { url: 'https://circleci.com/gh/acme/lake/7', name: 'apply-dev', workflowId: 'w' };
const TERRAFORM = terraformLocks.item.Info;
const OTHER = {
  ID: 'other',
  Operation: 'apply',
  Info: '',
  Who: 'eve@laptop',
  Version: versionOf('1.0.0'),
  Created: '2026-11-24T10:00:00Z',
  Path: 'state/dataworks-infra',
};
let world: MemoryWorld;
beforeEach(() => {
  world = new MemoryWorld();
});

const faultOf = (promise: Promise<unknown>): Promise<Fault> =>
  promise.then(
    () => {
      throw new Error('no fault');
    },
    (error: unknown) => error as Fault,
  );
const unlocked = (id: string) => unlock({ services: world.services, id, by: 'root', reason: 'a test', targets: world.targets });
const events = () =>
  world.objects
    .keys(`${HISTORY}locks/`)
    .map((key) => JSON.parse(world.objects.read(key)!.text) as { action: string; holder: { id: string } });

describe('the lock that is taken', () => {
  test("is Terraform's in both halves, with attributes of ours on the item alone", async () => {
    const lock = await acquire({ ...world.request(), job: JOB });
    const text = jsonOf(lock.info);
    expect(world.items.item).toEqual({ info: text, lease: 60, heartbeat: 1, fence: 1, job: JOB.url, stacks: ['eu-central-1/lake'] });
    expect(world.objects.read(FILE)?.text).toBe(text);
    expect(lock.info).toMatchObject({
      Operation: 'apply',
      Who: 'ada@laptop',
      Path: 'state/dataworks-infra',
      Created: '2026-11-24T10:00:00Z',
    });
    expect(lock.info.Info).toBe(`plan 1234 ${JOB.url}`);
    await lock.release();
    expect([world.items.item, world.objects.read(FILE)]).toEqual([undefined, undefined]);
  });

  test('has a higher number each time, for the counter stays', async () => {
    const fences = [];
    for (let round = 0; round < 3; round += 1) {
      const lock = await acquire(world.request());
      fences.push(lock.fence);
      await lock.release();
    }
    expect(fences).toEqual([1, 2, 3]);
  });

  test.each(['item', 'file'] as const)('is not ours any more without the %s', async (half) => {
    const lock = await acquire(world.request());
    expect(await lock.stillMine()).toBe(true);
    if (half === 'item') world.items.item = undefined;
    else world.objects.stored.delete(FILE);
    expect(await lock.stillMine()).toBe(false);
  });

  test("is released without touching somebody else's", async () => {
    const lock = await acquire(world.request());
    world.items.item = { info: TERRAFORM };
    world.objects.stored.set(FILE, { text: TERRAFORM, etag: '"t"' });
    await lock.release();
    expect([world.items.item, world.objects.read(FILE)?.text]).toEqual([{ info: TERRAFORM }, TERRAFORM]);
  });

  test('that cannot be released: both errors, and the other half is released all the same', async () => {
    const lock = await acquire(world.request());
    const { services } = world;
    const deny = (what: string) => () => Promise.reject(new Error(`${what} denied.`));
    Object.assign(services.objects, { remove: deny('DeleteObject') });
    expect(await faultOf(lock.release())).toMatchObject({ code: 'DW3004', exitCode: 7 });
    expect(world.items.item).toBeUndefined();
    Object.assign(services.items, { remove: deny('DeleteItem') });
    expect((await faultOf(lock.release())).received).toMatch(/DeleteObject denied; DeleteItem denied$/);
  });
});

describe('the heartbeat of a lock', () => {
  /** Of everything that waits for its next turn. */
  const signals: AbortSignal[] = [];
  beforeEach(() => {
    signals.length = 0;
    const { clock } = world.services;
    Object.assign(clock, { sleep: (_milliseconds: number, signal: AbortSignal) => (signals.push(signal), new Promise(() => {})) });
  });
  const beats = () => signals.map(({ aborted }) => !aborted);

  test('ends when the lock is released, or left', async () => {
    const first = await acquire(world.request());
    expect(beats()).toEqual([true]);
    await first.release();
    expect(beats()).toEqual([false]);
    (await acquire(world.request())).leave();
    expect(beats()).toEqual([false, false]);
  });

  test('ends when the lock is given back, for it could not be taken', async () => {
    jest.spyOn(world.targets, 'fenceOff').mockRejectedValueOnce(new Error('denied'));
    await expect(acquire(world.request())).rejects.toThrow('denied');
    expect(beats()).toEqual([false]);
  });
});

describe('a lease that is over', () => {
  const sleep = (seconds: number) => world.services.clock.sleep(seconds * 1000);

  test('is that a lease after the first renewal was sent, however long its answer took', async () => {
    const { items } = world.services;
    const { renew } = items;
    Object.assign(items, { renew: async (...call: Parameters<typeof renew>) => (await sleep(50), renew(...call)) });
    const lock = await acquire(world.request());
    await sleep(9);
    expect(await lock.stillMine()).toBe(true);
    await sleep(1);
    expect(await lock.stillMine()).toBe(false);
  });

  test.each([
    ['before the halves are read, although nobody answers', () => Promise.reject(new Error('no answer')), 60],
    ['while they are read', async (read: () => Promise<unknown>) => (await sleep(60), read()), 0],
  ] as const)('is the end of the lock: %s', async (_, answer, seconds) => {
    const lock = await acquire(world.request());
    await sleep(seconds);
    const { items } = world.services;
    const { read } = items;
    Object.assign(items, { read: () => answer(read) });
    expect(await lock.stillMine()).toBe(false);
  });
});

test('that the stacks of earlier holders could not be forgotten fails no apply that is recorded', async () => {
  const lock = await acquire(world.request());
  Object.assign(world.services.items, { forgetStacks: () => Promise.reject(new Error('denied')) });
  await expect(lock.recorded()).resolves.toBeUndefined();
});

describe('a write of the lock without an answer', () => {
  const expired = () => Promise.reject(new Fault(FAULTS.credentialsExpired, { received: '' }));

  test.each(['item', 'file'] as const)('that is repeated, and refused because of itself: the %s is held', async (half) => {
    const { items, objects } = world.services;
    const { create } = half === 'item' ? items : objects;
    const twice = async (...call: [never, never]) => {
      await create(...call);
      return create(...call);
    };
    Object.assign(half === 'item' ? items : objects, { create: twice });
    const lock = await acquire(world.request());
    expect(await lock.stillMine()).toBe(true);
  });

  test('that arrived all the same: it is taken back', async () => {
    const { objects } = world.services;
    const { create } = objects;
    const unreachable = new Fault(FAULTS.unreachable, { received: '' });
    Object.assign(objects, {
      create: async (key: string, text: string) => {
        await create(key, text);
        throw unreachable;
      },
    });
    expect(await faultOf(acquire(world.request()))).toBe(unreachable);
    expect(world.objects.read(FILE)).toBeUndefined();
  });

  test('that was the first, and is refused: there is nothing to take back', async () => {
    const { items, objects } = world.services;
    const denied = new Fault(FAULTS.missingPermission, { received: 's3:PutObject' });
    Object.assign(objects, { create: () => Promise.reject(denied), read: expired });
    Object.assign(items, { remove: expired });
    expect(await faultOf(acquire(world.request()))).toBe(denied);
  });

  test('that may have arrived before, and is refused now: what cannot be taken back is said', async () => {
    world.items.item = { info: TERRAFORM };
    world.onSleep = () => Object.assign(world.services.objects, { create: expired, read: expired });
    expect(await faultOf(acquire(world.request(10)))).toMatchObject({ code: 'DW3004' });
  });
});

describe('a lock that somebody holds', () => {
  test.each([
    ['item', 'item'],
    ['file', 'file'],
    ['both halves', 'both'],
  ])("Terraform's %s: who, since when, that it is Terraform's, and its ID; never broken", async (_name, half) => {
    if (half !== 'file') world.items.item = { info: TERRAFORM };
    if (half !== 'item') world.objects.stored.set(FILE, { text: TERRAFORM, etag: '"t"' });
    const before = world.content;
    const told: string[] = [];
    const fault = await faultOf(acquire(world.request(600, told)));
    expect(fault).toMatchObject({ code: 'DW3001', exitCode: 5 });
    const { id, who, since } = holderOf(TERRAFORM);
    for (const part of [`Terraform (${who})`, `since ${since}`, `ID ${id}`]) expect(fault.received).toContain(part);
    const words = `Waiting for the lock: ${fault.received}; only its holder ends it, or \`dataworks unlock\``;
    expect(told).toEqual([words]); // once, though it asked often
    expect(world.content).toEqual(before);
  });

  test('ours: from which job', async () => {
    await acquire({ ...world.request(), job: JOB });
    const fault = await faultOf(acquire(world.request()));
    expect(fault.received).toContain(`ada@laptop, apply, plan 1234, since 2026-11-24T10:00:00Z, ${JOB.url}, ID `);
    expect(fault.fix).toContain('dataworks unlock <environment> 00000000-');
  });

  test('the object is given back when the item is held', async () => {
    world.items.item = { info: TERRAFORM };
    await faultOf(acquire(world.request()));
    expect(world.objects.read(FILE)).toBeUndefined();
  });

  test('pauses of 1 s doubling to 16 s', async () => {
    world.items.item = { info: TERRAFORM };
    const times: number[] = [];
    world.onSleep = () => times.push(world.services.clock.elapsed() / 1000);
    await faultOf(acquire(world.request(60)));
    expect(times).toEqual([0, 1, 3, 7, 15, 31, 47]);
  });

  test('is not waited for any longer when somebody wants to stop', async () => {
    world.items.item = { info: TERRAFORM };
    const stop = new AbortController();
    let asked = 0;
    Object.assign(world.services.clock, {
      sleep: (_milliseconds: number, signal: AbortSignal) => {
        expect(signal).toBe(stop.signal);
        asked += 1;
        stop.abort('SIGTERM');
        return Promise.resolve();
      },
    });
    expect(await faultOf(acquire({ ...world.request(600), stop: stop.signal }))).toMatchObject({ code: 'DW3001' });
    expect(asked).toBe(1);
    expect(world.objects.read(FILE)).toBeUndefined();
  });

  test('is taken as soon as it is released', async () => {
    world.items.item = { info: TERRAFORM };
    world.onSleep = () => (world.items.item = undefined);
    expect((await acquire(world.request(10))).fence).toBe(1);
  });
});

describe('a stale lock of ours', () => {
  const stale = async (job?: typeof JOB) => {
    (await acquire({ ...world.request(), ...(job && { job }) })).leave();
  };

  test('is broken after a lease without a heartbeat, with a line and a record of it', async () => {
    await stale();
    const told: string[] = [];
    const lock = await acquire(world.request(100, told));
    expect(lock.fence).toBe(2);
    expect(told[0]).toMatch(/^Waiting for the lock: ada@laptop, .*; its heartbeat is watched: when it stands still for 60 s, and /);
    expect(told.at(-1)).toMatch(/^Broke a stale lock: ada@laptop, apply, .*no heartbeat for 63 s/);
    expect(events()).toMatchObject([
      { action: 'broken', by: 'ada@laptop', holder: { kind: 'ours', id: '00000000-0000-4000-8000-000000000001' } },
    ]);
    expect(world.asked.at(-1)).toEqual(['eu-central-1/lake']); // those of the dead holder too
  });

  test('is not broken before', async () => {
    await stale();
    expect(await faultOf(acquire(world.request(59)))).toMatchObject({ code: 'DW3001' });
    expect((await acquire(world.request(60))).fence).toBe(2);
  });

  test('nor sooner because the services are slow to answer: that time counts for the holder', async () => {
    await stale();
    const { clock, items } = world.services;
    const { elapsed } = clock;
    const { read } = items;
    let slow = 0;
    Object.assign(clock, { elapsed: () => elapsed() + slow });
    Object.assign(items, { read: () => ((slow += 59_000), read()) });
    expect(await faultOf(acquire(world.request(100)))).toMatchObject({ code: 'DW3001' });
  });

  test.each<[string, object]>([
    ['none', { lease: undefined }],
    ['no time', { lease: 0 }],
    ['less than that', { lease: -1 }],
    ['no number', { lease: NaN }],
    ['longer than any of ours', { lease: 3601 }],
    ['one, without a heartbeat', { heartbeat: undefined }],
  ])('nor ever when its lease is %s', async (_, changes) => {
    await stale();
    world.items.item = { ...world.items.item!, ...changes };
    expect(await faultOf(acquire(world.request(10_000)))).toMatchObject({ code: 'DW3001' });
  });

  test('nor while there is another holder each time', async () => {
    await stale();
    let others = 0;
    world.onSleep = () => {
      others += 1;
      world.items.item = { ...world.items.item!, info: jsonOf({ ...OTHER, ID: `other-${others}` }) };
    };
    expect(await faultOf(acquire(world.request(600)))).toMatchObject({ code: 'DW3001' });
  });

  test('nor when its heartbeat goes on in this very moment: nothing is taken from it', async () => {
    await stale();
    const { items } = world.services;
    const { replace } = items;
    const before = world.objects.read(FILE);
    let attempts = 0;
    Object.assign(items, {
      replace: (...call: Parameters<typeof replace>) => {
        attempts += 1;
        world.items.item = { ...world.items.item!, heartbeat: world.items.item!.heartbeat! + 1 };
        return replace(...call);
      },
    });
    expect(await faultOf(acquire(world.request(100)))).toMatchObject({ code: 'DW3001' });
    expect([attempts, world.objects.read(FILE), events()]).toEqual([1, before, []]);
  });

  test('is broken also when the write is repeated for want of an answer, and then refused because of itself', async () => {
    await stale();
    const { items } = world.services;
    const { replace } = items;
    Object.assign(items, { replace: (...call: Parameters<typeof replace>) => replace(...call).then(() => false) });
    expect((await acquire(world.request(60))).fence).toBe(2);
    expect(events()).toHaveLength(1);
  });

  test('nor while its heartbeat goes on', async () => {
    await stale();
    world.onSleep = () => {
      world.items.item = { ...world.items.item!, heartbeat: world.items.item!.heartbeat! + 1 };
    };
    expect(await faultOf(acquire(world.request(600)))).toMatchObject({ code: 'DW3001' });
  });

  test('nor while a stack is in progress', async () => {
    await stale();
    world.busy.push('lake (UPDATE_IN_PROGRESS)');
    expect((await faultOf(acquire(world.request(600)))).received).toMatch(/stands still, but lake \(UPDATE_IN_PROGRESS\) is in progress$/);
  });

  test.each([
    ['running', /but its job is running$/],
    ['unknown', /whether its job has ended cannot be found out/],
  ] as const)('nor while its job is %s', async (state, words) => {
    await stale(JOB);
    world.jobs[JOB.url] = state;
    expect((await faultOf(acquire(world.request(600)))).received).toMatch(words);
  });

  test.each(['item', 'file'] as const)('nor while its job is running, of which only the %s tells', async (half) => {
    await stale(half === 'file' ? JOB : undefined);
    if (half === 'item') world.items.item = { ...world.items.item!, job: JOB.url };
    else world.items.item = undefined;
    world.jobs[JOB.url] = 'running';
    expect((await faultOf(acquire(world.request(600)))).received).toMatch(/but its job is running$/);
  });

  test('is broken when it is of an earlier process of the same job, which runs', async () => {
    await stale(JOB);
    world.jobs[JOB.url] = 'running';
    const told: string[] = [];
    expect((await acquire({ ...world.request(100, told), job: JOB })).fence).toBe(2);
    expect(told.at(-1)).toMatch(/no stack in progress, an earlier process of this job$/);
  });

  test('is broken when its job has ended', async () => {
    await stale(JOB);
    world.jobs[JOB.url] = 'ended';
    expect((await acquire(world.request(600))).fence).toBe(2);
  });

  test('is broken although others wait for it too, who hold the object for a moment each time that they ask', async () => {
    await stale();
    world.objects.stored.delete(FILE);
    let visits = 0;
    world.onSleep = () => {
      visits += 1;
      if (visits % 2 === 0) world.objects.stored.delete(FILE);
      else world.objects.stored.set(FILE, { text: jsonOf({ ...OTHER, ID: `other-${visits}` }), etag: `"${visits}"` });
    };
    expect((await acquire(world.request(300))).fence).toBe(2);
  });

  test('is recorded as broken also when whoever breaks it goes no further: by the next one, who answers for the stacks of both', async () => {
    (await acquire({ ...world.request(), targets: { ...world.targets, names: ['eu-central-1/audit'] } })).leave();
    const { objects } = world.services;
    const { create } = objects;
    const killed = new Error('killed');
    Object.assign(objects, { create: (key: string, text: string) => (key === FILE ? create(key, text) : Promise.reject(killed)) });
    // What a process that is killed does not do: give anything back.
    Object.assign(world.services.items, { remove: () => Promise.reject(killed) });
    expect(await faultOf(acquire(world.request(100)))).toMatchObject({ code: 'DW3004' });
    expect(world.items.item?.stacks).toEqual(['eu-central-1/lake', 'eu-central-1/audit']);
    expect(events()).toEqual([]);

    Object.assign(objects, { create });
    await acquire(world.request(200));
    expect(events().map(({ holder }) => holder.id)).toEqual([expect.stringMatching(/0001$/), expect.stringMatching(/0002$/)]);
    expect(world.asked.at(-1)).toEqual(['eu-central-1/audit', 'eu-central-1/lake']);
  });

  test('is recorded as broken also when the answer to that is lost: nothing is given back, and the next one sees whose it was', async () => {
    await stale();
    const { items } = world.services;
    const { read, replace } = items;
    const lost = new Error('answer lost');
    Object.assign(items, {
      replace: async (...call: Parameters<typeof replace>) => {
        await replace(...call);
        Object.assign(items, { read: () => Promise.reject(lost) });
        throw lost;
      },
    });
    expect(await faultOf(acquire(world.request(100)))).toBe(lost);
    Object.assign(items, { read, replace });
    await acquire(world.request(200));
    expect(events().map(({ holder }) => holder.id)).toEqual([expect.stringMatching(/0001$/), expect.stringMatching(/0002$/)]);
  });

  test.each(['item', 'file'] as const)('is broken when only its %s is left', async (half) => {
    await stale();
    if (half === 'item') world.objects.stored.delete(FILE);
    else world.items.item = undefined;
    const lock = await acquire(world.request(100));
    expect(await lock.stillMine()).toBe(true);
    expect(events()).toMatchObject([{ action: 'broken', holder: { id: '00000000-0000-4000-8000-000000000001' } }]);
  });

  test.each(['item', 'file'] as const)("is left alone when the other half is Terraform's: %s", async (half) => {
    await stale();
    if (half === 'item') world.items.item = { info: TERRAFORM };
    else world.objects.stored.set(FILE, { text: TERRAFORM, etag: '"t"' });
    const before = world.content;
    expect((await faultOf(acquire(world.request(600)))).received).toContain('of different holders');
    expect(world.content).toEqual(before);
  });

  test('is not broken when Terraform takes the object in this moment: the item is given back', async () => {
    await stale();
    world.objects.stored.delete(FILE);
    const { objects } = world.services;
    const { create } = objects;
    let calls = 0;
    Object.assign(objects, {
      create: (key: string, text: string) => {
        if (key === FILE && world.items.item?.heartbeat === 0) {
          calls += 1;
          world.objects.stored.set(FILE, { text: TERRAFORM, etag: '"t"' });
        }
        return create(key, text);
      },
    });
    expect(await faultOf(acquire(world.request(100)))).toMatchObject({ code: 'DW3001' });
    expect(calls).toBe(1);
    expect([world.items.item, world.objects.read(FILE)?.text]).toEqual([undefined, TERRAFORM]);
  });
});

describe('after the lock is taken', () => {
  test('whoever lost it before it had a fencing number deletes no change set: it could be of the next holder', async () => {
    const { items } = world.services;
    const { nextFence } = items;
    Object.assign(items, { nextFence: (stacks: string[]) => ((world.items.item = { info: TERRAFORM }), nextFence(stacks)) });
    const fenceOff = jest.spyOn(world.targets, 'fenceOff');
    expect(await faultOf(acquire(world.request()))).toMatchObject({ code: 'DW3003', exitCode: 7 });
    expect(fenceOff).not.toHaveBeenCalled();
    expect(world.items.item).toEqual({ info: TERRAFORM });
  });

  test('it knows the stacks of every holder before, however its lock ended, until one says that all is recorded', async () => {
    const targets = (name: string) => ({ ...world.targets, names: [`eu-central-1/${name}`] });
    const broken = await acquire({ ...world.request(), targets: targets('audit') });
    broken.leave();
    const released = await acquire({ ...world.request(100), targets: targets('lake') });
    expect(released.stacks).toEqual(['eu-central-1/audit', 'eu-central-1/lake']);
    await released.release();
    const last = await acquire({ ...world.request(), targets: targets('network') });
    expect(last.stacks).toEqual(['eu-central-1/audit', 'eu-central-1/lake', 'eu-central-1/network']);
    await broken.recorded(); // too late: others have come since
    await last.release();
    const recording = await acquire({ ...world.request(), targets: targets('network') });
    expect(recording.stacks).toHaveLength(3);
    await recording.recorded();
    await recording.release();
    expect((await acquire({ ...world.request(), targets: targets('lake') })).stacks).toEqual(['eu-central-1/lake']);
  });

  test('a change set with a higher number, and the lock is held: the counter had gone back, is raised, and all are deleted', async () => {
    const fenceOff = jest.spyOn(world.targets, 'fenceOff').mockResolvedValueOnce({ left: [], highest: 7 });
    expect(await faultOf(acquire(world.request()))).toMatchObject({ code: 'DW3008', exitCode: 4 });
    expect(fenceOff.mock.calls.map(([below]) => below)).toEqual([1, Infinity]);
    expect([world.items.item, world.objects.read(FILE)]).toEqual([undefined, undefined]);
    expect((await acquire(world.request())).fence).toBe(8);
  });

  test('a change set with a higher number, and the lock is not held any more: it is of the next holder', async () => {
    jest.spyOn(world.targets, 'fenceOff').mockImplementationOnce(() => {
      world.items.item = { info: TERRAFORM };
      return Promise.resolve({ left: [], highest: 7 });
    });
    expect(await faultOf(acquire(world.request()))).toMatchObject({ code: 'DW3003' });
    expect(world.items.counter).toBe(1);
  });

  test('a stack in progress is waited for, and the lock given back when it does not end', async () => {
    world.busy.push('lake (UPDATE_IN_PROGRESS)');
    const { sleep } = world.services.clock;
    Object.assign(world.services.clock, {
      sleep: (milliseconds: number, signal?: AbortSignal) => (milliseconds === 15_000 ? sleep(milliseconds, signal) : sleep(milliseconds)),
    });
    expect(await faultOf(acquire(world.request()))).toMatchObject({ code: 'DW3002', exitCode: 5 });
    expect([world.items.item, world.objects.read(FILE)]).toEqual([undefined, undefined]);
  });
});

test('a change set of an earlier holder that cannot be deleted is waited for, as a stack in progress is', async () => {
  const left = ['lake (change set dataworks-1-abababababab)'];
  jest.spyOn(world.targets, 'fenceOff').mockResolvedValueOnce({ left, highest: 0 });
  const { sleep } = world.services.clock;
  Object.assign(world.services.clock, {
    sleep: (milliseconds: number, signal?: AbortSignal) => (milliseconds === 15_000 ? sleep(milliseconds, signal) : sleep(milliseconds)),
  });
  const told: string[] = [];
  await acquire(world.request(0, told));
  expect(told).toEqual(['Waiting for lake (change set dataworks-1-abababababab)']);
});

describe('by hand', () => {
  test('a lock without a heartbeat is never broken, and ends by its ID', async () => {
    const { ID } = await hold({ ...world.request(), reason: 'moving the network' });
    expect(world.items.item).toEqual({ info: world.objects.read(FILE)?.text });
    expect((await faultOf(acquire(world.request(600)))).received).toContain('hold, moving the network');
    await unlocked(ID);
    expect(events()).toMatchObject([{ action: 'unlocked', by: 'root', holder: { byHand: true } }]);
    expect((await acquire(world.request())).fence).toBe(2);
  });

  test('whoever has it, nobody has a change set left that he could execute, and nothing is in progress', async () => {
    await acquire({ ...world.request(), targets: { ...world.targets, names: ['eu-central-1/audit'] } });
    const fenceOff = jest.spyOn(world.targets, 'fenceOff');
    fenceOff.mockResolvedValueOnce({ left: ['audit (change set dataworks-1-abababababab)'], highest: 0 });
    const told: string[] = [];
    await hold({ ...world.request(120, told), reason: 'moving the network' });
    const both = ['eu-central-1/audit', 'eu-central-1/lake'];
    expect(fenceOff.mock.calls).toEqual([
      [Infinity, both],
      [Infinity, both],
    ]);
    expect(told.at(-1)).toBe('Waiting for audit (change set dataworks-1-abababababab)');
    expect(world.asked.at(-1)).toEqual(both);
  });

  test('it is given back when a stack does not come to rest, or somebody has ended it meanwhile', async () => {
    world.busy.push('lake (UPDATE_IN_PROGRESS)');
    expect(await faultOf(hold({ ...world.request(), reason: 'moving the network' }))).toMatchObject({ code: 'DW3002', exitCode: 5 });
    expect([world.items.item, world.objects.read(FILE)]).toEqual([undefined, undefined]);
    world.busy.length = 0;
    jest.spyOn(world.targets, 'fenceOff').mockImplementationOnce(async () => {
      world.items.item = undefined;
      return Promise.resolve({ left: [], highest: 0 });
    });
    expect(await faultOf(hold({ ...world.request(), reason: 'moving the network' }))).toMatchObject({ code: 'DW3003' });
    expect(world.objects.read(FILE)).toBeUndefined();
  });

  test('unlocking deletes what the holder has made, for nobody else may do it; what is left is told', async () => {
    const fenceOff = jest.spyOn(world.targets, 'fenceOff');
    const outcomes: Array<[() => Promise<{ left: string[]; highest: number }>, string | undefined]> = [
      [() => Promise.resolve({ left: [], highest: 0 }), undefined],
      [
        () => Promise.resolve({ left: ['lake (change set dataworks-2-abababababab)'], highest: 0 }),
        'lake (change set dataworks-2-abababababab)',
      ],
      [() => Promise.reject(new Error('DeleteChangeSet denied')), 'DeleteChangeSet denied'],
    ];
    for (const [outcome, left] of outcomes) {
      const { info, fence, release } = await acquire(world.request());
      fenceOff.mockImplementationOnce(outcome);
      expect(await unlocked(info.ID)).toMatchObject({ holder: { id: info.ID }, left });
      expect(fenceOff).toHaveBeenLastCalledWith(fence + 1, ['eu-central-1/lake']);
      expect(world.items.item).toBeUndefined();
      await release();
    }
  });

  test.each([
    ['an apply', async () => (await acquire(world.request())).info.ID, true],
    ['somebody by hand, who makes none', async () => (await hold({ ...world.request(), reason: 'moving' })).ID, false],
  ])('of whose change sets without the item nobody knows, that is told: %s', async (_who, takenBy, isTold) => {
    const id = await takenBy();
    world.items.item = undefined;
    const fenceOff = jest.spyOn(world.targets, 'fenceOff');
    const { left } = await unlocked(id);
    expect(left).toEqual(isTold ? expect.stringMatching(/^change sets, if it has made any; .*item/) : undefined);
    expect(fenceOff).not.toHaveBeenCalled();
  });

  test('whoever comes after an unlocked holder fences off its stacks, and waits for them, also when its own are others', async () => {
    const { info } = await acquire({ ...world.request(), targets: { ...world.targets, names: ['eu-central-1/audit'] } });
    await unlocked(info.ID);
    const fenceOff = jest.spyOn(world.targets, 'fenceOff');
    await acquire(world.request());
    const both = ['eu-central-1/audit', 'eu-central-1/lake'];
    expect(fenceOff).toHaveBeenCalledWith(2, both);
    expect(world.asked.at(-1)).toEqual(both);
  });

  test('is not broken either when somebody deletes its item', async () => {
    await hold({ ...world.request(), reason: 'moving the network' });
    world.items.item = undefined;
    expect(await faultOf(acquire(world.request(600)))).toMatchObject({ code: 'DW3001' });
  });

  test.each([
    ["Terraform's", TERRAFORM],
    ['what nobody can read', '{"ID":'],
    ['nothing at all', ''],
    ['no object', '[1]'],
    ['an ID of another type', '{"ID":7}'],
    ['an ID that a shell would read', '{"ID":"x; reboot"}'],
  ])('%s ends by the ID that is shown for it', async (_name, text) => {
    world.items.item = { info: text };
    world.objects.stored.set(FILE, { text, etag: '"t"' });
    const fault = await faultOf(acquire(world.request()));
    const id = /ID (\S+)$/.exec(fault.received)![1];
    await unlocked(id);
    expect([world.items.item, world.objects.read(FILE)]).toEqual([undefined, undefined]);
  });

  test('an item without the attribute ends too', async () => {
    world.items.item = {};
    await unlocked(holderOf(undefined).id);
    expect(world.items.item).toBeUndefined();
  });

  test('halves of two holders end one by one', async () => {
    const lock = await acquire(world.request());
    lock.leave();
    world.objects.stored.set(FILE, { text: TERRAFORM, etag: '"t"' });
    await unlocked(lock.info.ID);
    expect([world.items.item, world.objects.read(FILE)?.text]).toEqual([undefined, TERRAFORM]);
    await unlocked(holderOf(TERRAFORM).id);
    expect(world.objects.read(FILE)).toBeUndefined();

    const next = await acquire(world.request());
    world.objects.stored.set(FILE, { text: TERRAFORM, etag: '"t"' });
    await unlocked(holderOf(TERRAFORM).id);
    expect([world.items.item?.info, world.objects.read(FILE)]).toEqual([jsonOf(next.info), undefined]);
  });

  test('a deletion whose answer is lost, and which is refused when it is repeated, is one', async () => {
    const { info } = await acquire(world.request());
    const { items } = world.services;
    const { remove } = items;
    Object.assign(items, { remove: (...call: Parameters<typeof remove>) => remove(...call).then(() => false) });
    expect(await unlocked(info.ID)).toMatchObject({ holder: { id: info.ID } });
    expect(world.items.item).toBeUndefined();
  });

  test('a lock that somebody else takes in this moment stays, and that is said', async () => {
    const { info } = await acquire(world.request());
    const { items } = world.services;
    const { remove } = items;
    Object.assign(items, {
      remove: (...call: Parameters<typeof remove>) => {
        world.items.item = { info: TERRAFORM };
        return remove(...call);
      },
    });
    expect(await faultOf(unlocked(info.ID))).toMatchObject({ code: 'DW3006', exitCode: 5 });
    expect(world.items.item).toEqual({ info: TERRAFORM });
  });

  test('another ID deletes nothing, and says whose there are', async () => {
    const lock = await acquire(world.request());
    const before = world.content;
    const fault = await faultOf(unlocked('no-such'));
    expect(fault).toMatchObject({ code: 'DW3005', received: '"no-such"' });
    expect(fault.allowed).toContain(lock.info.ID);
    expect(world.content).toEqual(before);
  });
});

describe('release-own', () => {
  test('releases what this job holds, once, and nothing else', async () => {
    expect(await releaseOwn(world.services, JOB, world.targets)).toBeUndefined();
    (await acquire({ ...world.request(), job: JOB })).leave();
    expect(await releaseOwn(world.services, { ...JOB, url: 'https://circleci.com/gh/acme/lake/8' }, world.targets)).toBeUndefined();
    expect(world.items.item).toBeDefined();
    expect(await releaseOwn(world.services, JOB, world.targets)).toMatchObject({ job: JOB.url });
    expect([world.items.item, world.objects.read(FILE)]).toEqual([undefined, undefined]);
    expect(await releaseOwn(world.services, JOB, world.targets)).toBeUndefined();
  });

  test.each(['item', 'file'] as const)('releases the %s alone', async (half) => {
    (await acquire({ ...world.request(), job: JOB })).leave();
    if (half === 'item') world.objects.stored.delete(FILE);
    else world.items.item = undefined;
    expect(await releaseOwn(world.services, JOB, world.targets)).toBeDefined();
    expect([world.items.item, world.objects.read(FILE)]).toEqual([undefined, undefined]);
  });

  test.each(['item', 'file'] as const)("releases nothing of another holder's: the %s", async (half) => {
    (await acquire({ ...world.request(), job: JOB })).leave();
    if (half === 'item') world.items.item = { info: TERRAFORM };
    else world.objects.stored.set(FILE, { text: TERRAFORM, etag: '"t"' });
    expect(await releaseOwn(world.services, JOB, world.targets)).toMatchObject({ job: JOB.url });
    const left = [world.items.item?.info, world.objects.read(FILE)?.text];
    expect(left).toEqual(half === 'item' ? [TERRAFORM, undefined] : [undefined, TERRAFORM]);
  });

  test('deletes no change sets of another holder, whose item it is', async () => {
    (await acquire({ ...world.request(), job: JOB })).leave();
    world.items.item = { info: jsonOf(OTHER), lease: 60, heartbeat: 1, fence: 2, stacks: ['eu-central-1/audit'] };
    const fenceOff = jest.spyOn(world.targets, 'fenceOff');
    expect(await releaseOwn(world.services, JOB, world.targets)).toMatchObject({ job: JOB.url });
    expect(fenceOff).not.toHaveBeenCalled();
    expect([world.items.item.fence, world.objects.read(FILE)]).toEqual([2, undefined]);
  });

  test('keeps the lock while a stack is in progress', async () => {
    (await acquire({ ...world.request(), job: JOB })).leave();
    world.busy.push('lake (UPDATE_IN_PROGRESS)');
    expect(await faultOf(releaseOwn(world.services, JOB, world.targets))).toMatchObject({ code: 'DW3002' });
    expect(world.items.item).toBeDefined();
  });

  test('deletes what this job could still execute, first', async () => {
    (await acquire({ ...world.request(), job: JOB })).leave();
    const fenceOff = jest
      .spyOn(world.targets, 'fenceOff')
      .mockResolvedValueOnce({ left: ['lake (change set dataworks-1-abababababab)'], highest: 0 });
    expect(await faultOf(releaseOwn(world.services, JOB, world.targets))).toMatchObject({ code: 'DW3002' });
    expect(world.items.item).toBeDefined();
    expect(fenceOff).toHaveBeenCalledWith(2, ['eu-central-1/lake']);
    expect(await releaseOwn(world.services, JOB, world.targets)).toBeDefined();
  });

  test('does not release what somebody holds by hand from a job', async () => {
    await hold({ ...world.request(), job: JOB });
    expect(await releaseOwn(world.services, JOB, world.targets)).toBeUndefined();
  });
});
