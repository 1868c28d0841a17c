import { EXIT } from '../faults';

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

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
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stop.signal.aborted) process.exit(EXIT.unclear);
    stop.abort(signal);
    tell(`${signal}: nothing more is begun; waiting for what has begun. Once more ends at once, and leaves the lock`);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  const dispose = () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  return { signal: stop.signal, dispose };
}
