/** Decides which of the things that could happen next does happen: calls of many processes, their timers, and whatever befalls them. */

export type Fate = 'done' | 'answerLost' | 'requestLost' | 'late' | 'crashBefore' | 'crashAfter';

/** What may happen next. */
interface Event {
  readonly process: Process;
  readonly what: string;
  /** Milliseconds of the world's time before which it does not happen. */
  readonly at: number;
  readonly happen: (fate: Fate) => void;
  /** Whether it reaches a service, so that it can fail on its way. */
  readonly isCall: boolean;
}

export interface Process {
  readonly name: string;
  dead: boolean;
}

export class NetworkError extends Error {}

export class Scheduler {
  public time = 0;
  public steps = 0;
  public readonly trace: string[] = [];
  /** Stopped, as by SIGSTOP: nothing of theirs happens, and time goes on. */
  private readonly stopped = new Map<Process, number>();
  private events: Event[] = [];

  /** Everything that could happen now, in the order in which it was asked for. */
  public get pending(): ReadonlyArray<Pick<Event, 'process' | 'what' | 'at' | 'isCall'>> {
    return this.events;
  }

  /** Stop a process for so many steps. */
  public stop(process: Process, steps: number): void {
    this.stopped.set(process, this.steps + steps);
  }

  /** The event that is due first, of this process when one is given. */
  public next(process?: Process): number {
    const own = this.running().filter((index) => process === undefined || this.events[index].process === process);
    return (own.length > 0 ? own : this.running()).reduce((best, index) => (this.events[index].at < this.events[best].at ? index : best));
  }

  /**
   * Which of the pending events a number stands for: mostly one that is due, or the next timer; sometimes any, as when a
   * process or a request is held up for long.
   */
  public choice(number: number): number {
    const from = this.running();
    if (number % 11 === 0) return from[number % from.length];
    const due = from.filter((index) => this.events[index].at <= this.time);
    if (due.length > 0) return due[number % due.length];
    return from.reduce((best, index) => (this.events[index].at < this.events[best].at ? index : best));
  }

  /** Of processes that are not stopped; of all when all of them are. */
  private running(): number[] {
    const running = this.events.flatMap(({ process }, index) => ((this.stopped.get(process) ?? 0) > this.steps ? [] : [index]));
    return running.length > 0 ? running : [...this.events.keys()];
  }

  /** A call over the network. */
  public call<T>(process: Process, what: string, effect: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.add({
        process,
        what,
        at: 0,
        isCall: true,
        happen: (fate) => {
          const lost = () => {
            reject(new NetworkError(`${what}: ${fate}`));
          };
          // A refusal is an answer too.
          const arrive = (answered: (answer: T) => void, refused: (error: unknown) => void) => {
            try {
              answered(effect());
            } catch (error) {
              refused(error);
            }
          };
          switch (fate) {
            case 'done':
              arrive(resolve, reject);
              return;
            case 'answerLost':
              arrive(lost, lost);
              return;
            case 'requestLost':
              lost();
              return;
            case 'late': {
              // The sender gives up, and the request arrives some time.
              const network = { name: `late from ${process.name}`, dead: false };
              this.add({
                process: network,
                what,
                at: 0,
                isCall: false,
                happen: () => {
                  arrive(lost, lost);
                },
              });
              lost();
              return;
            }
            case 'crashBefore':
              this.crash(process);
              return;
            case 'crashAfter':
              arrive(lost, lost);
              this.crash(process);
          }
        },
      });
    });
  }

  public sleep(process: Process, milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        this.events = this.events.filter((one) => one !== event);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const event = { process, what: `sleep ${milliseconds}`, at: this.time + milliseconds, isCall: false, happen: end };
      signal?.addEventListener('abort', end);
      this.add(event);
    });
  }

  /** Something that the world does by itself. */
  public later(what: string, milliseconds: number, happen: () => void): void {
    this.add({ process: { name: 'world', dead: false }, what, at: this.time + milliseconds, isCall: false, happen });
  }

  /** Let one of the pending events happen, and everything that follows from it without the network. */
  public async step(index: number, fate: Fate = 'done'): Promise<void> {
    const [event] = this.events.splice(index, 1);
    this.time = Math.max(this.time, event.at);
    this.steps += 1;
    const applied = event.isCall ? fate : 'done';
    this.trace.push(`${String(this.time).padStart(8)} ${event.process.name}: ${event.what}${applied === 'done' ? '' : ` (${applied})`}`);
    event.happen(applied);
    await new Promise((resolve) => setImmediate(resolve)); // after every promise that can settle
  }

  public crash(process: Process): void {
    process.dead = true;
    this.events = this.events.filter((event) => event.process !== process);
  }

  private add(event: Event): void {
    if (!event.process.dead) this.events.push(event);
  }
}
