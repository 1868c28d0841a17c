/** A whole world round the lock: services in memory, stacks, processes that run the real protocol, Terraform, and people. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { CloudFormationServiceException } from '@aws-sdk/client-cloudformation';
import { MemoryItems, MemoryObjects, type Effects } from './memory-services';
import { change, deployedState, planWith, plannedStack } from './planned';
import { NetworkError, Scheduler, type Process } from './scheduler';
import type { LastOperation } from '../../src/apply/interrupted';
import { operationOf } from '../../src/apply/operation-token';
import { placeOf } from '../../src/apply/place';
import type { Applied, Deployer } from '../../src/apply/protocol';
import { StackDeployment } from '../../src/apply/stack-deployment';
import { applyWithLock } from '../../src/apply/with-lock';
import type { ChangeSets, MadeChangeSet } from '../../src/aws/change-sets';
import type { DeployedStack, Stacks } from '../../src/aws/cloudformation';
import { Fault } from '../../src/fault';
import { FAULTS } from '../../src/faults';
import { changeSetName, originOf } from '../../src/lock/change-set-name';
import type { Clock } from '../../src/lock/clock';
import { holderOf } from '../../src/lock/holder';
import { goTime, jsonOf } from '../../src/lock/lock-info';
import type { JobState, LockItem, LockServices } from '../../src/lock/lock-services';
import { situationOf } from '../../src/lock/situation';
import { halvesOf } from '../../src/lock/take';
import type { TargetStacks } from '../../src/lock/target-stacks';
import { unlock } from '../../src/lock/unlock';
import type { Plan, PlannedStack } from '../../src/plan/plan';
import type { DeploymentRecord } from '../../src/record/record';
import { RecordStore } from '../../src/record/store';

/** What sleeps in a process is woken by the scheduler: also CloudFormation's pollers, which have no clock of their own. */
const mockProcess = new AsyncLocalStorage<(milliseconds: number) => Promise<void>>();
jest.mock('node:timers/promises', () => ({ setTimeout: (milliseconds: number) => mockProcess.getStore()!(milliseconds) }));

const LOCK_ID = 'state/dataworks-infra';
const FILE = 'dataworks-infra.tflock';
const RECORD = 'dataworks-infra/record.json';
const HISTORY = 'dataworks-infra/history/';
const TEMPLATE = JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });
const START = Date.UTC(2026, 10, 24, 10);
/** Of so many executions, one fails and is rolled back. */
const FAILING = 5;
/** Of so many change sets, CloudFormation refuses to make one. */
const REFUSED = 4;

export type Halves = 'item' | 'file' | 'both';

interface Worker extends Process {
  /** Milliseconds by which its wall clock is wrong. */
  readonly skew: number;
  readonly plan: Plan;
  job?: string;
  ended: boolean;
  /** Of the lock that it took last. */
  fence: number;
}

/** A stack of the account. */
interface Stack {
  readonly id: string;
  readonly place: string;
  status: string;
  template: string;
  updates: number;
  /** Names of those that can be executed. */
  readonly changeSets: Set<string>;
  /** Tokens and how they ended, newest first. */
  readonly operations: Array<{ readonly token: string; status: string }>;
}

/** What was executed. */
interface Execution {
  readonly place: string;
  readonly changeSet: string;
  readonly digest: string;
  readonly isDone: boolean;
}

export interface WorldOptions {
  /** Whether processes run in CI jobs, and whether those can be asked. */
  readonly jobs: 'none' | 'known' | 'unknown';
  /** Names of the stacks; the second one depends on the first. */
  readonly stacks: readonly string[];
  /** How long CloudFormation takes for one, in milliseconds. */
  readonly deployment: number;
  /** Whether some deployments fail. */
  readonly fails: boolean;
  /** Whether some change sets are refused. */
  readonly refuses: boolean;
}

