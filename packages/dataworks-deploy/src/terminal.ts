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
    return answerTo(question, process.stdin, process.stderr); // stdout is for results
  },
};

/** One line of the input. Its end, Ctrl+C and Ctrl+D are an answer too: an empty one. */
export async function answerTo(question: string, input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<string> {
  const lines = createInterface({ input, output });
  try {
    return await Promise.race([lines.question(question), once(lines, 'close').then(() => '')]);
  } catch (error) {
    if ((error as Error).name === 'AbortError') return '';
    throw error;
  } finally {
    lines.close();
  }
}
