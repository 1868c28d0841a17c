import { constants } from 'node:os';

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

type Answer = (signal: NodeJS.Signals) => void;

/** The last one is asked. */
const answers: Answer[] = [];

const ask = (signal: NodeJS.Signals): void => answers.at(-1)?.(signal);

/** Answer the signals that ask this process to end, in the place of whoever answered before; gives what hands them back. */
export function answerSignals(answer: Answer): () => void {
  if (answers.length === 0) for (const signal of SIGNALS) process.on(signal, ask);
  answers.push(answer);
  return () => {
    answers.splice(answers.lastIndexOf(answer), 1);
    if (answers.length === 0) for (const signal of SIGNALS) process.off(signal, ask);
  };
}

/** End as a shell says it of a process that a signal has ended, but in order: what is only of this process goes with it. */
export function exitBy(signal: NodeJS.Signals): never {
  process.exit(128 + constants.signals[signal]);
}