export class World {
  public readonly scheduler = new Scheduler();
  public readonly items = new MemoryItems();
  public readonly objects = new MemoryObjects();
  public readonly violations: string[] = [];
  /** How processes ended. */
  public readonly outcomes: string[] = [];
  public readonly executed: Execution[] = [];
  private readonly stacks: ReadonlyMap<string, Stack>;
  private readonly plans = new Map<string, Plan>();
  /** Fencing number of the newest process that was told that it holds the lock. */
  private newest = 0;
  /** Somebody restored the table: its counter gave lower numbers since. */
  private turnedBack = false;
  private readonly workers: Worker[] = [];
  private readonly everCurrent = new Set<string>();
  /** IDs of the holders that were broken, of locks that were whole. */
  private readonly broken = new Set<string>();
  private terraform: string[] = [];
  /** Somebody deleted a half by hand, or Terraform blindly: its exclusion is void, and only ours, by the fence, remains. */
  private intervened = false;
  /** World's time of the last sign of life of the item. */
  private lastSign = 0;
  private uuids = 0;
  private asked = 0;
  private isCalm = false;

  public constructor(private readonly options: WorldOptions) {
    const places = options.stacks.map((name) => placeOf({ region: 'eu-central-1', name }));
    this.stacks = new Map(
      places.map((place) => [
        place,
        {
          id: `arn:${place}`,
          place,
          status: 'CREATE_COMPLETE',
          template: '0'.repeat(64),
          updates: 0,
          changeSets: new Set(),
          operations: [],
        },
      ]),
    );
  }

  /** Plan some stacks as they are now to be something else. */
  public plan(names: readonly string[] = this.options.stacks): Plan {
    const digest = (this.plans.size + 1).toString(16).padStart(4, '0').repeat(16);
    const text = this.objects.read(RECORD)?.text;
    const record = text === undefined ? undefined : (JSON.parse(text) as DeploymentRecord);
    const [first, second, last] = this.options.stacks;
    const stacks = names.map((name) =>
      plannedStack({
        name,
        artifactId: name,
        dependsOn: name === second && names.includes(first) ? [first] : [],
        // What the first one reads is made by one that stands after it, and no dependency is declared.
        waits: name === first && names.includes(last) && last !== first ? [{ kind: 'parameter', name: '/made', madeBy: last }] : [],
        template: { file: '', hash: digest },
        deployed: stateOf(this.stacks.get(placeOf({ region: 'eu-central-1', name }))!),
        changes: [change('Topic', 'AWS::SNS::Topic')],
      }),
    );
    const plan = planWith(stacks, { digest, state: record && { serial: record.serial, lineage: record.lineage } });
    this.plans.set(digest, plan);
    return plan;
  }

  /** A process that applies a plan: by default one of what is there when it begins. */
  public worker(name: string, skew = 0, timeout = 100, plan = this.plan()): Worker {
    const worker: Worker = { name, skew, plan, dead: false, ended: false, fence: 0 };
    if (this.options.jobs !== 'none') worker.job = `https://circleci.com/gh/acme/lake/${this.workers.length + 1}`;
    this.workers.push(worker);
    const sleep = (milliseconds: number) => this.scheduler.sleep(worker, milliseconds);
    void mockProcess
      .run(sleep, () => this.apply(worker, timeout))
      .then(
        ({ fault, unreleased, isOld }) => {
          this.outcomes.push((fault ?? unreleased)?.code ?? (isOld ? 'old' : 'deployed'));
        },
        (error: unknown) => {
          this.outcomes.push(error instanceof Fault ? error.code : String(error));
          if (!(error instanceof Fault) && !(error instanceof NetworkError)) this.violations.push(`${name}: ${String(error)}`);
        },
      )
      .finally(() => {
        worker.ended = true;
      });
    return worker;
  }

