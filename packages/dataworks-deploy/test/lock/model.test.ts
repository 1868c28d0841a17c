/** The protocol itself, with every call of every process in any order, and with anything that may befall a process. */
import fc from 'fast-check';
import { drawn, THOROUGH } from '../../../../projenrc/test/thorough';
import { World } from '../support/lock-world';
import type { Fate } from '../support/scheduler';

/** Of the steps of a process, every how many-th something befalls. */
const STRIDE = THOROUGH ? 1 : 8;

const RUNS = Number(process.env.DATAWORKS_MODEL_RUNS ?? drawn(400));
const SEED = Number(process.env.DATAWORKS_MODEL_SEED ?? 20261124);
const MOST_STEPS = 1_200;
const STACKS = ['network', 'lake', 'audit'];
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
  people: fc.array(fc.constantFrom('item', 'file', 'unlock', 'nonsense', 'counter'), { maxLength: 2 }),
  faulty: fc.boolean(),
  fails: fc.boolean(),
  refuses: fc.boolean(),
  isOnePlan: fc.boolean(),
  /** Whether the table is restored before everything is put right. */
  isRestored: fc.boolean(),
  /** Stacks of the plan of each worker. */
  sets: fc.array(fc.subarray(STACKS, { minLength: 1 }), { minLength: 4, maxLength: 4 }),
});

test(`${RUNS} random interleavings (seed ${SEED}): one executes at a time, no record is lost, every state is resolved`, async () => {
  const seen = { deployed: 0, steps: 0, violations: 0 };
  await fc.assert(
    fc.asyncProperty(
      worlds,
      fc.infiniteStream(fc.nat(1_000_000)),
      async ({ jobs, skews, terraform, people, faulty, fails, refuses, isOnePlan, isRestored, sets }, choices) => {
        const world = new World({ jobs, stacks: STACKS, deployment: 20_000, fails, refuses });
        const { scheduler } = world;
        const plan = isOnePlan ? world.plan(sets[0]) : undefined;
        for (const [index, skew] of skews.entries()) world.worker(`worker ${index}`, skew, 100, plan ?? world.plan(sets[index]));
        for (const halves of terraform) void world.runTerraform(halves);
        const choose = () => choices.next().value as number;
        const moments = people.map((what) => ({ what, at: choose() % 120 }));
        for (let step = 0; step < MOST_STEPS && scheduler.pending.length > 0; step += 1) {
          for (const { what } of moments.filter(({ at }) => at === step)) {
            if (what === 'unlock') void world.unlockByHand();
            else if (what === 'nonsense') world.vandalise();
            else if (what === 'counter') world.turnBack();
            else world.deleteByHand(what);
          }
          const number = choose();
          if (number % 31 === 0) scheduler.stop(scheduler.pending[number % scheduler.pending.length].process, 10 + (number % 100));
          await scheduler.step(scheduler.choice(number), faulty ? fateOf(Math.floor(number / 1_000)) : 'done');
        }
        seen.deployed += world.executed.length;
        world.crashAll();
        if (isRestored) world.turnBack();
        await world.recover();
        seen.steps += scheduler.steps;
        expect({ violations: world.violations, trace: world.violations.length > 0 ? scheduler.trace : [] }).toEqual({
          violations: [],
          trace: [],
        });
      },
    ),
    { numRuns: RUNS, seed: SEED, endOnFailure: true },
  );
  // Worlds in which nobody gets to deploy would prove nothing.
  expect(seen.deployed).toBeGreaterThan(RUNS / 2);
}, 600_000);

/** What happens while the first process is stopped, or after it crashed. */
const OTHERS: Readonly<Record<string, (world: World) => void>> = {
  'another worker': (world) => {
    another(world, ['lake']);
  },
  'a worker with other stacks': (world) => {
    another(world, ['audit']);
  },
  'Terraform by item': (world) => void world.runTerraform('item'),
  'Terraform by file': (world) => void world.runTerraform('file'),
  'Terraform by both': (world) => void world.runTerraform('both'),
  'somebody who deletes the item, then a worker': (world) => {
    world.deleteByHand('item');
    another(world, ['lake']);
  },
  'somebody who deletes the file, then Terraform by file': (world) => {
    world.deleteByHand('file');
    void world.runTerraform('file');
  },
  'somebody who unlocks, then a worker': (world) => {
    void world.unlockByHand();
    another(world, ['lake']);
  },
  'somebody who restores the table, then a worker': (world) => {
    world.turnBack();
    world.deleteByHand('item');
    another(world, ['lake']);
  },
  'somebody who unlocks, then a worker with other stacks': (world) => {
    void world.unlockByHand();
    another(world, ['audit']);
  },
};

function another(world: World, stacks: readonly string[]): void {
  world.worker('other', 0, 100, world.plan(stacks));
}

/** The steps of a process that meets nobody. */
const ALONE = { jobs: 'none', stacks: ['lake', 'audit'], deployment: 5_000, fails: false, refuses: false } as const;

async function stepsAlone(): Promise<number> {
  const world = new World(ALONE);
  world.worker('first', 0, 100, world.plan(['lake']));
  const { scheduler } = world;
  while (scheduler.pending.length > 0) await scheduler.step(scheduler.next());
  expect(world.outcomes).toEqual(['deployed']);
  return scheduler.steps;
}

test.each(Object.entries(OTHERS))(
  'every step of a process x every fate, and stopped for every length, meanwhile: %s',
  async (companion, others) => {
    const alone = await stepsAlone();
    const offset = Object.keys(OTHERS).indexOf(companion) % STRIDE; // among them, the companions meet most steps
    let runs = 0;
    for (let at = offset; at < alone; at += STRIDE) {
      for (const fate of [...FATES.map(([name]) => name), 'stopped' as const]) {
        for (let pause = 0; pause < (fate === 'stopped' ? 90 : 1); pause += fate === 'stopped' ? 15 : 1) {
          const world = new World(ALONE);
          const { scheduler } = world;
          const first = world.worker('first', 0, 100, world.plan(['lake']));
          for (let step = 0; step < at; step += 1) await scheduler.step(scheduler.next());
          others(world);
          if (fate === 'stopped') scheduler.stop(first, pause);
          else await scheduler.step(scheduler.next(first), fate);
          for (let step = 0; step < 400 && scheduler.pending.length > 0; step += 1) await scheduler.step(scheduler.next());
          world.crashAll();
          await world.recover();
          runs += 1;
          const { violations } = world;
          const trace = violations.length > 0 ? scheduler.trace : [];
          expect({ at, fate, pause, violations, trace }).toEqual({ at, fate, pause, violations: [], trace: [] });
        }
      }
    }
    expect(runs).toBe(Math.ceil((alone - offset) / STRIDE) * (FATES.length + 6));
  },
  600_000,
);

test('a change set that is refused: the command ends, nothing is executed, and nobody holds anything', async () => {
  const world = new World({ ...ALONE, stacks: STACKS, refuses: true });
  world.worker('first');
  const { scheduler } = world;
  while (scheduler.pending.length > 0) await scheduler.step(scheduler.next());
  const second = world.executed.length;
  expect([world.outcomes, second]).toEqual([['deployed'], 3]);
  world.worker('second');
  while (scheduler.pending.length > 0) await scheduler.step(scheduler.next());
  expect([world.outcomes.at(-1), world.executed.length > second, world.items.item]).toEqual(['DW3320', false, undefined]);
});
