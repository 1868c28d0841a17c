import type { Clock } from './clock';

export interface HeartbeatOptions {
  /** Gives whether the item is still the holder's. */
  readonly renew: (heartbeat: number) => Promise<boolean>;
  readonly clock: Clock;
  /** Seconds. */
  readonly lease: number;
  /** The number that the item has. */
  readonly first: number;
  /** `clock.elapsed()` from before that was written. */
  readonly renewed: number;
}

/** Renewals in a lease: three may fail. */
const BEATS = 4;

/** Keeps a lock alive, and knows when it has not. */
export class Heartbeat {
  private readonly loss = new AbortController();
  private readonly end = new AbortController();
  /** `clock.elapsed()` from before the last renewal that was answered. */
  private renewed: number;

  public constructor(private readonly options: HeartbeatOptions) {
    this.renewed = options.renewed;
    void this.beat();
  }

  /** Aborted when the item is somebody else's, or was not renewed for a whole lease: an observer may have thought so. */
  public get lost(): AbortSignal {
    return this.loss.signal;
  }

  /** Whether it is lost by now. In a process that was stopped for long, whoever asks may have its turn before the timer that would find it out. */
  public isLost(): boolean {
    if (this.left() <= 0) this.loss.abort();
    return this.loss.signal.aborted;
  }

  public stop(): void {
    this.end.abort();
  }

  private isOver(): boolean {
    return this.end.signal.aborted;
  }

  /** Milliseconds of the lease. */
  private left(): number {
    const { clock, lease } = this.options;
    return this.renewed + lease * 1000 - clock.elapsed();
  }

  private async beat(): Promise<void> {
    const { clock, lease, first } = this.options;
    const pause = (lease * 1000) / BEATS;
    for (let number = first + 1; ; number += 1) {
      await clock.sleep(pause, this.end.signal);
      if (this.isOver()) return;
      const sent = clock.elapsed();
      const answer = await this.renewal(number);
      if (this.isOver()) return;
      if (answer === 'gone' || answer === 'late') {
        this.loss.abort();
        return;
      }
      if (answer === 'kept') this.renewed = sent;
    }
  }

  /** The lease ends with or without an answer. */
  private async renewal(number: number): Promise<Answer> {
    const left = this.left();
    if (left <= 0) return 'late';
    const { clock, renew } = this.options;
    const answered = new AbortController();
    const answer = await Promise.race([
      tried(renew(number)),
      clock.sleep(left, AbortSignal.any([answered.signal, this.end.signal])).then(() => 'late' as const),
    ]);
    answered.abort();
    return answer;
  }
}

type Answer = 'kept' | 'gone' | 'unknown' | 'late';

/** A renewal without an answer is no loss yet: the next one may have one. */
async function tried(renewal: Promise<boolean>): Promise<Answer> {
  try {
    return (await renewal) ? 'kept' : 'gone';
  } catch {
    return 'unknown';
  }
}
