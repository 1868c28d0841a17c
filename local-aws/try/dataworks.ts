import { createRequire } from 'node:module';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** What the package of the command is compiled to. */
export const COMPILED = join(ROOT, 'packages/dataworks-deploy/lib');
/** The environments of this repository. */
export const CONFIGURATION = join(ROOT, 'packages/dataworks-app/dataworks.json');

/** Loads what may not be compiled yet when this file is loaded. */
export const load = createRequire(__filename);

type Program = typeof import('../../packages/dataworks-deploy/src/program');

/** A command line of `dataworks` failed; what it said has been printed already. */
export class CommandFailed extends Error {
  public constructor(
    args: readonly string[],
    status: number,
    /** What it said last: the code of what went wrong stands in front. */
    public readonly reason: string,
  ) {
    super(
      `DW6204 dataworks ${args.join(' ')}: ended with ${status}. What it said stands above.\n` +
        '  Fix: do what that says; when it does not help, npx projen local:reset starts afresh',
    );
    this.name = 'CommandFailed';
  }
}

export interface DataworksOptions {
  /** Options that nobody needs to know who wants to type the command. */
  readonly options?: readonly string[];
  /** Told the command as one types it, and each line that it says. */
  readonly progress: (line: string) => void;
}

/**
 * Run one command line as its users do, but in this process: when this process is killed, nothing goes on without it. Gives its results,
 * what it prints on stdout. Throws `CommandFailed`.
 */
export async function dataworks(args: readonly string[], { options = [], progress }: DataworksOptions): Promise<string> {
  const program = load(join(COMPILED, 'program')) as Program;
  const results: string[] = [];
  let last = '';
  const say = (text: string) => {
    last = text;
    for (const line of text.split('\n')) progress(line);
  };
  progress(`$ npx projen dataworks ${args.join(' ')}`);
  const status = await program.dataworks([...args, ...options, '--config', CONFIGURATION], {
    out: (text) => results.push(text),
    err: say,
    ask: () => Promise.resolve(undefined),
  });
  if (status !== 0) throw new CommandFailed(args, status, last);
  return results.join('\n');
}
