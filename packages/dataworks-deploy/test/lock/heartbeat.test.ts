import { Heartbeat } from '../../src/lock/heartbeat';
import { Scheduler } from '../support/scheduler';

const LEASE = 60;
const holder = { name: 'holder', dead: false };

/** A heartbeat whose renewals are answered as told, and time that passes only by `step`. */
function beating(...answers: Array<boolean | 'error' | 'never' | { readonly after: number }>) {
  const scheduler = new Scheduler();
  const renewals: Array<readonly [at: number, heartbeat: number]> = [];
  const heartbeat = new Heartbeat({
    clock: {
      elapsed: () => scheduler.time,
      now: () => new Date(0),
      uuid: () => '',
      sleep: (milliseconds, signal) => scheduler.sleep(holder, milliseconds, signal),
    },
    renew: (number) => {
      renewals.push([scheduler.time / 1000, number]);
      const answer = answers.shift() ?? true;
      if (typeof answer === 'object') return scheduler.sleep(holder, answer.after * 1000).then(() => true);
      if (answer === 'never') return new Promise(() => {});
      return answer === 'error' ? Promise.reject(new Error('no network')) : Promise.resolve(answer);
    },
    lease: LEASE,
    first: 1,
    renewed: 0,
  });
  const until = async (seconds: number) => {
    while (scheduler.pending.length > 0 && scheduler.pending[scheduler.next()].at <= seconds * 1000) await scheduler.step(scheduler.next());
  };
  return { heartbeat, renewals, until, scheduler };
}

test('four renewals in a lease, each with a number of its own', async () => {
  const { heartbeat, renewals, until } = beating();
  await until(60);
  expect(renewals).toEqual([
    [15, 2],
    [30, 3],
    [45, 4],
    [60, 5],
  ]);
  expect(heartbeat.lost.aborted).toBe(false);
});

test("an item that is somebody else's is lost at once", async () => {
  const { heartbeat, renewals, until } = beating(true, false);
  await until(300);
  expect(heartbeat.lost.aborted).toBe(true);
  expect(renewals).toHaveLength(2);
});

test('renewals without an answer are no loss while the lease lasts', async () => {
  const { heartbeat, until } = beating('error', 'error', true);
  await until(100);
  expect(heartbeat.lost.aborted).toBe(false);
});

test.each(['error', 'never'] as const)('a lease without a renewal (%s) is a loss, when it ends', async (answer) => {
  const { heartbeat, until } = beating(true, ...Array.from({ length: 9 }, () => answer));
  await until(74);
  expect(heartbeat.lost.aborted).toBe(false);
  await until(75); // a lease after the renewal at 15 s
  expect(heartbeat.lost.aborted).toBe(true);
});

test('a lease begins when the renewal was sent, not when it was answered', async () => {
  const { heartbeat, until } = beating({ after: 10 }, 'never');
  await until(74);
  expect(heartbeat.lost.aborted).toBe(false);
  await until(75); // a lease after the renewal at 15 s
  expect(heartbeat.lost.aborted).toBe(true);
});

test('a process that was stopped for longer than its lease knows it before it does anything', async () => {
  const { heartbeat, renewals, until, scheduler } = beating();
  scheduler.time = 61_000;
  await until(61);
  expect(heartbeat.lost.aborted).toBe(true);
  expect(renewals).toEqual([]);
});

test('also when it asks before its timers have had their turn', async () => {
  const { heartbeat, until, scheduler } = beating();
  await until(15);
  scheduler.time = 74_999; // a lease after the renewal at 15 s, but for a moment
  expect([heartbeat.isLost(), heartbeat.lost.aborted]).toEqual([false, false]);
  scheduler.time = 75_000;
  expect([heartbeat.isLost(), heartbeat.lost.aborted]).toEqual([true, true]);
});

test('nothing goes on after it was stopped', async () => {
  const { heartbeat, renewals, until, scheduler } = beating();
  await until(15);
  heartbeat.stop();
  expect(scheduler.pending).toEqual([]);
  await until(300);
  expect([renewals.length, heartbeat.lost.aborted]).toEqual([1, false]);
});

test('nor after it was stopped while a renewal had no answer: that is no loss', async () => {
  const { heartbeat, until, scheduler } = beating('never');
  await until(15);
  heartbeat.stop();
  await until(300);
  await new Promise(setImmediate);
  expect([scheduler.pending, heartbeat.lost.aborted]).toEqual([[], false]);
});

test('once a renewal is answered, nothing waits any more for the end of the lease', async () => {
  const { until, scheduler } = beating();
  await until(15);
  expect(scheduler.pending.map(({ at }) => at)).toEqual([30_000]);
});
