import { randomUUID } from 'node:crypto';
import { APPLY_FAULTS } from './faults';
import { isDone, leftoverOf, type LastOperation, type Leftover } from './interrupted';
import { operationToken, type Operation } from './operation-token';
import { recordedStack, type Outcome } from './outcome';
import { placeOf } from './place';
import { inOrder } from './schedule';
import { failureKind, hasWork, needsOperation, RolledBackError, UnclearError, type StackDeployment } from './stack-deployment';
import { staleness } from './stale';
import { Fault } from '../fault';
import { EXIT, FAULTS } from '../faults';
import { changeSetName } from '../lock/change-set-name';
import { LOCK_FAULTS } from '../lock/faults';
import type { HeldLock } from '../lock/lock';
import type { DeployedState, Plan, PlannedStack } from '../plan/plan';
import { RECORD_FORMAT, type DeploymentRecord, type RecordedApproval, type RecordedStack } from '../record/record';
import type { RecordStore, StoredRecord } from '../record/store';

/** How another operation on a stack shows. */
const IN_THE_WAY: readonly string[] = [APPLY_FAULTS.stackBusy.code, APPLY_FAULTS.changeSetFailed.code];

/** What one stack is deployed under. */
export interface StackOrder {
  readonly operation: Operation;
  readonly token: string;
  /** Throws when nothing more may be begun: the lock is lost, or somebody wants to stop. */
  readonly mayGoOn: () => Promise<void>;
  readonly lost: AbortSignal;
}

/** What the protocol asks of the account. A place is `<region>/<name>` of a stack. */
export interface Deployer {
  /** What is deployed of a stack, as a plan reads it. */
  readonly deployed: (place: string) => Promise<DeployedState | undefined>;
  /** The last thing of ours that was done to a stack under a lock with a higher fencing number; waits until nobody works on the stack. */
  readonly lastOperation: (place: string, above: number) => Promise<LastOperation | undefined>;
  /** Throws a `Fault` when the plan is not what comes out of its assembly, of what is deployed, as it was read last, and of what is recorded. */
  readonly checkPlan: (recorded: readonly RecordedStack[]) => Promise<void>;
  /** Throws a `Fault` when what is published for a stack is something else than its assets, or an image cannot be built. */
  readonly checkAssets: (stacks: readonly PlannedStack[]) => Promise<void>;
  readonly deployment: (stack: PlannedStack, order: StackOrder) => Pick<StackDeployment, 'run' | 'protect'>;
  /** A plan of the state bucket; undefined when it is not there, or not as it was written. */
  readonly plan: (digest: string) => Promise<Plan | undefined>;
}

export interface ApplyRequest {
  /** Verified, with its environment and account. */
  readonly plan: Plan;
  /** The approvals that count. Throws a `Fault` for a plan that is too old, not approved, or out of order: asked under the lock, for the wait may be long. */
  readonly judge: () => Promise<readonly RecordedApproval[]>;
  readonly by: DeploymentRecord['by'];
  readonly lock: HeldLock;
  readonly store: Pick<RecordStore, 'read' | 'write' | 'complete'>;
  readonly deployer: Deployer;
  /** Aborted when nothing more is to be begun. */
  readonly stop: AbortSignal;
  readonly now: () => Date;
  readonly tell: (line: string) => void;
}

/** How an apply ended of which everything is known and recorded. */
export interface Applied {
  readonly record: DeploymentRecord;
  /** What failed; undefined when nothing did. */
  readonly fault?: Fault;
  /** An earlier run of the same plan had recorded it. */
  readonly isOld: boolean;
  /** That it is recorded, and the lock is not given back. */
  readonly unreleased?: Fault;
}

/**
 * Do under the lock what was approved, and record it: read, recognise what an interrupted run has left, compare, deploy, record.
 *
 * Throws when nothing was changed, and DW3330 when what was changed is not known or not recorded.
 */
