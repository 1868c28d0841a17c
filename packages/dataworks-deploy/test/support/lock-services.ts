/** Lock and record in memory, for tests without interleavings: calls are answered at once, and sleeping takes no time. */
import { answered, MemoryItems, MemoryObjects } from './memory-services';
import type { JobState, LockItems, LockServices, Objects } from '../../src/lock/lock-services';
import type { TargetStacks } from '../../src/lock/target-stacks';

export const FILE = 'dataworks-infra.tflock';
export const HISTORY = 'dataworks-infra/history/';

export class MemoryWorld {
  public readonly items = new MemoryItems();
  public readonly objects = new MemoryObjects();
  public readonly jobs: Record<string, JobState> = {};
  public readonly busy: string[] = [];
  /** What was asked of `targets` last. */
  public readonly asked: Array<readonly string[]> = [];
  private time = 0;
  private uuids = 0;

  public readonly services: LockServices = {
    items: answered<LockItems>(this.items),
    objects: answered<Objects>(this.objects),
    lockId: 'state/dataworks-infra',
    lockFileKey: FILE,
    recordKey: 'dataworks-infra/record.json',
    historyPrefix: HISTORY,
    jobState: (link) => Promise.resolve(this.jobs[link] ?? 'unknown'),
    clock: {
      elapsed: () => this.time,
      now: () => new Date(Date.UTC(2026, 10, 24, 10) + this.time),
      sleep: (milliseconds, signal) => {
        if (signal) {
          return new Promise((resolve) => {
            signal.addEventListener('abort', () => {
              resolve();
            });
          });
        } // heartbeats do not come to their turn
        this.onSleep();
        this.time += milliseconds;
        return Promise.resolve();
      },
      uuid: () => {
        this.uuids += 1;
        return `00000000-0000-4000-8000-${String(this.uuids).padStart(12, '0')}`;
      },
    },
  };

  public readonly targets: TargetStacks = {
    names: ['eu-central-1/lake'],
    inProgress: (others) => {
      this.asked.push(others);
      return Promise.resolve([...this.busy]);
    },
    fenceOff: () => Promise.resolve({ left: [], highest: 0 }),
  };

  /** Called before each time that somebody sleeps. */
  public onSleep: () => void = () => {};

  public request(timeout = 0, told: string[] = []) {
    const tell = (line: string) => void told.push(line);
    return { services: this.services, operation: 'apply', reason: 'plan 1234', who: 'ada@laptop', targets: this.targets, timeout, tell };
  }

  /** Everything that is stored, to be compared. */
  public get content(): unknown {
    return [this.items.item, this.items.counter, [...this.objects.stored]];
  }
}
