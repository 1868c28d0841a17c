/** The protocol itself, with every call of every process in any order, and with anything that may befall a process. */
import fc from 'fast-check';
import { World } from '../support/lock-world';
import type { Fate } from '../support/scheduler';

const RUNS = Number(process.env.DATAWORKS_MODEL_RUNS ?? 700);
const SEED = Number(process.env.DATAWORKS_MODEL_SEED ?? 20261124);
const MOST_STEPS = 700;
const FIVE_MINUTES = 300_000;

/** Of 100 calls: the others are done. */
const FATES: ReadonlyArray<readonly [Fate, number]> = [
  ['answerLost', 2],
  ['requestLost', 1],
  ['late', 2],
  ['crashBefore', 1],
  ['crashAfter', 1],
];

function fateOf(number: number): Fate {
  let left = number % 100;
  for (const [fate, share] of FATES) {
    if (left < share) return fate;
    left -= share;
  }
  return 'done';
}

const worlds = fc.record({
  jobs: fc.constantFrom('none' as const, 'known' as const, 'unknown' as const),
  skews: fc.array(fc.integer({ min: -FIVE_MINUTES, max: FIVE_MINUTES }), { minLength: 2, maxLength: 4 }),
  terraform: fc.array(fc.constantFrom('item' as const, 'file' as const, 'both' as const), { maxLength: 2 }),
  people: fc.array(fc.constantFrom('item', 'file', 'unlock', 'nonsense'), { maxLength: 2 }),
  faulty: fc.boolean(),
});

test(`${RUNS} random interleavings (seed ${SEED}): one executes at a time, no record is lost, every state is resolved`, async () => {
  const seen = { deployed: 0, steps: 0, violations: 0 };
  await fc.assert(
    fc.asyncProperty(worlds, fc.infiniteStream(fc.nat(1_000_000)), async ({ jobs, skews, terraform, people, faulty }, choices) => {
      const world = new World({ jobs });
      const { scheduler } = world;
      for (const [index, skew] of skews.entries()) world.worker(`worker ${index}`, skew);
      for (const halves of terraform) void world.runTerraform(halves);
      const choose = () => choices.next().value as number;
      const moments = people.map((what) => ({ what, at: choose() % 120 }));
      for (let step = 0; step < MOST_STEPS && scheduler.pending.length > 0; step += 1) {
        for (const { what } of moments.filter(({ at }) => at === step)) {
          if (what === 'unlock') void world.unlockByHand();
          else if (what === 'nonsense') world.vandalise();
          else world.deleteByHand(what);
        }
        const number = choose();
        if (number % 31 === 0) scheduler.stop(number % scheduler.pending.length, 10 + (number % 100));
        await scheduler.step(scheduler.choice(number), faulty ? fateOf(Math.floor(number / 1_000)) : 'done');
      }
      seen.deployed += world.executed.length;
      world.crashAll();
      await world.recover();
      seen.steps += scheduler.steps;
      expect({ violations: world.violations, trace: world.violations.length > 0 ? scheduler.trace : [] }).toEqual({
        violations: [],
        trace: [],
      });
    }),
    { numRuns: RUNS, seed: SEED, endOnFailure: true },
  );
  // Worlds in which nobody gets to deploy would prove nothing.
  expect(seen.deployed).toBeGreaterThan(RUNS / 2);
  console.log(seen);
}, 600_000);
