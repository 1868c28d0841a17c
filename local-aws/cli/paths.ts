import { join } from 'node:path';

/** The folder `local-aws/`: the Python module `overlay` and the lists of what it needs. */
export const CODE = join(__dirname, '..');

/** Where one local AWS keeps what is its own. Two homes are two servers, side by side. */
export interface Home {
  readonly directory: string;
  /** The emulator's memory between two runs, written when it stops. */
  readonly state: string;
  /** There while a server has things in its memory that `state` lacks; removed by a clean stop. */
  readonly unsaved: string;
  /** S3 objects, written at once. */
  readonly objects: string;
  /** The server's TMPDIR, emptied by every start. */
  readonly temporary: string;
  /** What runs: see `ServerRecord`. */
  readonly record: string;
  /** The certificate of a server in authorization mode. */
  readonly tls: string;
  readonly log: string;
  /** The log of the run before. */
  readonly previousLog: string;
  readonly lock: string;
}

export function homeAt(directory: string): Home {
  const state = join(directory, 'state');
  return {
    directory,
    state,
    unsaved: join(state, 'unsaved'),
    objects: join(state, 's3'),
    temporary: join(directory, 'tmp'),
    record: join(directory, 'server.json'),
    tls: join(directory, 'tls'),
    log: join(directory, 'server.log'),
    previousLog: join(directory, 'server.previous.log'),
    lock: join(directory, 'server.lock'),
  };
}

/** A Python virtual environment and what is installed into it. */
export interface Venv {
  readonly directory: string;
  /** Files that pip reads, all versions exact. */
  readonly requirements: readonly string[];
}

/** Everything that is made here, and that git ignores. */
const MADE = join(CODE, '.home');

/** The checkout's own. */
export const HOME = homeAt(MADE);

/** What the server runs in; homes share it. */
export const VENV: Venv = { directory: join(MADE, 'venv'), requirements: [join(CODE, 'requirements.lock')] };

/** The same, and the tools that check and test the Python code. */
export const DEVELOPER_VENV: Venv = {
  directory: join(MADE, 'venv-dev'),
  requirements: [...VENV.requirements, join(CODE, 'requirements-dev.lock')],
};
