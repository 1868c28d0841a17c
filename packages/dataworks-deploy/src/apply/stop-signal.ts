import { EXIT } from '../faults';
import { answerSignals } from '../signals';

export interface StopSignal {
  readonly signal: AbortSignal;
  /** From here on a signal ends the process, as ever. */
  readonly dispose: () => void;
}

/**
 * Aborted by the first signal that asks this process to end: what has begun is then seen to its end, and recorded. The second one ends
 * the process at once, and leaves the lock: CloudFormation may be at work.
 */
export function stopSignal(tell: (line: string) => void): StopSignal {
  const stop = new AbortController();
  const dispose = answerSignals((signal) => {
    if (stop.signal.aborted) process.exit(EXIT.unclear);
    stop.abort(signal);
    tell(`${signal}: nothing more is begun; waiting for what has begun. Once more ends at once, and leaves the lock`);
  });
  return { signal: stop.signal, dispose };
}
