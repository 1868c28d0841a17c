import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { CdkApp } from './cdk-json';
import { PLAN_FAULTS } from '../faults';
import type { Place } from './place';
import { ENVIRONMENT_CONTEXT } from '../../environment-context';
import { Fault } from '../../fault';

/** The CDK's `BOOTSTRAP_QUALIFIER_CONTEXT`, of a library that would take longer to load than the rest of the command. */
const BOOTSTRAP_QUALIFIER_CONTEXT = '@aws-cdk/core:bootstrapQualifier';

/** Linux takes no environment variable of more than 128 KiB. */
const CONTEXT_MAX_BYTES = 100_000;

/** Milliseconds that an application has to end in, when it is asked to; then it is killed. */
const GRACE = 2_000;

/** Milliseconds that are waited for more output when the application has ended, and something that it has left behind holds its pipes. */
const REST = 1_000;

export interface Synthesis {
  readonly app: CdkApp;
  /** An empty folder: nothing of an earlier synthesis is in it. */
  readonly scratch: string;
  readonly place: Place;
  /** Name of the environment: an application may make that one alone. */
  readonly environment: string;
  /** Of the environment's CDK bootstrap, for an application that says nothing of its own. */
  readonly qualifier: string;
  /** Told of each line that the application prints. */
  readonly progress: (line: string) => void;
  /** When it is aborted, the application is ended, with everything that it has started; what it prints from then on is of no interest. */
  readonly signal: AbortSignal;
}

/**
 * Run an application; gives the folder of its cloud assembly. The CDK's template validator is off, as in every plan: it takes seconds, and
 * changes no template. When it is aborted, it throws once nothing of the application runs any more. Throws DW3221.
 */
export async function synthesiseApp({ app, scratch, place, environment, qualifier, ...watch }: Synthesis): Promise<string> {
  const outdir = join(scratch, 'cdk.out');
  mkdirSync(outdir);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    CDK_DEFAULT_ACCOUNT: place.account,
    CDK_DEFAULT_REGION: place.region,
    CDK_OUTDIR: outdir,
    CDK_VALIDATION: 'false',
    ...contextVariables({ [BOOTSTRAP_QUALIFIER_CONTEXT]: qualifier, ...app.context, [ENVIRONMENT_CONTEXT]: environment }, scratch),
  };
  if (app.build !== undefined) await run(app.build, app.folder, env, watch);
  await run(app.app, app.folder, env, watch);
  if (!existsSync(join(outdir, 'manifest.json'))) {
    throw new Fault(PLAN_FAULTS.synthFailed, {
      received: `${app.app}, which wrote no cloud assembly into the folder that CDK_OUTDIR names`,
    });
  }
  return outdir;
}

function contextVariables(context: CdkApp['context'], scratch: string): NodeJS.ProcessEnv {
  const text = JSON.stringify(context);
  if (Buffer.byteLength(text) <= CONTEXT_MAX_BYTES) return { CDK_CONTEXT_JSON: text };
  const file = join(scratch, 'context.json');
  writeFileSync(file, text);
  return { CDK_CONTEXT_JSON: '{}', CONTEXT_OVERFLOW_LOCATION_ENV: file };
}

type Watch = Pick<Synthesis, 'progress' | 'signal'>;

async function run(command: string, cwd: string, env: NodeJS.ProcessEnv, { progress, signal }: Watch): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(command, { cwd, env, shell: true, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const timers: NodeJS.Timeout[] = [];
  const later = (delay: number, act: () => void): void => void timers.push(setTimeout(act, delay));
  const end = (): void => {
    sendToGroup(child, 'SIGTERM');
    later(GRACE, () => {
      sendToGroup(child, 'SIGKILL');
      later(REST, () => {
        letGo(child);
      });
    });
  };
  signal.addEventListener('abort', end);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (!signal.aborted) progress(line);
    });
  }
  const ended = await new Promise<string>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => {
      later(REST, () => {
        if (!signal.aborted) setImmediate(letGo, child); // what has come meanwhile is read before, also when this process was busy
      });
    });
    child.on('close', (code, by) => {
      resolve(by ?? `exit code ${code}`);
    });
  }).finally(() => {
    signal.removeEventListener('abort', end);
    timers.forEach(clearTimeout);
  });
  signal.throwIfAborted();
  if (ended !== 'exit code 0') throw new Fault(PLAN_FAULTS.synthFailed, { received: `${ended} from ${command} in ${cwd}` });
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** The shell and what it has started are a process group of their own (`detached`): the shell alone would leave the application running. */
function sendToGroup(child: Child, signal: NodeJS.Signals): void {
  try {
    process.kill(-child.pid!, signal);
  } catch {
    // it has ended by itself
  }
}

/** Read no more from pipes that may be held for ever. A last line that nothing ended is told, too. */
function letGo({ stdout, stderr }: Child): void {
  for (const stream of [stdout, stderr]) {
    stream.emit('end');
    stream.destroy();
  }
}
