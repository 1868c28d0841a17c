import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeBundle } from './bundle';
import { loadResourceTypes } from './compare-templates';
import type { Commit } from './git';
import { lookups } from './lookup';
import { makePlan } from './make-plan';
import { clear } from './out-folder';
import type { Plan, PlannedState, Rollback } from './plan';
import { terminalReport } from './report';
import { writeReport } from './report-file';
import { htmlReport } from './report-html';
import { summaryOf, type Summary } from './summary';
import { TOOLS } from './tools';
import { uploadPlan } from './upload';
import { objectsIn } from '../aws/objects';
import { sessionOf } from '../aws/role-credentials';
import { Buckets } from '../aws/s3';
import { Parameters } from '../aws/ssm';
import { StackReader } from '../aws/stack-reader';
import { callerFor } from '../bootstrap/preflight';
import { targetOf, type Target } from '../config/target';
import { Fault } from '../fault';
import { PLAN_FAULTS } from './faults';
import { RecordStore } from '../record/store';

export interface PlanWork {
  readonly name: string;
  /** The dataworks.json. */
  readonly configuration: string;
  /** Folder of the cloud assembly, when there is one. */
  readonly assembly: Promise<string>;
  readonly commit: Promise<Commit>;
  /** What the assembly brings back. */
  readonly rollback?: Rollback;
  /** For whatever is needed on the way. */
  readonly scratch: string;
  /** Where the bundle is left. */
  readonly out?: string;
  /** File for the report as HTML, outside of the bundle. */
  readonly report?: string;
  readonly upload: boolean;
  readonly tell: (text: string) => void;
}

export interface PlanResult {
  readonly document: Summary & { readonly digest: string };
  /** The report for a terminal. */
  readonly report: string;
  readonly isChanged: boolean;
}

/** Plan an environment in its account, beside the synthesis of its application. */
export async function planEnvironment(work: PlanWork): Promise<PlanResult> {
  const { upload, rollback, tell } = work;
  const target = targetOf(work.name, work.configuration);
  const { account, region, name } = target.environment;
  const lookupIn = lookups({
    session: sessionOf,
    open: (place, credentials) => ({ stacks: new StackReader(place, credentials), parameters: new Parameters(place, credentials) }),
  });
  // The role of most stacks, while the application runs; what is wrong with it is said when a stack asks for it.
  lookupIn(region, target.names.roleArn(target.names.cdkLookupRole)).catch(() => {});
  const reading = Promise.all([callerFor(target), currentState(target, upload), work.commit]);
  const synthesis = Promise.all([work.assembly, reading]);
  synthesis.catch(() => {}); // awaited below
  const isReady = await Promise.race([work.assembly.then(() => true), nextTurn()]);
  if (!isReady) loadResourceTypes();
  const [assembly, [{ arn }, state, { commit, dirty }]] = await synthesis;
  const { plan: draft, sources } = await makePlan({
    target: { name, account, region },
    assembly,
    commit,
    dirty,
    tools: TOOLS,
    state,
    rollback,
    lookupIn,
    progress: tell,
  });
  const directory = work.out ?? join(work.scratch, 'bundle');
  if (work.out === undefined) mkdirSync(directory);
  else clear(work.out);
  const plan = writeBundle(directory, draft, sources);
  if (work.report !== undefined) writeReport(work.report, htmlReport(plan));
  if (upload) {
    await uploadPlan({ directory, plan, names: target.names, buckets: new Buckets(region, account), caller: arn, now: new Date() });
    tell(`Stored in ${target.names.stateBucket}.`);
  }
  return resultOf(plan);
}

function resultOf(plan: Plan): PlanResult {
  const summary = summaryOf(plan);
  return { document: { ...summary, digest: plan.digest }, report: terminalReport(plan), isChanged: summary.changes };
}

/** What was applied last; undefined before the first apply. A plan that is only looked at needs no backend. Throws DW3232 for one to be stored. */
async function currentState({ names, environment }: Target, needed: boolean): Promise<PlannedState | undefined> {
  const { account, region } = environment;
  const objects = objectsIn({ region, account, bucket: names.stateBucket });
  try {
    const stored = await new RecordStore({ objects, recordKey: names.recordKey, historyPrefix: names.historyPrefix }).read();
    return stored && { serial: stored.record.serial, lineage: stored.record.lineage };
  } catch (error) {
    if (!(error instanceof Error && error.name === 'NoSuchBucket')) throw error;
    if (needed) throw new Fault(PLAN_FAULTS.noBackend, { received: names.stateBucket });
    return undefined;
  }
}

/** Lets what was begun go out before the processor is busy. */
function nextTurn(): Promise<false> {
  return new Promise((resolve) => {
    setImmediate(() => {
      resolve(false);
    });
  });
}
