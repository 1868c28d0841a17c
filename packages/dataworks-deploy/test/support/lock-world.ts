/** A whole world round the lock: services in memory, stacks, processes that run the real protocol, Terraform, and people. */
import { MemoryItems, MemoryObjects, type Effects } from './memory-services';
import { aRecord } from './records';
import { NetworkError, Scheduler, type Process } from './scheduler';
import { Fault } from '../../src/fault';
import { changeSetName, originOf } from '../../src/lock/change-set-name';
import type { Clock } from '../../src/lock/clock';
import { acquire } from '../../src/lock/lock';
import { goTime, jsonOf } from '../../src/lock/lock-info';
import type { JobState, LockItem, LockServices } from '../../src/lock/lock-services';
import { situationOf } from '../../src/lock/situation';
import { halvesOf } from '../../src/lock/take';
import type { TargetStacks } from '../../src/lock/target-stacks';
import { unlock } from '../../src/lock/unlock';
import { RecordStore } from '../../src/record/store';
import { unrecorded } from '../../src/record/unrecorded';

const LOCK_ID = 'state/dataworks-infra';
const FILE = 'dataworks-infra.tflock';
const RECORD = 'dataworks-infra/record.json';
const HISTORY = 'dataworks-infra/history/';
const STACK = 'eu-central-1/lake';
const DIGEST = 'ab'.repeat(32);
const START = Date.UTC(2026, 10, 24, 10);
/** How long CloudFormation takes, in milliseconds. */
const DEPLOYMENT = 40_000;

export type Halves = 'item' | 'file' | 'both';

interface Worker extends Process {
  /** Milliseconds by which its wall clock is wrong. */
  readonly skew: number;
  job?: string;
  ended: boolean;
}

export interface WorldOptions {
  /** Whether processes run in CI jobs, and whether those can be asked. */
  readonly jobs: 'none' | 'known' | 'unknown';
}

export class World {
  public readonly scheduler = new Scheduler();
  public readonly items = new MemoryItems();
  public readonly objects = new MemoryObjects();
  public readonly violations: string[] = [];
  /** How processes ended. */
  public readonly outcomes: string[] = [];
  /** Names of the change sets that were executed. */
  public readonly executed: string[] = [];
  /** Fencing number of the newest process that was told that it holds the lock. */
  private highest = 0;
  private readonly changeSets = new Set<string>();
  private stack: { status: string; changeSet?: string } = { status: 'CREATE_COMPLETE' };
  private readonly workers: Worker[] = [];
  private readonly everCurrent = new Set<string>();
  private terraform: string[] = [];
  /** Somebody deleted a half by hand, or Terraform blindly: its exclusion is void, and only ours, by the fence, remains. */
  private intervened = false;
  /** World's time of the last sign of life of the item. */
  private lastSign = 0;
  private uuids = 0;

  public constructor(private readonly options: WorldOptions) {}

  /** A process that takes the lock, deploys one stack, records it and releases. */
  public worker(name: string, skew = 0, timeout = 100): Worker {
    const worker: Worker = { name, skew, dead: false, ended: false };
    if (this.options.jobs !== 'none') worker.job = `https://circleci.com/gh/acme/lake/${this.workers.length + 1}`;
    this.workers.push(worker);
    void this.deploy(worker, timeout).then(
      (outcome) => {
        worker.ended = true;
        this.outcomes.push(outcome);
      },
      (error: unknown) => {
        worker.ended = true;
        this.outcomes.push(error instanceof Fault ? error.code : String(error));
        if (!(error instanceof Fault) && !(error instanceof NetworkError)) this.violations.push(`${name}: ${String(error)}`);
      },
    );
    return worker;
  }

  private async deploy(worker: Worker, timeout: number): Promise<string> {
    const services = this.servicesOf(worker);
    const stacks = this.stacksOf(worker);
    const job = worker.job === undefined ? undefined : { url: worker.job, name: 'apply', workflowId: 'w' };
    const request = { services, operation: 'apply', reason: 'a test', who: worker.name, targets: stacks, timeout, tell: () => {} };
    const lock = await acquire({ ...request, ...(job && { job }) });
    if (lock.fence <= this.highest) this.violations.push(`${worker.name}: fence ${lock.fence} after ${this.highest}`);
    this.highest = Math.max(this.highest, lock.fence);
    if (this.stack.status.endsWith('IN_PROGRESS')) this.violations.push(`${worker.name}: got the lock while a stack is in progress`);
    try {
      const store = new RecordStore(services);
      let before = await store.read();
      const last = await this.call(worker, 'DescribeStacks', () => ({ name: 'lake', ...this.stack }));
      const record = async (fence: number, changeSet: string) => {
        const done = { name: 'lake', region: 'eu-central-1', templateHash: 'cd'.repeat(32), changeSet, status: 'UPDATE_COMPLETE' };
        before = await store.write(aRecord({ fence, serial: (before?.record.serial ?? 0) + 1, stacks: [done] }), before);
      };
      for (const one of unrecorded(before?.record, [last])) await record(one.fence, one.changeSet);
      const changeSet = changeSetName(lock.fence, DIGEST);
      await this.call(worker, 'CreateChangeSet', () => void this.changeSets.add(changeSet));
      if (!(await lock.stillMine())) return 'lost';
      await this.call(worker, 'ExecuteChangeSet', () => {
        this.execute(lock.fence, changeSet);
      });
      while (await this.call(worker, 'DescribeStacks', () => this.stack.status.endsWith('IN_PROGRESS'))) {
        await this.scheduler.sleep(worker, 5_000);
      }
      if (lock.lost.aborted) return 'lost';
      await record(lock.fence, changeSet);
      return 'deployed';
    } finally {
      await lock.release();
    }
  }

