import fc from 'fast-check';
import { Fault } from '../../src/fault';
import { acquire } from '../../src/lock/lock';
import type { LockItem } from '../../src/lock/lock-services';
import { situationOf } from '../../src/lock/situation';
import { unlock } from '../../src/lock/unlock';
import { FILE, HISTORY, MemoryWorld } from '../support/lock-services';

const SEED = 20261124;
const VALID =
  '{"ID":"a-1","Operation":"apply","Info":"x","Who":"ada@laptop","Version":"dataworks 0.0.0","Created":"2026-11-24T10:00:00Z","Path":"p"}';

const texts = fc.oneof(
  fc.string(),
  fc.nat(VALID.length - 1).map((length) => VALID.slice(0, length)),
  fc
    .tuple(fc.constantFrom('ID', 'Operation', 'Info', 'Who', 'Version', 'Created'), fc.jsonValue())
    .map(([key, value]) => JSON.stringify({ ...(JSON.parse(VALID) as object), [key]: value })),
  fc.jsonValue().map((value) => JSON.stringify(value)),
  fc.constantFrom('\u001b[2J', '{"ID":"\\u001b[2J"}', '{"__proto__":{"ID":"x"}}', '{"ID":"../../x"}'),
);
/** Numbers that are no lease and no heartbeat: nothing says that the holder is one of ours, and alive or dead. */
const numbers = fc.option(fc.constantFrom(NaN, -1, 0, 1e9, Infinity), { nil: undefined });
const items: fc.Arbitrary<LockItem> = fc.record(
  { info: texts, lease: numbers, heartbeat: numbers, fence: numbers, job: fc.string(), stacks: fc.array(fc.string()) },
  { requiredKeys: [] },
);

test(`300 malformed locks (seed ${SEED}): never broken, one stable code, nothing changed; and each has an ID that ends it`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.option(items, { nil: undefined }), fc.option(texts, { nil: undefined }), async (item, text) => {
      fc.pre(item !== undefined || text !== undefined);
      const world = new MemoryWorld();
      // A whole and readable object of ours is no malformed one: after a lease it is rightly broken.
      fc.pre(!(item === undefined && situationOf({ file: { text: text!, etag: '' } }).watched));
      world.items.item = item;
      if (text !== undefined) world.objects.stored.set(FILE, { text, etag: '"1"' });
      const before = world.content;
      const error: unknown = await acquire(world.request(300)).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Fault);
      expect(error).toMatchObject({ code: 'DW3001', exitCode: 5 });
      // eslint-disable-next-line no-control-regex -- it is control characters that must not be shown
      expect((error as Fault).message).not.toMatch(/[\u0000-\u001f\u007f]/);
      expect(world.content).toEqual(before);
      for (let { holders } = situationOf({ item: world.items.item, file: world.objects.read(FILE) }); holders.length > 0;) {
        await unlock({ services: world.services, id: holders[0].id, by: 'root', reason: 'a test', targets: world.targets });
        ({ holders } = situationOf({ item: world.items.item, file: world.objects.read(FILE) }));
      }
      expect(world.items.item).toBeUndefined();
      for (const key of world.objects.keys('')) expect(key.startsWith(`${HISTORY}locks/2026-`)).toBe(true);
    }),
    { numRuns: 300, seed: SEED },
  );
});
