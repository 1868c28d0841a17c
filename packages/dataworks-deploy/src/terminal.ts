import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

/** Where the words of a command go, and where its answers come from. */
export interface Terminal {
  /** Results. */
  readonly out: (text: string) => void;
  /** Progress, questions and errors. */
  readonly err: (text: string) => void;
  /** The answer to a question; undefined when nobody is there to answer. */
  readonly ask: (question: string) => Promise<string | undefined>;
}

/** The one of this process. */
export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  ask: async (question) => {
    if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
    const lines = createInterface({ input: process.stdin, output: process.stderr }); // stdout is for results
    try {
      // The end of the input, or an interrupt, is an answer too: it is not yes.
      return await Promise.race([lines.question(question), once(lines, 'close').then(() => '')]);
    } finally {
      lines.close();
    }
  },
};