export async function applyUnderLock(request: ApplyRequest): Promise<Applied> {
  const { plan, store, lock } = request;
  const before = await store.read();
  // Of a record that its history contradicts, nothing could be recorded that follows it: before anything is executed.
  if (before) await store.complete(before.record);
  if (before?.record.planDigest === plan.digest) return appliedBefore(before.record);
  // Nobody could find later what is executed under a number that is recorded already.
  if (before && before.record.fence >= lock.fence) throw await lock.outnumberedBy(before.record.fence);
  const run = new Run(request, before);
  const leftover = await run.leftover();
  if (leftover && leftover.digest !== plan.digest) throw await run.recordOther(leftover);
  if (leftover) run.takeOver(leftover);
  await run.judge();
  await run.compare();
  await run.deploy();
  return run.end();
}

/** An earlier run of this plan has recorded it, and was interrupted after that, or somebody repeats the command. */
function appliedBefore(record: DeploymentRecord): Applied {
  if (record.result === 'failed') throw new Fault(APPLY_FAULTS.appliedBefore, { received: `serial ${record.serial}, ${record.endedAt}` });
  return { record, isOld: true };
}

/** One apply, from what it read under the lock to its record. */
class Run {
  private readonly startedAt: Date;
  private readonly serial: number;
  /** By place. A stack that is not here was not reached. */
  private readonly outcomes = new Map<string, Outcome>();
  private approvals: readonly RecordedApproval[] = [];
  /** Why nothing more is begun. */
  private fault?: Fault;
  /** Stacks whose end was not seen. */
  private readonly unclear: UnclearError[] = [];

  public constructor(
    private readonly request: ApplyRequest,
    private readonly before: StoredRecord | undefined,
  ) {
    this.startedAt = request.now();
    this.serial = (before?.record.serial ?? 0) + 1;
  }

  /** Of an apply that ended before it recorded: of this plan, or of another. Throws DW3003 for one that began after this one, DW3008 after the counter went back. */
  public async leftover(): Promise<Leftover | undefined> {
    const { plan, deployer, lock } = this.request;
    const record = this.before?.record;
    const places = new Set([...[...plan.stacks, ...(record?.stacks ?? [])].map(placeOf), ...lock.stacks]);
    const found = await Promise.all([...places].map((place) => deployer.lastOperation(place, record?.fence ?? 0)));
    const operations = found.filter((one) => one !== undefined);
    // This holder has done nothing yet. Who has the lock by now may still be at work: what was seen of it is not all of it.
    const highest = Math.max(0, ...operations.map(({ operation }) => operation.fence));
    if (highest >= lock.fence) throw await lock.outnumberedBy(highest);
    return leftoverOf(record, operations);
  }

  /** Record what an apply of another plan has left. Gives the fault with which this one ends: it was planned before that was known. */
  public async recordOther({ digest, operations }: Leftover): Promise<Fault> {
    const { deployer, plan: own, tell } = this.request;
    tell(`An apply of plan ${digest} was interrupted before it was recorded: recording it`);
    const plan = await deployer.plan(digest);
    const byPlace = new Map(operations.map((operation) => [operation.place, operation]));
    const isWhole = plan?.stacks.filter(needsOperation).every((stack) => byPlace.has(placeOf(stack))) ?? false;
    const isSucceeded = isWhole && operations.every(isDone) && (await this.areProtected(plan!));
    const known = (plan ?? own).stacks;
    const outcome = (stack: PlannedStack) => outcomeOf(byPlace.get(placeOf(stack))) ?? (isSucceeded ? unchanged(stack) : undefined);
    const places = new Set(known.map(placeOf));
    const strays = await Promise.all(operations.filter(({ place }) => !places.has(place)).map((one) => this.stray(one)));
    const { serial } = await this.write({
      fence: Math.max(...operations.map(({ operation }) => operation.fence)),
      planDigest: digest,
      commit: plan?.commit ?? 'unknown',
      dirty: plan?.dirty ?? true,
      assemblyGiven: plan?.assemblyGiven,
      rollbackTo: plan?.rollback?.serial,
      result: isSucceeded ? 'succeeded' : 'failed',
      stacks: [...known.map((stack) => recordedStack(stack, outcome(stack))), ...strays.flat()],
      approvals: [],
    });
    return new Fault(APPLY_FAULTS.stale, { received: `the record: serial is ${serial}, planned was ${own.state?.serial ?? 'none'}` });
  }

  /** Termination protection is set when a stack is done, and is no operation: whether an interrupted apply came to it, only the stack tells. */
  private async areProtected({ stacks }: Plan): Promise<boolean> {
    const { deployer } = this.request;
    const deployed = await Promise.all(stacks.map((stack) => deployer.deployed(placeOf(stack))));
    return stacks.every(({ terminationProtection }, index) => deployed[index]?.terminationProtection === terminationProtection);
  }

