import { LOCK_FAULTS } from './faults';
import { holderLine, type Holder } from './holder';
import { recordEvent } from './lock-event';
import type { LockServices } from './lock-services';
import { situationOf, type Situation, type Watched } from './situation';
import { breakAndTake, halvesOf, take, type Claim } from './take';
import type { TargetStacks } from './target-stacks';
import { Watch } from './watch';
import { Fault } from '../fault';

export interface Wait {
  readonly services: LockServices;
  readonly targets: TargetStacks;
  /** Seconds. */
  readonly timeout: number;
  /** Aborted when nobody wants to wait any longer. */
  readonly stop?: AbortSignal;
  readonly tell: (line: string) => void;
  readonly by: { readonly who: string; readonly job?: string };
}

/** As Terraform waits. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 16_000;

/** The pauses of a wait, in milliseconds. */
export function* pauses(): Generator<number, never> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) yield pause;
}

/** Take both halves of the lock, waiting for whoever holds it, and breaking it when that one is dead. Throws DW3001 after the timeout. */
export async function waitForLock(wait: Wait, claim: Claim): Promise<void> {
  const { services, timeout, stop, tell } = wait;
  const { clock } = services;
  const end = clock.elapsed() + timeout * 1000;
  const left = () => (stop?.aborted ? 0 : end - clock.elapsed());
  const watch = new Watch();
  let told: string | undefined;
  for (const pause of pauses()) {
    if ((await take(services, claim)) !== undefined) return;
    const before = clock.elapsed();
    const halves = await halvesOf(services);
    const situation = situationOf(halves);
    const { holders, watched } = situation;
    const still = watch.see(watched?.sign, before, clock.elapsed());
    let obstacle: string | undefined;
    if (watched && still >= watched.lease * 1000) {
      obstacle = await lifeSign(wait, watched);
      const onBroken = () => tellAndRecord(wait, holders, Math.round(still / 1000));
      if (obstacle === undefined) {
        inherit(claim, watched);
        if ((await breakAndTake(services, claim, halves, onBroken)) !== undefined) return;
      }
    }
    if (holders.length > 0) {
      const words = describe(situation, obstacle);
      if (left() <= 0) throw new Fault(LOCK_FAULTS.held, { received: words, fix: fixFor(holders) });
      if (words !== told) tell(`Waiting for the lock: ${words}; ${endWords(situation)}`);
      told = words;
    }
    await clock.sleep(left() > 0 ? Math.min(pause, left()) : pause, stop);
  }
  throw new Error('unreachable');
}

/** Whoever breaks the lock of this one in turn answers for the stacks of both. */
function inherit(claim: Claim, { stacks }: Watched): void {
  const { item } = claim;
  if (item.stacks) claim.item = { ...item, stacks: [...new Set([...item.stacks, ...stacks])] };
}

/** Why a lock whose heartbeat stands still is not broken; undefined when there is no reason. */
async function lifeSign({ services, targets, by }: Wait, { stacks, jobs }: Watched): Promise<string | undefined> {
  const busy = await targets.inProgress(stacks);
  if (busy.length > 0) return `its heartbeat stands still, but ${busy.join(', ')} is in progress`;
  // That this job runs is no sign of an earlier process of it.
  for (const job of jobs.filter((one) => one !== by.job)) {
    const state = await services.jobState(job);
    if (state === 'running') return 'its heartbeat stands still, but its job is running';
    // Whoever does not know waits: a job that only hangs would be robbed of its lock.
    if (state === 'unknown') {
      return 'its heartbeat stands still, but whether its job has ended cannot be found out (set CIRCLE_TOKEN to a token that may read)';
    }
  }
  return undefined;
}

async function tellAndRecord({ services, tell, by }: Wait, holders: readonly Holder[], seconds: number): Promise<void> {
  for (const holder of holders) {
    const reason = `no heartbeat for ${seconds} s, no stack in progress${jobWords(holder, by.job)}`;
    tell(`Broke a stale lock: ${holderLine(holder)}; ${reason}`);
    await recordEvent(services, { action: 'broken', holder, by: by.who, job: by.job, reason });
  }
}

function jobWords({ job }: Holder, own: string | undefined): string {
  if (job === undefined) return '';
  return job === own ? ', an earlier process of this job' : ', its job has ended';
}

function describe({ holders, oddity }: Situation, obstacle: string | undefined): string {
  return [holders.map(holderLine).join('; and '), oddity, obstacle].filter((part) => part !== undefined).join('; ');
}

/** What ends the wait, if not its holder. */
function endWords({ watched }: Situation): string {
  if (!watched) return 'only its holder ends it, or `dataworks unlock`';
  return `its heartbeat is watched: when it stands still for ${watched.lease} s, and nothing of its holder is at work, the lock is broken`;
}

function fixFor(holders: readonly Holder[]): string {
  const ids = holders.map(({ id }) => `dataworks unlock <environment> ${id}`).join(', ');
  return `wait until the holder has ended (--lock-timeout <seconds> waits for it); when it is known to be dead: ${ids}`;
}
