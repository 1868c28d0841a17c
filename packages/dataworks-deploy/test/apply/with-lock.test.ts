import type { ApplyRequest } from '../../src/apply/protocol';
import { applyWithLock } from '../../src/apply/with-lock';
import { MemoryWorld } from '../support/lock-services';
import { planWith } from '../support/planned';
import { aRecord } from '../support/records';

test('what is recorded is told also when the lock cannot be given back', async () => {
  const world = new MemoryWorld();
  const record = aRecord();
  const plan = planWith([], { digest: record.planDigest });
  Object.assign(world.services.items, { remove: () => Promise.reject(new Error('DeleteItem denied')) });
  // Recorded by an earlier run: of all else, nothing is asked.
  const store = { read: () => Promise.resolve({ record, etag: '"1"' }), complete: () => Promise.resolve() };
  const ended = await applyWithLock(world.request(), { plan, store } as unknown as Omit<ApplyRequest, 'lock'>);
  expect(ended).toMatchObject({ record, isOld: true, unreleased: { code: 'DW3004', exitCode: 7 } });
});
