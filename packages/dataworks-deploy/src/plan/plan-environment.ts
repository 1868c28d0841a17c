import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { writeBundle } from './bundle/bundle';
import { clear } from './bundle/out-folder';
import { uploadPlan } from './bundle/upload';
import { deployedStack } from './compare/deployed-stack';
import { PLAN_FAULTS } from './faults';
import type { Commit } from './git';
import { lookups, type Lookup } from './lookup';
import { makePlan } from './make-plan';
import type { Plan, Rollback } from './plan';
import { coloured } from './report/coloured';
import { terminalReport } from './report/report';
import { writeReport } from './report/report-file';
import { htmlReport } from './report/report-html';
import { summaryOf, type Summary } from './summary';
import { TOOLS } from './tools';
import { objectsIn } from '../aws/objects';
import { sessionOf } from '../aws/role-credentials';
import { Buckets } from '../aws/s3';
import { Parameters } from '../aws/ssm';
import { StackReader } from '../aws/stack-reader';
import { callerFor } from '../bootstrap/preflight';
import { both } from '../both';
import { targetOf, type Target } from '../config/target';
import { Fault } from '../fault';
import type { DeploymentRecord } from '../record/record';
import { RecordStore } from '../record/store';

/** Loads what compares templates: it may turn out that none has changed. */
const load = createRequire(__filename);

export interface PlanWork {
  readonly name: string;
  /** The dataworks.json. */
  readonly configuration: string;
  /** Folder of the cloud assembly, when there is one. */
  readonly assembly: Promise<string>;
  readonly commit: Promise<Commit>;
  /** Set when it is not the application at that commit that made the assembly just now. */
  readonly assemblyGiven?: true;
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
  /** What `--json` prints: the summary, with the changes of each stack and the digest. */
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
  const record = currentRecord(target, upload);
  // By the role of most stacks, while the application runs; what is wrong with it is said when a stack asks for it.
  readAhead(lookupIn(region, target.names.roleArn(target.names.cdkLookupRole)), record).catch(() => {});
  const reading = Promise.all([callerFor(target), record]);
  const synthesis = Promise.all([both(work.assembly, work.commit), reading]);
  synthesis.catch(() => {}); // awaited below
  const isOver = () => true;
  const isReady = await Promise.race([work.assembly.then(isOver, isOver), nextTurn()]);
  if (!isReady && hasProcessorToItself()) {
    (load('./compare/compare-templates') as typeof import('./compare/compare-templates')).loadResourceTypes();
  }
  const [[assembly, { commit, dirty }], [{ arn }, recorded]] = await synthesis;
  const { plan: draft, sources } = await makePlan({
    target: { name, account, region },
    qualifier: target.names.qualifier,
    assembly,
    commit,
    dirty,
    assemblyGiven: work.assemblyGiven,
    tools: TOOLS,
    state: recorded && { serial: recorded.serial, lineage: recorded.lineage },
    rollback,
    recorded: recorded?.stacks ?? [],
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
  const stacks = summary.stacks.map((stack, index) => ({ ...stack, changes: plan.stacks[index].changes }));
  return { document: { ...summary, stacks, digest: plan.digest }, report: coloured(terminalReport(plan)), isChanged: summary.changes };
}

/** What was applied last; undefined before the first apply. A plan that is only looked at needs no backend. Throws DW3232 for one to be stored. */
async function currentRecord({ names, environment }: Target, needed: boolean): Promise<DeploymentRecord | undefined> {
  const { account, region } = environment;
  const objects = objectsIn({ region, account, bucket: names.stateBucket });
  try {
    const stored = await new RecordStore({ objects, recordKey: names.recordKey, historyPrefix: names.historyPrefix }).read();
    return stored?.record;
  } catch (error) {
    if (!(error instanceof Error && error.name === 'NoSuchBucket')) throw error;
    if (needed) throw new Fault(PLAN_FAULTS.noBackend, { received: names.stateBucket });
    return undefined;
  }
}

/** The stacks that were applied last are most likely those that will be asked for. */
async function readAhead(lookup: Promise<Lookup>, record: Promise<DeploymentRecord | undefined>): Promise<void> {
  const { stacks } = await lookup;
  const { region, stacks: applied = [] } = (await record) ?? {};
  await Promise.all(applied.filter((stack) => stack.region === region).map(({ name }) => deployedStack({ stacks }, name)));
}

/** Of the time since this process began, the part that it was at work: all of it, when it waited for nobody. */
const OWN_SHARE = 0.75;

/** Whether what is done ahead of time takes nothing from the application that runs beside it: it may turn out not to be needed. */
function hasProcessorToItself(): boolean {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 > OWN_SHARE * process.uptime();
}

/** Lets what was begun go out before the processor is busy. */
function nextTurn(): Promise<false> {
  return new Promise((resolve) => {
    setImmediate(() => {
      resolve(false);
    });
  });
}
