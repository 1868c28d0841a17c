import type { LockItems, Objects } from '../../src/lock/lock-services';
import { answered, MemoryItems, MemoryObjects } from '../support/memory-services';
import { answers, ITEM_STEPS, OBJECT_STEPS } from '../support/services-contract';

test('the table in memory keeps the contract', async () => {
  const { got, expected } = await answers(ITEM_STEPS, answered<LockItems>(new MemoryItems()));
  expect(got).toEqual(expected);
});

test('the bucket in memory keeps the contract', async () => {
  const { got, expected } = await answers(OBJECT_STEPS, { ...answered<Objects>(new MemoryObjects()), etags: [] });
  expect(got).toEqual(expected);
});
