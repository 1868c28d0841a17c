import fc from 'fast-check';
import { Fault } from '../../src/fault';
import { parseRecord, textOf } from '../../src/record/form';
import { recordLine, statusWords } from '../../src/record/record-line';
import { RecordStore } from '../../src/record/store';
import { unrecorded } from '../../src/record/unrecorded';
import { HISTORY, MemoryWorld } from '../support/lock-services';
import { aRecord } from '../support/records';

const KEY = 'dataworks-infra/record.json';
const SEED = 20261124;
let world: MemoryWorld;
let store: RecordStore;
beforeEach(() => {
  world = new MemoryWorld();
  store = new RecordStore(world.services);
});

describe('the record', () => {
  test('is written, read, and part of the history', async () => {
    expect(await store.read()).toBeUndefined();
    const first = await store.write(aRecord());
    const second = await store.write(aRecord({ serial: 2, fence: 2 }), first);
    expect(await store.read()).toEqual(second);
    expect(await store.serials()).toEqual([1, 2]);
    expect(await store.past(1)).toEqual(first.record);
    expect(await store.past(3)).toBeUndefined();
    expect(world.objects.keys(HISTORY)).toEqual([`${HISTORY}00000001.json`, `${HISTORY}00000002.json`]);
  });

  test('that was changed since it was read is not overwritten', async () => {
    const first = await store.write(aRecord());
    const second = await store.write(aRecord({ serial: 2 }), first);
    await expect(store.write(aRecord({ serial: 2, result: 'failed' }), first)).rejects.toMatchObject({ code: 'DW3104' });
    world.objects.stored.delete(`${HISTORY}00000002.json`); // as after a crash
    await expect(store.write(aRecord({ serial: 2, result: 'failed' }), first)).rejects.toMatchObject({ code: 'DW3103', exitCode: 7 });
    expect(await store.read()).toEqual(second);
  });

  test('the first one does not overwrite one that is there', async () => {
    await store.write(aRecord());
    world.objects.stored.delete(`${HISTORY}00000001.json`);
    await expect(store.write(aRecord({ result: 'failed' }))).rejects.toMatchObject({ code: 'DW3103' });
  });

  test('that a crash kept out of the history is put there by the next', async () => {
    const first = await store.write(aRecord());
    world.objects.stored.delete(`${HISTORY}00000001.json`);
    await store.write(aRecord({ serial: 2 }), first);
    expect(await store.past(1)).toEqual(first.record);
  });

  test('of which the history has another one is followed by none: the current record was restored from elsewhere', async () => {
    const first = await store.write(aRecord());
    world.objects.stored.set(`${HISTORY}00000001.json`, { text: textOf(aRecord({ result: 'failed' })), etag: '"x"' });
    await expect(store.write(aRecord({ serial: 2 }), first)).rejects.toMatchObject({ code: 'DW3104', exitCode: 7 });
    expect(await store.read()).toEqual(first);
  });

  test('whose write is repeated, because the answer was lost, is written once', async () => {
    const { objects } = world.services;
    const { create } = objects;
    Object.assign(objects, { create: async (key: string, text: string) => (await create(key, text), create(key, text)) });
    expect((await store.write(aRecord())).record.serial).toBe(1);
    expect(await store.serials()).toEqual([1]);
  });

  test.each([
    ['serial', { serial: 3 }, /serial 3 after 1/],
    ['lineage', { serial: 2, lineage: '99999999-2222-4333-8444-555555555555' }, /lineage 9/],
    ['fencing number', { serial: 2, fence: 4 }, /fencing number 4 after 5/],
  ])('with a %s that does not follow is not written', async (_name, changes, words) => {
    const first = await store.write(aRecord({ fence: 5 }));
    const before = world.content;
    await expect(store.write(aRecord({ fence: 5, ...changes }), first)).rejects.toMatchObject({
      code: 'DW3105',
      received: expect.stringMatching(words),
    });
    expect(world.content).toEqual(before);
  });

  test('of a newer version is refused, and not called malformed', async () => {
    world.objects.stored.set(KEY, { text: '{"formatVersion":2,"anything":true}', etag: '"1"' });
    await expect(store.read()).rejects.toMatchObject({ code: 'DW3102' });
  });

  test('keeps keys that a later version adds', () => {
    const text = JSON.stringify({ ...aRecord(), note: 'later' });
    expect(textOf(parseRecord(text, KEY))).toContain('"note": "later"');
  });

  test('is one line for people', () => {
    expect(recordLine(aRecord({ result: 'noChanges', dirty: true }))).toBe(
      '#1  2026-11-24T10:04:00Z  no changes  commit 0123456789ab with changes, plan abababababab, by arn:aws:sts::111122223333:assumed-role/sales-dev-deployer/apply',
    );
    expect(recordLine(aRecord({ assemblyGiven: true }))).toContain('commit 0123456789ab, assembly given, plan ababab');
  });

  test('a stack to which nothing came is not told by a word of the file', () => {
    expect(statusWords({ status: 'notReached' })).toBe('not changed: it was refused, or another stack failed');
    expect(statusWords({ status: 'UPDATE_COMPLETE' })).toBe('UPDATE_COMPLETE');
  });
});

