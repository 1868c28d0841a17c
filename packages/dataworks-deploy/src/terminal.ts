import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { Fault } from './fault';
import { FAULTS } from './faults';

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

/**
 * Let this process outlive its readers (`| head`, a log agent that ends): what has begun in CloudFormation has to be recorded, read or not.
 * Words that nobody reads are dropped. A result that cannot be written for another reason, such as a full disk, is told (DW2125), and what
 * would have ended with exit code 0 ends with 1.
 */
export function outliveReaders(): void {
  process.stderr.on('error', () => {}); // there is nowhere else to say it
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return;
    processTerminal.err(new Fault(FAULTS.outputLost, { received: code ?? message }).message);
    process.once('exit', () => {
      process.exitCode ||= 1;
    });
  });
}

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