  /** A stack that no plan at hand has: what is known of it is what is deployed. */
  private async stray(operation: LastOperation): Promise<RecordedStack[]> {
    const { place } = operation;
    const deployed = await this.request.deployer.deployed(place);
    if (!deployed) return [];
    const [region, name] = place.split('/');
    const { id, status, changeSet } = outcomeOf(operation)!;
    return [{ name, region, id, templateHash: deployed.templateHash, changeSet, status }];
  }

  /** What an interrupted run of this plan has done is done; what failed has failed. */
  public takeOver({ operations }: Leftover): void {
    for (const operation of operations) {
      const { place, status } = operation;
      this.request.tell(`${nameIn(place)}: ${status}, by an earlier run of this plan that was interrupted`);
      this.outcomes.set(place, outcomeOf(operation)!);
      if (!isDone(operation)) {
        this.refuse(new Fault(failureKind(status), { received: `${nameIn(place)} ended as ${status}, in an earlier run` }));
      }
      // Whoever has changed it since did not do so under the lock.
      else if (!operation.isLast) {
        this.refuse(new Fault(APPLY_FAULTS.stale, { received: `${nameIn(place)} was changed after an earlier run of this plan` }));
      }
    }
  }

  /** Refuse what may not be applied any more. */
  public async judge(): Promise<void> {
    try {
      this.approvals = await this.request.judge();
    } catch (error) {
      // A question without an answer is no reason to record an interrupted run as failed.
      if (!(error instanceof Fault && error.exitCode === EXIT.refused)) throw error;
      this.refuse(error);
    }
  }

  /** Refuse when anything is not as it was planned. */
  public async compare(): Promise<void> {
    const { plan, deployer } = this.request;
    // Nothing more is begun: what was done is recorded, whatever the other stacks are by now.
    if (this.fault) return;
    try {
      const problems = staleness(plan, { state: this.before?.record, stacks: await this.deployed() }, new Set(this.outcomes.keys()));
      if (problems.length > 0) throw new Fault(APPLY_FAULTS.stale, { received: problems.join('; ') });
      if (this.outcomes.size === 0) await deployer.checkPlan(this.before?.record.stacks ?? []); // what has begun was checked before it began
      await deployer.checkAssets(plan.stacks.filter((stack) => !this.outcomes.has(placeOf(stack))));
    } catch (error) {
      // A network or credentials that fail say nothing of the environment: the next run goes on.
      if (!(error instanceof Fault && error.code.startsWith('DW3'))) throw error;
      this.refuse(error);
    }
  }

  private async deployed(): Promise<Readonly<Record<string, DeployedState | undefined>>> {
    const places = this.request.plan.stacks.map(placeOf);
    return Object.fromEntries(
      await Promise.all(places.map(async (place) => [place, await this.request.deployer.deployed(place)] as const)),
    );
  }

  public async deploy(): Promise<void> {
    await inOrder(this.request.plan.stacks, (stack) => this.deployOne(stack));
  }

  /** Record what was done, if anything was. */
  public async end(): Promise<Applied> {
    const { plan, lock } = this.request;
    if (this.unclear.length > 0) throw unclear(this.unclear.map(({ message }) => message).join('; '));
    const isTouched = [...this.outcomes.values()].some((outcome) => outcome.isTouched);
    if (this.fault && !isTouched) throw this.fault;
    try {
      const record = await this.write({
        fence: lock.fence,
        planDigest: plan.digest,
        commit: plan.commit,
        dirty: plan.dirty,
        assemblyGiven: plan.assemblyGiven,
        rollbackTo: plan.rollback?.serial,
        result: this.fault ? 'failed' : isTouched ? 'succeeded' : 'noChanges',
        stacks: plan.stacks.map((stack) => recordedStack(stack, this.outcomes.get(placeOf(stack)))),
        approvals: this.approvals,
      });
      await lock.recorded();
      const isInterruption = this.fault?.code === APPLY_FAULTS.interruptedBefore.code;
      const fault = isInterruption ? new Fault(APPLY_FAULTS.interrupted, { received: this.fault!.received }) : this.fault;
      return { record, fault, isOld: false };
    } catch (error) {
      if (!isTouched || (error instanceof Fault && error.exitCode === EXIT.unclear)) throw error;
      throw unclear(`what was done could not be recorded (${messageOf(error)})`);
    }
  }