  private apply(worker: Worker, timeout: number): Promise<Applied> {
    const { plan } = worker;
    const services = this.servicesOf(worker);
    const store = new RecordStore(services);
    return applyWithLock(
      {
        services,
        operation: 'apply',
        reason: `plan ${plan.digest}`,
        who: worker.name,
        targets: this.targetsOf(worker, plan.stacks.map(placeOf)),
        timeout,
        tell: () => {},
        ...(worker.job !== undefined && { job: { url: worker.job, name: 'apply', workflowId: 'w' } }),
      },
      {
        plan,
        judge: () => Promise.resolve([]),
        by: { arn: `arn:aws:iam::111122223333:user/${worker.name}` },
        store: {
          read: () => {
            this.checkHolder(worker);
            return store.read();
          },
          write: (record, before) => store.write(record, before),
          complete: (record) => store.complete(record),
        },
        deployer: this.deployerOf(worker),
        stop: new AbortController().signal,
        now: () => new Date(START + this.scheduler.time + worker.skew),
        tell: () => {},
      },
    );
  }

  /** A process is told that it holds the lock. */
  private checkHolder({ name, fence }: Worker): void {
    if (fence <= this.newest && !this.turnedBack) this.violations.push(`${name}: fence ${fence} after ${this.newest}`);
    this.newest = fence;
    if (this.isBusy()) this.violations.push(`${name}: got the lock while a stack is in progress`);
  }

  private isBusy(): boolean {
    return [...this.stacks.values()].some(isInProgress);
  }

  private deployerOf(worker: Worker): Deployer {
    const stackAt = (place: string) => this.stacks.get(place)!;
    return {
      deployed: (place) => this.cloudFormation(worker, 'DescribeStacks', () => stateOf(stackAt(place))),
      lastOperation: async (place, above) => {
        const { id, operations } = await this.atRest(worker, stackAt(place));
        for (const [index, { token, status }] of operations.entries()) {
          const operation = operationOf(token);
          if (operation && operation.fence <= above) return undefined;
          if (operation) return { place, stackId: id, operation, status, isLast: index === 0 } satisfies LastOperation;
        }
        return undefined;
      },
      deployment: (stack, { operation, token, mayGoOn, lost }) =>
        new StackDeployment({
          stack,
          template: TEMPLATE,
          nestedTemplate: () => undefined,
          changeSets: this.changeSetsOf(worker, stack),
          stacks: this.stacksFor(worker, stack),
          publish: () => Promise.resolve(),
          changeSetName: changeSetName(operation.fence, operation.digest),
          token,
          isStateful: () => false,
          mayGoOn,
          lost,
          tell: () => {},
        }),
      checkPlan: () => Promise.resolve(),
      checkAssets: () => Promise.resolve(),
      plan: (digest) => this.call(worker, 'GetObject', () => [...this.plans.values()].find((plan) => plan.digest.startsWith(digest))),
    };
  }

  private async atRest(worker: Worker, stack: Stack): Promise<Stack> {
    for (;;) {
      const seen = await this.cloudFormation(worker, 'DescribeStackEvents', () => ({
        ...stack,
        operations: stack.operations.map((one) => ({ ...one })),
      }));
      if (!isInProgress(seen)) return seen;
      await this.scheduler.sleep(worker, 5_000);
    }
  }

