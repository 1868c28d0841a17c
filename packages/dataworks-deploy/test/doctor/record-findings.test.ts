import { recordFindings } from '../../src/doctor/record-findings';
import { RecordStore } from '../../src/record/store';
import { HISTORY, MemoryWorld } from '../support/lock-services';
import { aRecord } from '../support/records';

const KEY = 'dataworks-infra/record.json';
let world: MemoryWorld;
let store: RecordStore;
beforeEach(() => {
  world = new MemoryWorld();
  store = new RecordStore(world.services);
});

const put = (key: string, text: string) => world.objects.stored.set(key, { text, etag: 'x' });

test('no record, and one that can be read, are as they should be', async () => {
  expect(await recordFindings('dev', store)).toEqual([]);
  await store.write(aRecord());
  expect(await recordFindings('dev', store)).toEqual([]);
});

test.each([
  ['the current record', KEY],
  ['the newest of the history', `${HISTORY}00000001.json`],
])('%s that is malformed is found, with the way to restore it', async (_which, key) => {
  await store.write(aRecord());
  put(key, '{"bad');
  expect(await recordFindings('dev', store)).toEqual([
    expect.objectContaining({
      code: 'DW3101',
      found: `${key}: not JSON, or nested too deep`,
      isNote: false,
      fix: expect.stringContaining('restore'),
    }),
  ]);
});