  private execute(fence: number, changeSet: string): void {
    if (!this.changeSets.delete(changeSet)) throw new NetworkError('ChangeSetNotFound');
    const wrong = (what: string) => this.violations.push(`fence ${fence} executes ${what}`);
    if (this.highest !== fence) wrong(`after ${this.highest} took the lock`);
    if (this.stack.status.endsWith('IN_PROGRESS')) wrong('while another operation is in progress');
    if (this.terraform.length > 0 && !this.intervened) wrong('while Terraform holds the lock');
    this.executed.push(changeSet);
    this.stack = { status: 'UPDATE_IN_PROGRESS', changeSet };
    this.scheduler.later('the stack is deployed', DEPLOYMENT, () => {
      this.stack = { ...this.stack, status: 'UPDATE_COMPLETE' };
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
        if (this.stack.status.endsWith('IN_PROGRESS') && !this.intervened) {
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
    const process: Worker = { name: 'unlock', dead: false, ended: false, skew: 0 };
    const services = this.servicesOf(process);
    try {
      const { holders } = situationOf(await halvesOf(services));
      if (holders.length === 0) return;
      this.intervened = true;
      await unlock({ services, id: holders[0].id, by: 'an administrator', reason: 'a test' });
    } catch (error) {
      if (!(error instanceof Fault) && !(error instanceof NetworkError)) throw error;
    }
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
   * Whatever state this is, the next run gets on: alone, or after somebody unlocked what it says is held. Then everything
   * that was executed is recorded, no record is lost, and nobody holds anything.
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
    let isDeployed = false;
    for (let attempt = 0; attempt < 4 && !isDeployed; attempt += 1) {
      this.outcomes.length = 0;
      this.worker(`recovery ${attempt}`, 0, 300);
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
    if (this.items.item || this.objects.read(FILE)) this.violations.push('the lock is still held');
    const past = new Set(this.objects.keys(HISTORY).map((key) => this.objects.read(key)!.text));
    for (const text of this.everCurrent) if (!past.has(text)) this.violations.push(`a record is lost: ${text}`);
    const history = [...past].join();
    for (const changeSet of this.executed) if (!history.includes(`"${changeSet}"`)) this.violations.push(`${changeSet} is in no record`);
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
    if (before.job !== undefined && this.jobState(before.job) !== 'ended') {
      this.violations.push('breaks the lock of a job that has not ended');
    }
  }

  private servicesOf(worker: Worker): LockServices {
    const over = <T>(effects: Effects<T>, ...names: ReadonlyArray<keyof T & string>): T =>
      Object.fromEntries(
        names.map((name) => [
          name,
          (...args: unknown[]) => this.call(worker, name, () => (effects[name] as (...all: unknown[]) => unknown)(...args)),
        ]),
      ) as T;
    return {
      items: over<LockServices['items']>(this.items, 'read', 'create', 'replace', 'renew', 'remove', 'nextFence'),
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

  private stacksOf(worker: Worker): TargetStacks {
    return {
      names: [STACK],
      inProgress: () => this.call(worker, 'stack in progress', () => (this.stack.status.endsWith('IN_PROGRESS') ? ['lake'] : [])),
      fenceOff: async (below) => {
        const earlier = await this.call(worker, 'ListChangeSets', () =>
          [...this.changeSets].filter((name) => originOf(name)!.fence < below),
        );
        for (const name of earlier) await this.call(worker, 'DeleteChangeSet', () => void this.changeSets.delete(name));
        return [];
      },
    };
  }

  private clockOf(worker: Worker): Clock {
    const boot = 1_000 * (this.workers.indexOf(worker) + 1);
    return {
      elapsed: () => this.scheduler.time + boot,
      now: () => new Date(START + this.scheduler.time + worker.skew),
      sleep: (milliseconds, signal) => this.scheduler.sleep(worker, milliseconds, signal),
      uuid: () => this.uuid(),
    };
  }

  private uuid(): string {
    this.uuids += 1;
    return `00000000-0000-4000-8000-${String(this.uuids).padStart(12, '0')}`;
  }
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