  private changeSetsOf(worker: Worker, { region, name }: PlannedStack): ChangeSets {
    const stack = this.stacks.get(placeOf({ region, name }))!;
    const call = <T>(what: string, effect: () => T) => this.cloudFormation(worker, what, effect);
    const events = async function* () {
      const found = await call('DescribeStackEvents', () => stack.operations.map(({ token, status }, index) => ({ token, status, index })));
      for (const { token, status, index } of found) {
        const id = `${found.length - index} ${status}`;
        yield { id, logicalId: name, physicalId: stack.id, type: 'AWS::CloudFormation::Stack', status, time: new Date(START), token };
      }
      return undefined;
    };
    const calls: Pick<ChangeSets, 'make' | 'template' | 'discard' | 'execute' | 'executionStatus' | 'events'> = {
      make: (request) =>
        call('CreateChangeSet', (): MadeChangeSet => {
          this.asked += 1;
          if (this.options.refuses && !this.isCalm && this.asked % REFUSED === 0) throw refusal('ValidationError');
          if (isInProgress(stack) || stack.changeSets.has(request.name)) throw refusal('AlreadyExistsException');
          stack.changeSets.add(request.name);
          const none = { reason: '', parameters: {}, tags: {}, capabilities: [], changes: [] };
          return { id: request.name, stackId: stack.id, status: 'CREATE_COMPLETE', ...none };
        }),
      template: () => call('GetTemplate', () => TEMPLATE),
      discard: (id) => call('DeleteChangeSet', () => void stack.changeSets.delete(id)),
      execute: (id, token) =>
        call('ExecuteChangeSet', () => {
          this.execute(stack, id, token);
        }),
      executionStatus: (id) =>
        call('DescribeChangeSet', () => {
          if (stack.changeSets.has(id)) return 'AVAILABLE';
          const isExecuted = this.executed.some(({ place, changeSet }) => place === stack.place && changeSet === id);
          return isExecuted ? (isInProgress(stack) ? 'EXECUTE_IN_PROGRESS' : 'EXECUTE_COMPLETE') : undefined;
        }),
      events,
    };
    return calls as ChangeSets;
  }

  private stacksFor(worker: Worker, { region, name }: PlannedStack): Stacks {
    const stack = this.stacks.get(placeOf({ region, name }))!;
    const find = () =>
      this.cloudFormation(
        worker,
        'DescribeStacks',
        () => ({ id: stack.id, status: stack.status, terminationProtection: false }) as DeployedStack,
      );
    return { find } as Partial<Stacks> as Stacks;
  }

  private execute(stack: Stack, changeSet: string, token: string): void {
    if (!stack.changeSets.delete(changeSet)) throw refusal('ChangeSetNotFound');
    const { fence, digest } = operationOf(token)!;
    const wrong = (what: string) => this.violations.push(`fence ${fence} executes ${changeSet} of ${stack.place} ${what}`);
    if (this.newest !== fence) wrong(`after ${this.newest} took the lock`);
    if (isInProgress(stack)) wrong('while another operation is in progress');
    if (this.terraform.length > 0 && !this.intervened) wrong('while Terraform holds the lock');
    if (this.executed.some((one) => one.digest === digest && one.place === stack.place)) wrong('for the second time');
    const isDone = (id: string) =>
      this.executed.some((one) => one.digest === digest && one.isDone && one.place === placeOf({ region: 'eu-central-1', name: id }));
    const planned = this.plans.get(digest)!.stacks.find((one) => placeOf(one) === stack.place)!;
    if (![...planned.dependsOn, ...planned.waits.map(({ madeBy }) => madeBy)].every(isDone)) wrong('before what it comes after');
    const fails = this.options.fails && !this.isCalm && this.executed.length % FAILING === FAILING - 1;
    const operation = { token, status: 'UPDATE_IN_PROGRESS' };
    this.executed.push({ place: stack.place, changeSet, digest, isDone: !fails });
    stack.operations.unshift(operation);
    stack.status = operation.status;
    this.scheduler.later(`${stack.place} is at rest`, this.options.deployment, () => {
      operation.status = fails ? 'UPDATE_ROLLBACK_COMPLETE' : 'UPDATE_COMPLETE';
      stack.status = operation.status;
      stack.updates += 1;
      if (!fails) stack.template = digest;
    });
  }