  private async deployOne(stack: PlannedStack): Promise<boolean> {
    const { plan, lock, deployer } = this.request;
    const place = placeOf(stack);
    const operation = { fence: lock.fence, digest: plan.digest, serial: this.serial };
    const mayGoOn = () => this.mayGoOn(stack);
    try {
      const deployment = deployer.deployment(stack, { operation, token: operationToken(operation, place), mayGoOn, lost: lock.lost });
      const known = this.outcomes.get(place);
      if (this.fault) return false;
      if (known) await deployment.protect();
      else this.outcomes.set(place, hasWork(stack) ? await deployment.run() : unchanged(stack));
      return true;
    } catch (error) {
      if (error instanceof UnclearError) this.unclear.push(error);
      if (error instanceof RolledBackError) this.outcomes.set(place, error.outcome);
      this.refuse(await this.faultOf(error));
      return false;
    }
  }

  /** Another holder of the lock, in the way of whoever has lost it, looks like a stranger: what is wrong then is the lock. */
  private async faultOf(error: unknown): Promise<Fault> {
    const { lock } = this.request;
    if (error instanceof UnclearError) return unclear(error.message.replace(/\.$/, ''));
    if (!(error instanceof Fault)) return new Fault(FAULTS.unexpected, { received: messageOf(error) });
    if (!IN_THE_WAY.includes(error.code) || (await isHeld(lock))) return error;
    return lost(lock, error.received);
  }

  private async mayGoOn({ name }: PlannedStack): Promise<void> {
    const { lock, stop, plan } = this.request;
    if (this.fault) throw new Fault(APPLY_FAULTS.notBegun, { received: name });
    if (stop.aborted) throw new Fault(APPLY_FAULTS.interruptedBefore, { received: `plan ${plan.digest}, ${String(stop.reason)}` });
    if (!(await lock.stillMine())) throw lost(lock);
  }

  /** Nothing more is begun. The first reason is the one that is reported. */
  private refuse(fault: Fault): void {
    if (this.fault) this.request.tell(fault.message);
    else this.fault = fault;
  }

  private async write(
    what: Pick<
      DeploymentRecord,
      'fence' | 'planDigest' | 'rollbackTo' | 'commit' | 'dirty' | 'assemblyGiven' | 'result' | 'stacks' | 'approvals'
    >,
  ): Promise<DeploymentRecord> {
    const { plan, store, lock, by, now } = this.request;
    if (!(await lock.stillMine())) throw lost(lock);
    const record: DeploymentRecord = {
      formatVersion: RECORD_FORMAT,
      serial: this.serial,
      lineage: this.before?.record.lineage ?? randomUUID(),
      environment: plan.environment,
      account: plan.account,
      region: plan.region,
      ...what,
      by,
      startedAt: this.startedAt.toISOString(),
      endedAt: now().toISOString(),
    };
    await store.write(record, this.before);
    return record;
  }
}

/** A stack is told by its name alone, as it is everywhere. */
function nameIn(place: string): string {
  return place.split('/')[1];
}

function lost({ info }: HeldLock, sign?: string): Fault {
  return new Fault(LOCK_FAULTS.lost, { received: `lock ${info.ID}${sign === undefined ? '' : `; ${sign}`}` });
}

/** Without an answer it is not known to be lost. */
async function isHeld(lock: HeldLock): Promise<boolean> {
  try {
    return await lock.stillMine();
  } catch {
    return !lock.lost.aborted;
  }
}

function outcomeOf(operation: LastOperation | undefined): Outcome | undefined {
  if (!operation) return undefined;
  const { stackId, status, operation: of } = operation;
  return { id: stackId, status, changeSet: changeSetName(of.fence, of.digest), isTouched: true };
}

function unchanged({ deployed }: PlannedStack): Outcome {
  return { id: deployed!.stackId, status: deployed!.status, isTouched: false };
}

function unclear(received: string): Fault {
  return new Fault(APPLY_FAULTS.unclear, { received });
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
