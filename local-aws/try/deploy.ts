import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutNoise } from './compile';
import { CommandFailed, dataworks } from './dataworks';
import type { Steps } from './steps';

/** A plan that was applied. */
export interface AppliedPlan {
  /** Of the plan, 64 hexadecimal digits. */
  readonly digest: string;
  /** Whether it had anything to do. */
  readonly changed: boolean;
  /** Folder of the cloud assembly that was planned and applied. */
  readonly assembly: string;
  /** File of the report, a page for the browser. */
  readonly report: string;
}

/** What of a refusal says that the environment is no longer as it was planned. */
const STALE = /^DW3306:/;

/**
 * Plan, approve and apply an environment. Twice, when an earlier run was interrupted while it applied: the first apply after it records
 * what was done, and refuses its own plan, which was made before that was known.
 *
 * @param folder where bundle and report go; replaced
 */
export async function deploy(environment: string, folder: string, steps: Steps): Promise<AppliedPlan> {
  try {
    return await deployOnce(environment, folder, steps);
  } catch (error) {
    if (!(error instanceof CommandFailed && STALE.test(error.reason))) throw error;
    return deployOnce(environment, folder, steps);
  }
}

async function deployOnce(environment: string, folder: string, steps: Steps): Promise<AppliedPlan> {
  const bundle = join(folder, 'plan');
  const report = join(folder, 'report.html');
  const { digest, changes } = await steps.step(`Plan ${environment}: what would change`, async (progress) => {
    await endAbandonedLock(environment, bundle, progress);
    const options = ['--out', bundle, '--report', report];
    const text = await dataworks(['plan', environment, '--upload'], { options, progress: withoutNoise(progress) });
    for (const line of text.split('\n')) progress(line);
    return { ...(read(bundle, 'plan.json') as { digest: string }), ...(read(bundle, 'summary.json') as { changes: boolean }) };
  });
  await steps.step('Approve the plan, as a person does who has read its report', async (progress) => {
    progress(await dataworks(['approve', environment, digest], { progress }));
  });
  await steps.step('Apply exactly this plan', async (progress) => {
    const text = await dataworks(['apply', environment, digest], { progress: endings(progress) });
    for (const line of text.split('\n')) progress(line);
  });
  return { digest, changed: changes, assembly: join(bundle, 'assembly'), report };
}

function read(bundle: string, file: string): unknown {
  return JSON.parse(readFileSync(join(bundle, file), 'utf8'));
}

interface Status {
  readonly lock:
    'not readable' | { readonly holders: ReadonlyArray<{ readonly id: string; readonly operation: string; readonly reason: string }> };
}

/**
 * End the lock of an apply of the plan that lies here: that of an earlier run, for this one has applied nothing yet. Whoever waited for its
 * lease would wait a minute; that it is dead is known, because runs in one home exclude each other and end with their process.
 */
async function endAbandonedLock(environment: string, bundle: string, progress: (line: string) => void): Promise<void> {
  const digest = digestOf(bundle);
  if (digest === undefined) return;
  const { lock } = JSON.parse(await dataworks(['status', environment], { options: ['--json'], progress: () => {} })) as Status;
  if (lock === 'not readable') return;
  for (const { id, operation, reason } of lock.holders) {
    if (operation !== 'apply' || reason !== `plan ${digest}`) continue;
    progress('An earlier run was ended while it applied its plan, and holds the lock:');
    progress(await dataworks(['unlock', environment, id], { options: ['--reason', 'npx projen try was ended'], progress }));
  }
}

/** Undefined for a bundle that is not there, or was not written to its end: nobody has applied it. */
function digestOf(bundle: string): string | undefined {
  try {
    return (read(bundle, 'plan.json') as { digest?: string }).digest;
  } catch {
    return undefined;
  }
}

/** Of CloudFormation's events those that end something; and what the command itself says. */
export function endings(progress: (line: string) => void): (line: string) => void {
  return (line) => {
    if (!line.includes('_IN_PROGRESS')) progress(line);
  };
}