  /** Terraform, as its source has it: no conditions on what it deletes, and no heartbeat. */
  public async runTerraform(halves: Halves): Promise<void> {
    const process: Process = { name: `terraform by ${halves}`, dead: false };
    const id = this.uuid();
    const text = terraformInfo(id);
    const [file, item] = [halves !== 'item', halves !== 'file'];
    const call = <T>(what: string, effect: () => T) => this.call(process, what, effect);
    const unlockFile = async () => {
      if ((await call('GetObject', () => this.objects.read(FILE)?.text)) === text) {
        await call('DeleteObject', () => {
          this.blindly(() => this.objects.stored.delete(FILE), this.objects.read(FILE)?.text === text);
        });
      }
    };
    try {
      if (file && (await call('PutObject', () => this.objects.create(FILE, text))) === undefined) return;
      if (item && (await call('PutItem', () => this.items.create({ info: text }))) !== undefined) {
        if (file) await unlockFile();
        return;
      }
      await call('it holds the lock', () => {
        this.terraform.push(id);
        if (this.isBusy() && !this.intervened) {
          this.violations.push('Terraform got the lock while a stack is in progress');
        }
      });
      await this.scheduler.sleep(process, 20_000);
      await call('it is done', () => (this.terraform = this.terraform.filter((one) => one !== id)));
      if (file) await unlockFile();
      if (item && (await call('GetItem', () => this.items.item?.info)) === text) {
        await call('DeleteItem', () => {
          this.blindly(() => (this.items.item = undefined), this.items.item?.info === text);
        });
      }
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
    } finally {
      this.terraform = this.terraform.filter((one) => one !== id);
    }
  }

  private blindly(deletion: () => void, isOwn: boolean): void {
    if (!isOwn) this.intervened = true;
    deletion();
  }

  /** Somebody in the console. */
  public deleteByHand(half: 'item' | 'file'): void {
    this.scheduler.later(`somebody deletes the ${half}`, 0, () => {
      this.intervened = true;
      if (half === 'item') this.items.item = undefined;
      else this.objects.stored.delete(FILE);
    });
  }

  /** Somebody who runs `unlock` with the first ID that is shown. */
  public async unlockByHand(): Promise<void> {
    const process: Process = { name: 'unlock', dead: false };
    const services = this.servicesOf(process);
    try {
      const { holders } = situationOf(await halvesOf(services));
      if (holders.length === 0) return;
      this.intervened = true;
      await unlock({ services, id: holders[0].id, by: 'an administrator', reason: 'a test', targets: this.targetsOf(process, []) });
    } catch (error) {
      if (!(error instanceof Fault) && !(error instanceof NetworkError)) throw error;
    }
  }

  /** Somebody restores the table, as it was before anybody had counted. */
  public turnBack(): void {
    this.scheduler.later('somebody turns the counter back', 0, () => {
      this.turnedBack = true;
      this.items.counter = 0;
    });
  }

  /** Somebody writes what nobody can read. */
  public vandalise(): void {
    this.scheduler.later('somebody writes nonsense', 0, () => {
      this.items.item ??= { info: '{"ID":' };
    });
  }

  /** No process goes on; what is on its way arrives. */
  public crashAll(): void {
    for (const { process } of [...this.scheduler.pending]) {
      if (process.name !== 'world' && !process.name.startsWith('late')) this.scheduler.crash(process);
    }
    for (const worker of this.workers) worker.ended = true;
    this.terraform = [];
  }