describe('malformed records', () => {
  const required = Object.keys(aRecord());
  const values = fc.oneof(
    fc.constant(null),
    fc.constant(-1),
    fc.constant(1.5),
    fc.constant(''),
    fc.constant('2026'),
    fc.constant([{}]),
    fc.constant({}),
  );
  const removed = fc.constantFrom(...required).map((key) => {
    const rest: Record<string, unknown> = { ...aRecord() };
    Reflect.deleteProperty(rest, key);
    return JSON.stringify(rest);
  });
  const free = ['commit', 'region', 'environment']; // texts of any form
  const replaced = fc
    .tuple(fc.constantFrom(...required.filter((key) => !free.includes(key))), values)
    .filter(([key, value]) => !(key === 'approvals' && Array.isArray(value) && value.length === 0))
    .map(([key, value]) => JSON.stringify({ ...aRecord(), [key]: value }));
  const cut = fc.nat(textOf(aRecord()).length - 3).map((length) => textOf(aRecord()).slice(0, length));
  const nonsense = fc.oneof(
    fc.string().filter((text) => !text.trim().startsWith('{')),
    fc.constantFrom(
      'null',
      '[]',
      '0',
      '"x"',
      '{}',
      '\u0000',
      `${JSON.stringify(aRecord()).slice(0, -1)},"more":${'['.repeat(9_000)}${']'.repeat(9_000)}}`,
    ),
  );

  test(`200 of them (seed ${SEED}): one stable code, no stack trace, nothing is written`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(removed, replaced, cut, nonsense), async (text) => {
        world = new MemoryWorld();
        store = new RecordStore(world.services);
        world.objects.stored.set(KEY, { text, etag: '"1"' });
        const before = world.content;
        const error: unknown = await store.read().catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(Fault);
        expect(error).toMatchObject({ code: 'DW3101', exitCode: 7 });
        expect((error as Fault).message).not.toMatch(/\n\s+at /);
        expect(world.content).toEqual(before);
      }),
      { numRuns: 200, seed: SEED },
    );
  });

  test.each([
    ['of a stack in no region', { region: 'not/a region' }],
    ['of a stack without a name', { name: '--help' }],
  ])('%s: nobody could ask for it', async (_what, changes) => {
    const [stack] = aRecord().stacks;
    world.objects.stored.set(KEY, { text: textOf(aRecord({ stacks: [{ ...stack, ...changes }] })), etag: '"1"' });
    await expect(store.read()).rejects.toMatchObject({ code: 'DW3101' });
  });

  test('with another serial than its name in the history', async () => {
    world.objects.stored.set(`${HISTORY}00000001.json`, { text: textOf(aRecord({ serial: 7 })), etag: '"1"' });
    await expect(store.past(1)).rejects.toMatchObject({ code: 'DW3101' });
  });

  test('is not written either', async () => {
    await expect(store.write({ ...aRecord(), planDigest: 'short' })).rejects.toMatchObject({ code: 'DW3101' });
    expect(world.objects.stored.size).toBe(0);
  });

  test('of lock events are left out, and of others nothing is', async () => {
    world.objects.stored.set(`${HISTORY}locks/a.json`, { text: '{', etag: '"1"' });
    const holder = { id: 'x', kind: 'ours', who: 'ada', operation: 'apply', reason: '', byHand: false };
    const event = { formatVersion: 1, action: 'unlocked', holder, by: 'root', reason: '', at: '2026' };
    for (const [index, other] of [{ ...holder, who: 5 }, { ...holder, job: 5 }, { id: 'x' }, null].entries()) {
      world.objects.stored.set(`${HISTORY}locks/a${index}.json`, { text: JSON.stringify({ ...event, holder: other }), etag: '"1"' });
    }
    world.objects.stored.set(`${HISTORY}locks/b.json`, { text: JSON.stringify(event), etag: '"2"' });
    expect(await store.events(10)).toEqual([event]);
  });
});

describe('what was executed and not recorded', () => {
  const stack = (changeSet: string | undefined) => ({
    name: 'lake',
    status: 'UPDATE_COMPLETE',
    ...(changeSet !== undefined && { changeSet }),
  });

  test.each([
    ['a change set with a higher fencing number', 3, 'dataworks-4-abababababab', [{ fence: 4, digest: 'abababababab' }]],
    ['one with that of the record', 4, 'dataworks-4-abababababab', []],
    ['one of before', 5, 'dataworks-4-abababababab', []],
    ["somebody else's", 0, 'my-change-set', []],
    ['one that looks like ours', 0, 'dataworks-04-abababababab', []],
    ['none', 0, undefined, []],
  ])('%s', (_name, fence, changeSet, expected) => {
    expect(unrecorded({ fence }, [stack(changeSet)])).toMatchObject(expected);
    expect(unrecorded({ fence }, [stack(changeSet)])).toHaveLength(expected.length);
  });

  test('before the first record everything of ours is', () => {
    expect(unrecorded(undefined, [stack('dataworks-1-abababababab')])).toHaveLength(1);
  });
});
