import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CdkApp } from './cdk-json';
import { PLAN_FAULTS } from './faults';
import type { Place } from './place';
import { Fault } from '../fault';

/** Linux takes no environment variable of more than 128 KiB. */
const CONTEXT_MAX_BYTES = 100_000;

export interface Synthesis {
  readonly app: CdkApp;
  /** An empty folder: nothing of an earlier synthesis is in it. */
  readonly scratch: string;
  readonly place: Place;
  /** Told of each line that the application prints. */
  readonly progress: (line: string) => void;
}

/**
 * Run an application; gives the folder of its cloud assembly. The CDK's template validator is off, as in every plan: it takes seconds, and
 * changes no template. Throws DW3221.
 */
export async function synthesiseApp({ app, scratch, place, progress }: Synthesis): Promise<string> {
  const outdir = join(scratch, 'cdk.out');
  mkdirSync(outdir);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    CDK_DEFAULT_ACCOUNT: place.account,
    CDK_DEFAULT_REGION: place.region,
    CDK_OUTDIR: outdir,
    CDK_VALIDATION: 'false',
    ...contextVariables(app, scratch),
  };
  if (app.build !== undefined) await run(app.build, app.folder, env, progress);
  await run(app.app, app.folder, env, progress);
  if (!existsSync(join(outdir, 'manifest.json'))) {
    throw new Fault(PLAN_FAULTS.synthFailed, {
      received: `${app.app}, which wrote no cloud assembly into the folder that CDK_OUTDIR names`,
    });
  }
  return outdir;
}

function contextVariables({ context }: CdkApp, scratch: string): NodeJS.ProcessEnv {
  const text = JSON.stringify(context);
  if (Buffer.byteLength(text) <= CONTEXT_MAX_BYTES) return { CDK_CONTEXT_JSON: text };
  const file = join(scratch, 'context.json');
  writeFileSync(file, text);
  return { CDK_CONTEXT_JSON: '{}', CONTEXT_OVERFLOW_LOCATION_ENV: file };
}

async function run(command: string, cwd: string, env: NodeJS.ProcessEnv, progress: (line: string) => void): Promise<void> {
  const child = spawn(command, { cwd, env, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', progress);
  const ended = await new Promise<string>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve(signal ?? `exit code ${code}`);
    });
  });
  if (ended !== 'exit code 0') throw new Fault(PLAN_FAULTS.synthFailed, { received: `${ended} from ${command} in ${cwd}` });
}