  /**
   * Whatever state this is, the next runs get on: one of the newest plan, then one of what is there of its stacks alone, after somebody
   * unlocked what they say is held. Then everything that was executed is recorded, no record is lost, and nobody holds anything.
   */
  public async recover(): Promise<void> {
    const { scheduler } = this;
    const drain = async () => {
      for (let steps = 0; scheduler.pending.length > 0; steps += 1) {
        if (steps > 5_000) throw new Error('does not end');
        const earliest = scheduler.pending.reduce((best, { at }, index, all) => (at < all[best].at ? index : best), 0);
        await scheduler.step(earliest);
      }
    };
    await drain();
    this.isCalm = true;
    const newest = [...this.plans.values()].at(-1)!;
    const names = newest.stacks.map(({ name }) => name);
    let isDeployed = false;
    for (let attempt = 0; attempt < 5 && !isDeployed; attempt += 1) {
      this.outcomes.length = 0;
      this.worker(`recovery ${attempt}`, 0, 300, attempt === 0 ? newest : this.plan(names));
      await drain();
      isDeployed = this.outcomes[0] === 'deployed';
      if (!isDeployed) {
        void this.unlockByHand();
        await drain();
      }
    }
    if (!isDeployed) {
      this.violations.push(
        `no command resolves this: ${this.outcomes.join()} ${JSON.stringify(this.items.item)} ${JSON.stringify(this.objects.read(FILE))}`,
      );
    }
    this.checkRest();
  }

  /** What has to be so when nobody does anything any more. */
  private checkRest(): void {
    if (this.items.item || this.objects.read(FILE)) this.violations.push('the lock is still held');
    const texts = this.objects.keys(HISTORY).map((key) => [key, this.objects.read(key)!.text] as const);
    const past = new Set(texts.map(([, text]) => text));
    for (const text of this.everCurrent) if (!past.has(text)) this.violations.push(`a record is lost: ${text}`);
    const records = texts
      .filter(([key]) => /\d\.json$/.test(key) && !key.includes('/locks/'))
      .map(([, text]) => JSON.parse(text) as DeploymentRecord);
    for (const { place, changeSet, digest } of this.executed) {
      const isRecorded = records.some(
        ({ planDigest, stacks }) => planDigest === digest && stacks.some((one) => placeOf(one) === place && one.changeSet === changeSet),
      );
      if (!isRecorded) this.violations.push(`${changeSet} of ${place} is in no record`);
    }
    for (const { serial, planDigest } of records.filter(({ result }) => result === 'succeeded')) {
      const { length } = this.executed.filter(({ digest, isDone }) => digest === planDigest && isDone);
      if (length !== this.plans.get(planDigest)!.stacks.length) {
        this.violations.push(`record ${serial} says succeeded, and ${length} stacks were deployed`);
      }
    }
    const events = texts.flatMap(([key, text]) => (key.includes('/locks/') ? [text] : []));
    for (const id of this.broken) {
      if (!events.some((text) => text.includes(id))) this.violations.push(`nobody recorded that ${id} was broken`);
    }
  }

  private call<T>(process: Process, what: string, effect: () => T): Promise<T> {
    return this.scheduler.call(process, what, () => {
      const seen = this.items.item;
      const answer = effect();
      if (this.items.item !== seen) this.checkChange(seen, this.items.item);
      const current = this.objects.read(RECORD)?.text;
      if (current !== undefined) this.everCurrent.add(current);
      return answer;
    });
  }

  /** A holder that is alive, or not ours, is not replaced. */
  private checkChange(before: LockItem | undefined, now: LockItem | undefined): void {
    const still = this.scheduler.time - this.lastSign;
    this.lastSign = this.scheduler.time;
    if (before === undefined || now === undefined || before.info === now.info) return;
    if (before.lease === undefined) this.violations.push("breaks a lock that is not ours, or somebody's by hand");
    else if (still < before.lease * 1000) this.violations.push(`breaks a lock after ${still} ms`);
    const { id } = holderOf(before.info);
    if (holderOf(this.objects.read(FILE)?.text).id === id) this.broken.add(id);
    if (before.job !== undefined && this.jobState(before.job) !== 'ended') {
      this.violations.push('breaks the lock of a job that has not ended');
    }
  }

  /** A call whose answer the adapter knows to be missing. */
  private async cloudFormation<T>(process: Process, what: string, effect: () => T): Promise<T> {
    try {
      return await this.call(process, what, effect);
    } catch (error) {
      throw error instanceof NetworkError ? new Fault(FAULTS.unreachable, { received: error.message }) : error;
    }
  }

