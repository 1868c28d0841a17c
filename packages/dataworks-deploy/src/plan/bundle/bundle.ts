import { chmodSync, copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { copyBundle, filesBelow, LIMITS } from './bundle-files';
import { PLAN_FILE, SUMMARY_FILE } from './bundle-layout';
import { contradictionsOf, differencesFrom } from './contradictions';
import { Fault } from '../../fault';
import { scratchFolder } from '../../scratch';
import { isExecutable, type AssetSource } from '../assembly/assembly-assets';
import { leafHash, rootOf } from '../digest';
import { PLAN_FAULTS } from '../faults';
import type { Plan } from '../plan';
import { parsePlan, serialise, undigested } from '../plan-format';
import { summaryOf } from '../summary';

/** A plan with everything that is needed to apply it, verified. */
export interface Bundle {
  /** A private copy of the files: nobody changes them after they were verified. */
  readonly directory: string;
  readonly plan: Plan;
  /** Remove the copy. */
  readonly dispose: () => void;
}

/**
 * Read a bundle, and verify it before anything of its assembly is used: kinds, names and sizes of its files, the form of plan.json, the
 * digest over every file, and that plan.json says the same as the files. Throws DW3200 to DW3209.
 *
 * @param source folder, or .tgz
 * @param digest the one that was asked for; by default any, if the bundle is true to it
 */
export async function readBundle(source: string, digest?: string): Promise<Bundle> {
  const { path: directory, remove: dispose } = scratchFolder('bundle');
  try {
    await copyBundle(source, directory);
    return { directory, plan: verified(directory, source, digest), dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

function verified(directory: string, source: string, asked: string | undefined): Plan {
  const file = join(directory, PLAN_FILE);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw new Fault(PLAN_FAULTS.noBundle, { received: `${source}, which has no ${PLAN_FILE}` });
  }
  if (statSync(file).size > LIMITS.planBytes) {
    throw new Fault(PLAN_FAULTS.bundleTooLarge, { received: `${PLAN_FILE} of ${statSync(file).size} bytes` });
  }
  const plan = parsePlan(readFileSync(file));
  const found = digestOf(directory, plan);
  if (found !== plan.digest) {
    const differing = differencesFrom(plan, directory).join('; ') || 'a file was added, removed or changed';
    throw new Fault(PLAN_FAULTS.digestDiffers, { received: `files with digest ${found} instead of ${plan.digest} (${differing})` });
  }
  if (asked !== undefined && asked !== found) {
    throw new Fault(PLAN_FAULTS.otherPlan, { received: found, allowed: asked });
  }
  const contradictions = contradictionsOf(plan, directory);
  if (contradictions.length > 0) throw new Fault(PLAN_FAULTS.contradictoryBundle, { received: contradictions.join('; ') });
  return plan;
}

/** The digest of the files that are there; plan.json goes in without its own. */
function digestOf(directory: string, plan: Omit<Plan, 'digest'>): string {
  const leaves = filesBelow(directory).map((path) => {
    const file = join(directory, path);
    const content = path === PLAN_FILE ? undigested(plan) : readFileSync(file);
    return [path, leafHash({ path, executable: isExecutable(file), content })] as const;
  });
  return rootOf(new Map(leaves));
}

/**
 * Write the bundle of a plan, whose assembly is in these files, into an empty folder; gives the plan with its digest. Modes are made the
 * same everywhere: 755 for what its owner may execute, 644 for the rest.
 */
export function writeBundle(directory: string, plan: Omit<Plan, 'digest'>, sources: readonly AssetSource[]): Plan {
  for (const source of sources) {
    const target = join(directory, source.path);
    mkdirSync(dirname(target), { recursive: true });
    if ('text' in source) writeFileSync(target, source.text);
    else copyFileSync(source.file, target);
    chmodSync(target, 'file' in source && isExecutable(source.file) ? 0o755 : 0o644);
  }
  const write = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    chmodSync(join(directory, name), 0o644);
  };
  write(SUMMARY_FILE, serialise(summaryOf(plan)));
  write(PLAN_FILE, undigested(plan).toString());
  const { formatVersion, ...rest } = plan;
  const digested: Plan = { formatVersion, digest: digestOf(directory, plan), ...rest };
  write(PLAN_FILE, serialise(digested));
  return digested;
}

/** Pack a bundle: no times, no owners, files in order. */
export async function packBundle(directory: string, archive: string): Promise<void> {
  const options = { gzip: { level: 9 }, portable: true, mtime: new Date(0), strict: true };
  await create({ ...options, file: archive, cwd: directory }, filesBelow(directory));
}