  private servicesOf(worker: Process & Partial<Worker>): LockServices {
    const over = <T>(effects: Effects<T>, ...names: ReadonlyArray<keyof T & string>): T =>
      Object.fromEntries(
        names.map((name) => [
          name,
          (...args: unknown[]) => this.call(worker, name, () => (effects[name] as (...all: unknown[]) => unknown)(...args)),
        ]),
      ) as T;
    const items = over<LockServices['items']>(
      this.items,
      'read',
      'create',
      'replace',
      'renew',
      'remove',
      'nextFence',
      'raiseFence',
      'forgetStacks',
    );
    return {
      items: {
        ...items,
        renew: (info, heartbeat, fence) => {
          if (fence !== undefined) worker.fence = fence;
          return items.renew(info, heartbeat, fence);
        },
      },
      objects: over<LockServices['objects']>(this.objects, 'read', 'create', 'replace', 'remove', 'keys'),
      clock: this.clockOf(worker),
      lockId: LOCK_ID,
      lockFileKey: FILE,
      recordKey: RECORD,
      historyPrefix: HISTORY,
      jobState: (link) => this.call(worker, 'job state', () => this.jobState(link)),
    };
  }

  private jobState(link: string): JobState {
    const holder = this.workers.find(({ job }) => job === link);
    if (this.options.jobs === 'unknown' || !holder) return 'unknown';
    return holder.dead || holder.ended ? 'ended' : 'running';
  }

  private targetsOf(process: Process, names: readonly string[]): TargetStacks {
    const stacksWith = (others: readonly string[]) => [...new Set([...names, ...others])].map((place) => this.stacks.get(place)!);
    return {
      names,
      inProgress: (others) =>
        this.cloudFormation(process, 'stacks in progress', () =>
          stacksWith(others)
            .filter(isInProgress)
            .map(({ place }) => place),
        ),
      fenceOff: async (below, others) => {
        let highest = 0;
        for (const { changeSets } of stacksWith(others)) {
          const ours = await this.cloudFormation(process, 'ListChangeSets', () =>
            [...changeSets].map((name) => ({ name, fence: originOf(name)!.fence })),
          );
          for (const { name, fence } of ours) {
            if (fence < below) await this.cloudFormation(process, 'DeleteChangeSet', () => void changeSets.delete(name));
            else highest = Math.max(highest, fence);
          }
        }
        return { left: [], highest };
      },
    };
  }

  private clockOf(worker: Process & Partial<Worker>): Clock {
    const boot = 1_000 * (this.workers.findIndex(({ name }) => name === worker.name) + 2);
    return {
      elapsed: () => this.scheduler.time + boot,
      now: () => new Date(START + this.scheduler.time + (worker.skew ?? 0)),
      sleep: (milliseconds, signal) => this.scheduler.sleep(worker, milliseconds, signal),
      uuid: () => this.uuid(),
    };
  }

  private uuid(): string {
    this.uuids += 1;
    return `00000000-0000-4000-8000-${String(this.uuids).padStart(12, '0')}`;
  }
}

function isInProgress({ status }: Pick<Stack, 'status'>): boolean {
  return status.endsWith('IN_PROGRESS');
}

/** What a plan sees of a stack. */
function stateOf({ id, status, template, updates }: Stack) {
  return deployedState({ stackId: id, status, lastUpdated: `update ${updates}`, templateHash: template });
}

function refusal(name: string): CloudFormationServiceException {
  return new CloudFormationServiceException({ name, message: name, $fault: 'client', $metadata: {} });
}

function terraformInfo(id: string): string {
  const created = goTime(new Date(START));
  return jsonOf({
    ID: id,
    Operation: 'OperationTypeApply',
    Info: '',
    Who: 'ada@laptop',
    Version: '1.11.4',
    Created: created,
    Path: LOCK_ID,
  });
}
