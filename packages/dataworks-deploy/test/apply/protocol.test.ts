/** The protocol against an account in memory, interrupted before and after everything that it asks of it. */
import { APPLY_FAULTS } from '../../src/apply/faults';
import type { LastOperation } from '../../src/apply/interrupted';
import { operationOf, operationToken } from '../../src/apply/operation-token';
import { placeOf } from '../../src/apply/place';
import { applyUnderLock, type Applied, type ApplyRequest, type Deployer } from '../../src/apply/protocol';
import { RolledBackError, UnclearError } from '../../src/apply/stack-deployment';
import { Fault } from '../../src/fault';
import { FAULTS } from '../../src/faults';
import { changeSetName } from '../../src/lock/change-set-name';
import { LOCK_FAULTS } from '../../src/lock/faults';
import { PLAN_FAULTS } from '../../src/plan/faults';
import type { DeployedState, Plan, PlannedStack } from '../../src/plan/plan';
import { RECORD_FAULTS } from '../../src/record/faults';
import type { DeploymentRecord } from '../../src/record/record';
import type { StoredRecord } from '../../src/record/store';
import { change, deployedState, DIGEST, planWith, plannedStack } from '../support/planned';

const STUCK = 'UPDATE_ROLLBACK_FAILED';

/** Thrown in the place of everything that comes after the end of a process. */
class Killed extends Error {}

interface Stack {
  readonly state: DeployedState;
  /** Newest first. */
  readonly operations: Array<{ readonly token: string; readonly status: string }>;
}

/** CloudFormation, the record and the lock, as they outlive a process. */
class World {
  public readonly stacks = new Map<string, Stack>();
  public records: DeploymentRecord[] = [];
  public readonly executed: string[] = [];
  public holder = 0;
  /** Stacks of holders whose work may be in no record. */
  public readonly remembered = new Set<string>();
  public readonly plans = new Map<string, Plan>();
  /** Stacks whose deployment fails. */
  public readonly failing = new Set<string>();
  /** Stacks of which also the rollback fails. */
  public readonly stuck = new Set<string>();
  /** Stacks whose files cannot be read. */
  public readonly unreadable = new Set<string>();
  /** Why the assets cannot be what is deployed. */
  public assets?: Fault;
  /** Stacks whose assets were checked. */
  public readonly checked: string[] = [];
  /** Stacks whose termination protection was made what the plan says. */
  public readonly protectedStacks: string[] = [];
  /** Serials of the records that were put into the history once more. */
  public readonly completed: number[] = [];
  /** Whether the plan was written by hand. */
  public isInvented = false;
  /** Whether the history has another record of the current serial. */
  public isContradicted = false;
  /** Calls until the process is killed. */
  public lives = Infinity;
  public calls = 0;
  public readonly told: string[] = [];

  public deploy(place: string, token: string): string {
    this.executed.push(token);
    const before = this.stacks.get(place);
    const status = this.stuck.has(place) ? STUCK : this.failing.has(place) ? 'UPDATE_ROLLBACK_COMPLETE' : 'UPDATE_COMPLETE';
    this.stacks.set(place, {
      state: deployedState({ status, stackId: `arn:${place}`, lastUpdated: `update ${this.executed.length}`, templateHash: token }),
      operations: [{ token, status }, ...(before?.operations ?? [])],
    });
    return status;
  }

  /** A call over the network: it may be the last thing that the process does, or its answer may be the first that it misses. */
  private async call<T>(work: () => T): Promise<T> {
    await Promise.resolve();
    this.calls += 1;
    if (this.calls > this.lives) throw new Killed();
    const answer = work();
    this.calls += 1;
    if (this.calls > this.lives) throw new Killed();
    return answer;
  }

  public apply(plan: Plan, changes: Partial<ApplyRequest> = {}): Promise<Applied> {
    this.calls = 0;
    this.holder += 1;
    const fence = this.holder;
    const deployer: Deployer = {
      deployed: (place) =>
        this.call(() => {
          const state = this.stacks.get(place)?.state;
          if (state?.status === STUCK) throw new Fault(PLAN_FAULTS.unsettledStack, { received: `${place}: ${STUCK}` });
          return state;
        }),
      lastOperation: (place, above) =>
        this.call((): LastOperation | undefined => {
          for (const [index, { token, status }] of (this.stacks.get(place)?.operations ?? []).entries()) {
            const operation = operationOf(token);
            if (operation && operation.fence <= above) return undefined;
            if (operation) return { place, stackId: `arn:${place}`, operation, status, isLast: index === 0 };
          }
          return undefined;
        }),
      checkPlan: () =>
        this.isInvented ? Promise.reject(new Fault(APPLY_FAULTS.notMade, { received: 'changes of network' })) : Promise.resolve(),
      checkAssets: (stacks) => {
        this.checked.push(...stacks.map(({ name }) => name));
        return this.assets ? Promise.reject(this.assets) : Promise.resolve();
      },
      deployment: (stack, { token, mayGoOn }) => {
        if (this.unreadable.has(placeOf(stack))) throw new Error('ENOENT: no such file');
        return {
          protect: () => {
            this.protectedStacks.push(stack.name);
            return Promise.resolve();
          },
          run: async () => {
            await mayGoOn();
            const place = placeOf(stack);
            const status = await this.call(() => this.deploy(place, token));
            const { fence: of, digest } = operationOf(token)!;
            const outcome = { id: `arn:${place}`, status, changeSet: changeSetName(of, digest), isTouched: true };
            if (status !== 'UPDATE_COMPLETE') throw new RolledBackError(outcome, `${place} ended as ${status}`);
            return outcome;
          },
        };
      },
      plan: (digest) => this.call(() => this.plans.get(digest)),
    };
    return applyUnderLock({
      plan,
      judge: () => this.call(() => []),
      by: { arn: 'arn:aws:iam::111122223333:user/ada' },
      lock: {
        info: { ID: `lock-${fence}`, Operation: 'apply', Info: '', Who: '', Version: '', Created: '', Path: '' },
        fence,
        stacks: [...new Set([...this.remembered, ...plan.stacks.map(placeOf)])],
        outnumberedBy: (by) =>
          this.call(() => {
            if (this.holder !== fence) return new Fault(LOCK_FAULTS.lost, { received: '' });
            this.holder = Math.max(this.holder, by);
            return new Fault(LOCK_FAULTS.counterBack, { received: '' });
          }),
        recorded: () => {
          this.remembered.clear();
          return Promise.resolve();
        },
        stillMine: () => this.call(() => this.holder === fence),
        release: () => Promise.resolve(),
        leave: () => undefined,
        lost: new AbortController().signal,
      },
      store: {
        read: () => this.call(() => this.stored()),
        complete: ({ serial }) =>
          this.call(() => {
            if (this.isContradicted) throw new Fault(RECORD_FAULTS.historyTaken, { received: '1' });
            this.completed.push(serial);
          }),
        write: (record, before) =>
          this.call(() => {
            expect(record.serial).toBe((this.stored()?.record.serial ?? 0) + 1);
            expect(before?.etag).toBe(this.stored()?.etag);
            this.records.push(record);
            return this.stored()!;
          }),
      },
      deployer,
      stop: new AbortController().signal,
      now: () => new Date('2026-11-24T10:00:00Z'),
      tell: (line) => this.told.push(line),
      ...changes,
    });
  }

  private stored(): StoredRecord | undefined {
    const record = this.records.at(-1);
    return record && { record, etag: `etag ${record.serial}` };
  }
}

const stack = (name: string, changes: Partial<PlannedStack> = {}) =>
  plannedStack({
    name,
    artifactId: name,
    deployed: undefined,
    changes: [change('Topic', 'AWS::SNS::Topic', { action: 'add' })],
    ...changes,
  });

/** Two that depend on each other, and one beside them. */
const PLAN = planWith([stack('network'), stack('lake', { dependsOn: ['network'] }), stack('audit')], { state: undefined });
const OTHER = { ...PLAN, digest: 'cd'.repeat(32) };
const UNREACHABLE = new Fault(FAULTS.unreachable, { received: 'no answer' });

/** An account in which nothing is deployed yet. */
const IDLE: Omit<Deployer, 'deployment'> = {
  deployed: () => Promise.resolve(undefined),
  lastOperation: () => Promise.resolve(undefined),
  plan: () => Promise.resolve(undefined),
  checkPlan: () => Promise.resolve(),
  checkAssets: () => Promise.resolve(),
};

async function codeOf(applied: Promise<Applied>): Promise<string> {
  try {
    return (await applied).fault?.code ?? 'applied';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

test('every stack once, then the record; stacks of earlier holders are forgotten', async () => {
  const world = new World();
  world.remembered.add('eu-central-1/old');
  const { record, fault } = await world.apply(PLAN);
  expect(fault).toBeUndefined();
  expect(record).toMatchObject({ serial: 1, result: 'succeeded', planDigest: DIGEST, fence: 1 });
  expect(record.stacks.map(({ name, status }) => [name, status])).toEqual([
    ['network', 'UPDATE_COMPLETE'],
    ['lake', 'UPDATE_COMPLETE'],
    ['audit', 'UPDATE_COMPLETE'],
  ]);
  expect(world.executed).toHaveLength(3);
  expect(world.remembered.size).toBe(0);
});

test('killed before or after any call: the next run of the plan finishes it, nothing is done twice, one record', async () => {
  const whole = new World();
  await whole.apply(PLAN);
  const { calls } = whole;
  expect(calls).toBeGreaterThan(20);
  for (let lives = 1; lives <= calls; lives += 1) {
    const world = new World();
    world.lives = lives;
    await world.apply(PLAN).catch(() => undefined);
    world.lives = Infinity;
    expect(await codeOf(world.apply(PLAN))).toBe('applied');
    expect(world.executed).toHaveLength(3);
    expect(world.records).toHaveLength(1);
    expect(world.records[0]).toMatchObject({ result: 'succeeded', planDigest: DIGEST });
    for (const { changeSet, status } of world.records[0].stacks) {
      expect(changeSet).toMatch(/^dataworks-[12]-abababababab$/);
      expect(status).toBe('UPDATE_COMPLETE');
    }
  }
});

test('killed twice, at any two calls: the third run finishes it', async () => {
  const whole = new World();
  await whole.apply(PLAN);
  for (let first = 1; first <= whole.calls; first += 2) {
    for (let second = 1; second <= whole.calls; second += 3) {
      const world = new World();
      for (const lives of [first, second]) {
        world.lives = lives;
        await world.apply(PLAN).catch(() => undefined);
      }
      world.lives = Infinity;
      expect(await codeOf(world.apply(PLAN))).toBe('applied');
      expect(world.executed).toHaveLength(3);
      expect(world.records).toHaveLength(1);
    }
  }
});

test('killed at any call, then another plan: what was done is recorded first, and that plan is stale', async () => {
  const whole = new World();
  await whole.apply(PLAN);
  for (let lives = 1; lives <= whole.calls; lives += 1) {
    const world = new World();
    world.plans.set(DIGEST, PLAN);
    world.lives = lives;
    await world.apply(PLAN).catch(() => undefined);
    world.lives = Infinity;
    const { executed } = world;
    const done = executed.length;
    const code = await codeOf(world.apply(OTHER));
    if (done === 0) {
      expect(code).toBe('applied');
      continue;
    }
    expect(code).toBe('DW3306');
    expect(executed).toHaveLength(done);
    expect(world.records).toHaveLength(1);
    expect(world.records[0]).toMatchObject({ planDigest: DIGEST, commit: PLAN.commit, result: done === 3 ? 'succeeded' : 'failed' });
    const recorded = world.records[0].stacks.filter(({ changeSet }) => changeSet === 'dataworks-1-abababababab');
    expect(recorded).toHaveLength(done);
    // And a plan of what is there now is applied.
    const state = { serial: 1, lineage: world.records[0].lineage };
    const next = planWith(
      PLAN.stacks.map((one) => ({ ...one, deployed: world.stacks.get(placeOf(one))?.state })),
      { digest: 'ee'.repeat(32), state },
    );
    expect(await codeOf(world.apply(next))).toBe('applied');
  }
});

test('killed before a stack was protected, then another plan: not recorded as done', async () => {
  for (const [terminationProtection, result] of [
    [false, 'succeeded'],
    [true, 'failed'],
  ] as const) {
    const world = new World();
    const plan = planWith([{ ...stack('lake'), terminationProtection }], { digest: DIGEST });
    world.plans.set(DIGEST, plan);
    world.holder = 1;
    world.deploy('eu-central-1/lake', operationToken({ fence: 1, digest: DIGEST, serial: 1 }, 'eu-central-1/lake'));
    expect(await codeOf(world.apply(OTHER))).toBe('DW3306');
    expect(world.records).toMatchObject([{ planDigest: DIGEST, result }]);
  }
});

test('killed before the record, with a stack of which only the protection changes, then another plan: recorded as done once it is protected', async () => {
  for (const [isSet, result, status] of [
    [true, 'succeeded', 'UPDATE_COMPLETE'],
    [false, 'failed', 'notReached'],
  ] as const) {
    const world = new World();
    const deployed = deployedState();
    const otherChanges = [{ what: 'terminationProtection', names: ['on'] }] as const;
    const audit = stack('audit', { deployed, changes: [], otherChanges, terminationProtection: true });
    world.plans.set(DIGEST, planWith([stack('lake'), audit], { digest: DIGEST }));
    world.holder = 1;
    world.deploy('eu-central-1/lake', operationToken({ fence: 1, digest: DIGEST, serial: 1 }, 'eu-central-1/lake'));
    world.stacks.set('eu-central-1/audit', { state: { ...deployed, terminationProtection: isSet }, operations: [] });
    expect(await codeOf(world.apply(OTHER))).toBe('DW3306');
    expect(world.records).toMatchObject([{ planDigest: DIGEST, result, stacks: [{ name: 'lake' }, { name: 'audit', status }] }]);
  }
});

test('a record of what another plan has left has the fencing number of that, and leaves nothing later unseen', async () => {
  const world = new World();
  const of = (fence: number, digest: string, place: string) => operationToken({ fence, digest, serial: 1 }, place);
  world.holder = 2;
  world.deploy('eu-central-1/network', of(1, DIGEST, 'eu-central-1/network'));
  world.deploy('eu-central-1/audit', of(2, 'ee'.repeat(32), 'eu-central-1/audit'));
  for (const expected of [
    { serial: 1, fence: 1, planDigest: DIGEST },
    { serial: 2, fence: 2, planDigest: 'ee'.repeat(32) },
  ]) {
    expect(await codeOf(world.apply(OTHER))).toBe('DW3306');
    expect(world.records.at(-1)).toMatchObject(expected);
  }
});

test('that the assembly was given is recorded, also by whoever records an interrupted run', async () => {
  const given = { ...PLAN, assemblyGiven: true } as const;
  const world = new World();
  expect((await world.apply(given)).record).toMatchObject({ assemblyGiven: true });
  const interrupted = new World();
  interrupted.plans.set(DIGEST, given);
  interrupted.lives = 22;
  await interrupted.apply(given).catch(() => undefined);
  interrupted.lives = Infinity;
  expect(await codeOf(interrupted.apply(OTHER))).toBe('DW3306');
  expect(interrupted.records).toMatchObject([{ planDigest: DIGEST, assemblyGiven: true }]);
});

test('what an interrupted run has left of a stack that neither the next plan nor the record has is found all the same', async () => {
  for (const isKnown of [true, false]) {
    const world = new World();
    if (isKnown) world.plans.set(DIGEST, PLAN);
    world.holder = 1;
    world.deploy('eu-central-1/audit', operationToken({ fence: 1, digest: DIGEST, serial: 1 }, 'eu-central-1/audit'));
    world.remembered.add('eu-central-1/audit');
    const other = planWith([stack('lake')], { digest: 'ee'.repeat(32), state: undefined });
    expect(await codeOf(world.apply(other))).toBe('DW3306');
    expect(world.records).toMatchObject([{ serial: 1, fence: 1, planDigest: DIGEST, result: 'failed' }]);
    expect(world.records[0].stacks).toContainEqual(
      expect.objectContaining({ name: 'audit', region: 'eu-central-1', changeSet: 'dataworks-1-abababababab', status: 'UPDATE_COMPLETE' }),
    );
    expect(world.remembered.size).toBe(1); // until a record of the one who looked
  }
});

test('what an interrupted run has left is recorded also when its plan is gone', async () => {
  const world = new World();
  world.lives = 22;
  await world.apply(PLAN).catch(() => undefined);
  world.lives = Infinity;
  expect(world.executed.length).toBeGreaterThan(0);
  expect(await codeOf(world.apply(OTHER))).toBe('DW3306');
  expect(world.records[0]).toMatchObject({ planDigest: DIGEST, commit: 'unknown', dirty: true, result: 'failed' });
});

test('what an interrupted run has done to all of its stacks, one of them in vain, is recorded as failed by the next plan', async () => {
  const world = new World();
  const one = planWith([stack('lake')], { state: undefined });
  world.plans.set(DIGEST, one);
  world.failing.add('eu-central-1/lake');
  world.holder = 1;
  world.deploy('eu-central-1/lake', operationToken({ fence: 1, digest: DIGEST, serial: 1 }, 'eu-central-1/lake'));
  expect(await codeOf(world.apply({ ...one, digest: OTHER.digest }))).toBe('DW3306');
  expect(world.records).toMatchObject([{ planDigest: DIGEST, result: 'failed' }]);
});

test('what an interrupted run has left of a stack that only the record has is found, also when the table was made anew', async () => {
  const world = new World();
  await world.apply(PLAN);
  world.holder = 2;
  const digest = 'ee'.repeat(32);
  world.deploy('eu-central-1/audit', operationToken({ fence: 2, digest, serial: 2 }, 'eu-central-1/audit'));
  const state = { serial: 1, lineage: world.records[0].lineage };
  const deployed = world.stacks.get('eu-central-1/lake')!.state;
  expect(await codeOf(world.apply(planWith([stack('lake', { deployed })], { digest: OTHER.digest, state })))).toBe('DW3306');
  expect(world.records.at(-1)).toMatchObject({ serial: 2, fence: 2, planDigest: digest });
});

describe('what an interrupted run of the plan has done', () => {
  const begun = (): World => {
    const world = new World();
    world.deploy('eu-central-1/network', operationToken({ fence: 1, digest: DIGEST, serial: 1 }, 'eu-central-1/network'));
    world.holder = 1;
    return world;
  };

  test('is not checked again, but for its protection', async () => {
    const world = begun();
    world.isInvented = true; // the stacks are no longer as the plan was made of
    expect(await codeOf(world.apply(PLAN))).toBe('applied');
    expect(world.checked).toEqual(['lake', 'audit']);
    expect(world.protectedStacks).toEqual(['network']);
  });

  test('is left as it is when nothing more is begun', async () => {
    const world = begun();
    const judge = () => Promise.reject(new Fault(APPLY_FAULTS.tooOld, { received: 'planned 9h0m ago' }));
    expect(await codeOf(world.apply(PLAN, { judge }))).toBe('DW3303');
    expect(world.protectedStacks).toEqual([]);
  });

  test.each<[string, (world: World) => Partial<ApplyRequest>]>([
    ['the approvals', () => ({ judge: () => Promise.reject(UNREACHABLE) })],
    [
      'the assets',
      (world) => {
        world.assets = UNREACHABLE;
        return {};
      },
    ],
  ])('is not recorded as failed because nothing answers when %s are asked for: the next run goes on', async (_what, cut) => {
    const world = begun();
    expect(await codeOf(world.apply(PLAN, cut(world)))).toBe(UNREACHABLE.code);
    expect(world.records).toEqual([]);
    world.assets = undefined;
    expect(await codeOf(world.apply(PLAN))).toBe('applied');
  });

  test('in vain is recorded as failed, whatever nobody answers about the other stacks', async () => {
    const world = new World();
    world.failing.add('eu-central-1/network');
    world.deploy('eu-central-1/network', operationToken({ fence: 1, digest: DIGEST, serial: 1 }, 'eu-central-1/network'));
    world.holder = 1;
    world.assets = UNREACHABLE;
    expect(await codeOf(world.apply(PLAN))).toBe('DW3321');
    expect(world.records).toMatchObject([{ result: 'failed' }]);
  });
});

test('the same plan again, after it is recorded: nothing is done', async () => {
  const world = new World();
  await world.apply(PLAN);
  expect(await world.apply(PLAN)).toMatchObject({ isOld: true, record: { serial: 1 } });
  expect(world.executed).toHaveLength(3);
  expect(world.completed).toEqual([1]); // a crash may have kept it out of the history
});

describe('a stack that fails', () => {
  test('is recorded as failed; what depends on it is not reached, what does not is recorded as it ended', async () => {
    const world = new World();
    world.failing.add('eu-central-1/network');
    const { record, fault } = await world.apply(PLAN);
    expect(fault).toMatchObject({ code: 'DW3321', exitCode: 6 });
    expect(record.result).toBe('failed');
    expect(Object.fromEntries(record.stacks.map(({ name, status }) => [name, status]))).toMatchObject({
      network: 'UPDATE_ROLLBACK_COMPLETE',
      lake: 'notReached',
    });
    expect(await codeOf(world.apply(PLAN))).toBe('DW3309');
    expect(world.records).toHaveLength(1);
  });

  test('and then the process is killed: the next run records it, and does not try again', async () => {
    for (let lives = 1; ; lives += 1) {
      const world = new World();
      world.failing.add('eu-central-1/network');
      world.lives = lives;
      await world.apply(PLAN).catch(() => undefined);
      const hasFailed = world.stacks.get('eu-central-1/network') !== undefined;
      const isRecorded = world.records.length > 0;
      world.lives = Infinity;
      if (isRecorded) break;
      expect(await codeOf(world.apply(PLAN))).toBe('DW3321');
      expect(world.executed.filter((token) => token.endsWith(world.executed[0].slice(-12)))).toHaveLength(1);
      expect(world.records).toMatchObject([{ result: 'failed' }]);
      expect(hasFailed || lives < 30).toBe(true);
    }
  });
});

test('of two stacks that fail the first is reported, and the other is told', async () => {
  const world = new World();
  world.failing.add('eu-central-1/network').add('eu-central-1/audit');
  const { fault } = await world.apply(PLAN);
  expect(fault?.received).toBe('eu-central-1/network ended as UPDATE_ROLLBACK_COMPLETE');
  expect(world.told).toContainEqual(expect.stringMatching(/^DW3321: .*audit ended as UPDATE_ROLLBACK_COMPLETE/));
});

test('a stack that was about to begin does not, once another has failed', async () => {
  const world = new World();
  let begun = 0;
  const deployment: Deployer['deployment'] = ({ name }, { mayGoOn }) => ({
    protect: () => Promise.resolve(),
    run: async () => {
      if (name === 'network') throw new Fault(APPLY_FAULTS.changeSetFailed, { received: 'network' });
      await new Promise(setImmediate);
      await mayGoOn();
      begun += 1;
      return { id: '', status: 'UPDATE_COMPLETE', isTouched: true };
    },
  });
  expect(await codeOf(world.apply(PLAN, { deployer: { ...IDLE, deployment } }))).toBe('DW3320');
  expect([begun, world.records]).toEqual([0, []]);
});

describe('a record that cannot be written', () => {
  const store = (error: Fault) => ({
    read: () => Promise.resolve(undefined),
    complete: () => Promise.resolve(),
    write: () => Promise.reject(error),
  });
  const changed = new Fault(RECORD_FAULTS.changed, { received: 'a record' });

  test('leaves what was done unclear', async () => {
    const refused = new World().apply(PLAN, { store: store(UNREACHABLE) });
    await expect(refused).rejects.toMatchObject({ code: 'DW3330', received: expect.stringContaining('could not be recorded') as string });
    expect(await codeOf(new World().apply(PLAN, { store: store(changed) }))).toBe('DW3103');
  });

  test('is just that when nothing was done', async () => {
    const nothing = planWith([], { state: undefined });
    expect(await codeOf(new World().apply(nothing, { store: store(UNREACHABLE) }))).toBe(UNREACHABLE.code);
  });
});

describe('a stack that can be neither changed nor taken back', () => {
  const stuck = () => {
    const world = new World();
    world.stuck.add('eu-central-1/network');
    return world;
  };
  const expectRecorded = ({ records }: World) => {
    expect(records).toMatchObject([{ result: 'failed', stacks: [{ name: 'network', status: STUCK }, { status: 'notReached' }, {}] }]);
  };

  test('is recorded as failed, and says how to get out', async () => {
    const world = stuck();
    const { fault } = await world.apply(PLAN);
    expect(fault).toMatchObject({ code: 'DW3325', exitCode: 7, fix: expect.stringContaining('continue-update-rollback') as string });
    expectRecorded(world);
  });

  test.each([
    ['of the plan', PLAN],
    ['of another plan', OTHER],
  ])('and then the process is killed: the next run, %s, records it', async (_, next) => {
    const world = stuck();
    world.plans.set(DIGEST, PLAN);
    for (world.lives = 1; !world.stacks.has('eu-central-1/network'); world.lives += 1) await world.apply(PLAN).catch(() => undefined);
    expect(world.records).toEqual([]);
    world.lives = Infinity;
    expect(await codeOf(world.apply(next))).toBe(next === PLAN ? 'DW3325' : 'DW3306');
    expectRecorded(world);
  });

  test('left by somebody else, beside what an interrupted run has done: that is recorded', async () => {
    const world = new World();
    for (world.lives = 1; world.executed.length === 0; world.lives += 1) await world.apply(PLAN).catch(() => undefined);
    world.lives = Infinity;
    const other = ['network', 'audit'].map((name) => `eu-central-1/${name}`).find((place) => !world.stacks.has(place))!;
    world.stuck.add(other);
    world.deploy(other, 'Console-1');
    expect(await codeOf(world.apply(PLAN))).toBe('DW3228');
    expect(world.records).toMatchObject([{ result: 'failed' }]);
  });
});

describe('refused', () => {
  test('stale: nothing is done and nothing recorded', async () => {
    const world = new World();
    world.deploy('eu-central-1/audit', 'Console-1');
    expect(await codeOf(world.apply(PLAN))).toBe('DW3306');
    expect(world.executed).toEqual(['Console-1']);
    expect(world.records).toEqual([]);
  });

  test('what became too old while it waited for the lock: nothing is done and nothing recorded', async () => {
    const world = new World();
    const judge = () => Promise.reject(new Fault(APPLY_FAULTS.tooOld, { received: 'planned 9h0m ago' }));
    expect(await codeOf(world.apply(PLAN, { judge }))).toBe('DW3303');
    expect([world.executed, world.records]).toEqual([[], []]);
  });

  test('what became too old after a run of it was interrupted: what that has done is recorded, and no more is done', async () => {
    const world = new World();
    world.deploy('eu-central-1/network', operationToken({ fence: 1, digest: DIGEST, serial: 1 }, 'eu-central-1/network'));
    world.holder = 1;
    const judge = () => Promise.reject(new Fault(APPLY_FAULTS.tooOld, { received: 'planned 9h0m ago' }));
    expect(await codeOf(world.apply(PLAN, { judge }))).toBe('DW3303');
    expect(world.executed).toHaveLength(1);
    expect(world.records).toMatchObject([{ result: 'failed', approvals: [] }]);
  });

  test('the approvals that count under the lock are those of the record', async () => {
    const approval = { arn: 'arn:aws:iam::111122223333:user/ada', approver: 'ada', at: '2026-11-24T09:00:00.000Z' };
    const { record } = await new World().apply(PLAN, { judge: () => Promise.resolve([approval]) });
    expect(record.approvals).toEqual([approval]);
  });

  test('the lock is lost before the first stack: nothing is done', async () => {
    const world = new World();
    const lock = { stillMine: () => Promise.resolve(false) };
    const request = { lock: { ...lock, info: { ID: 'x' }, fence: 1, stacks: [] } } as unknown as Partial<ApplyRequest>;
    expect(await codeOf(world.apply(PLAN, request))).toBe('DW3003');
    expect(world.executed).toEqual([]);
  });

  test('somebody wants to stop before the first stack: nothing is done and nothing recorded', async () => {
    const world = new World();
    await expect(world.apply(PLAN, { stop: AbortSignal.abort('SIGTERM') })).rejects.toMatchObject({ code: 'DW3324', exitCode: 1 });
    expect(world.records).toEqual([]);
  });

  test('somebody wants to stop while a stack is deployed: it is seen to its end, nothing more is begun, and it is recorded', async () => {
    const world = new World();
    const stop = new AbortController();
    const deploy = world.deploy.bind(world);
    world.deploy = (place, token) => {
      stop.abort('SIGTERM');
      return deploy(place, token);
    };
    const { record, fault } = await world.apply(PLAN, { stop: stop.signal });
    expect(fault?.code).toBe('DW3323');
    expect(record.result).toBe('failed');
    expect(record.stacks).toContainEqual(expect.objectContaining({ name: 'lake', status: 'notReached' }));
  });
});

test('the lock is lost while a stack is deployed: no further stack, no record, and the next run finishes', async () => {
  const world = new World();
  const deploy = world.deploy.bind(world);
  world.deploy = (place, token) => {
    world.holder += 1; // somebody has taken it
    return deploy(place, token);
  };
  expect(await codeOf(world.apply(PLAN))).toBe('DW3003');
  expect(world.records).toEqual([]);
  const begun = world.executed.length;
  expect(begun).toBeLessThan(3);
  world.deploy = deploy;
  expect(await codeOf(world.apply(PLAN))).toBe('applied');
  expect(world.executed).toHaveLength(3);
});

test('something else is published under the name of an asset: refused before the first stack', async () => {
  const world = new World();
  world.assets = new Fault(APPLY_FAULTS.otherAsset, { received: 's3://staging/a' });
  expect(await codeOf(world.apply(PLAN))).toBe('DW3314');
  expect([world.executed, world.records]).toEqual([[], []]);
});

test('the history has another record than the current one: refused before the first stack', async () => {
  const world = new World();
  await world.apply(PLAN);
  world.isContradicted = true;
  expect(await codeOf(world.apply({ ...OTHER, state: { serial: 1, lineage: world.records[0].lineage } }))).toBe('DW3104');
  expect([world.executed.length, world.records.length]).toEqual([3, 1]);
});

test('planning again does not give the plan: refused before the first stack', async () => {
  const world = new World();
  world.isInvented = true;
  expect(await codeOf(world.apply(PLAN))).toBe('DW3312');
  expect([world.executed, world.records]).toEqual([[], []]);
});

test('the next holder of the lock is in the way: the lock is lost, whatever else that looks like', async () => {
  const world = new World();
  world.deploy = () => {
    world.holder += 1;
    throw new Fault(APPLY_FAULTS.stackBusy, { received: 'network (no such change set)' });
  };
  expect(await codeOf(world.apply(PLAN))).toBe('DW3003');
  const stranger = new World();
  stranger.deploy = () => {
    throw new Fault(APPLY_FAULTS.stackBusy, { received: 'network (UPDATE_IN_PROGRESS)' });
  };
  expect(await codeOf(stranger.apply(PLAN))).toBe('DW3310');
});

test.each([
  ['but its heartbeat goes on: a stranger is in the way', new AbortController().signal, 'DW3310'],
  ['and its heartbeat has ended: the lock is lost', AbortSignal.abort(), 'DW3003'],
])('nobody answers whose the lock is, %s', async (_what, lost, code) => {
  const answers = [true];
  const stillMine = () => (answers.pop() ? Promise.resolve(true) : Promise.reject(UNREACHABLE));
  const lock = { info: { ID: 'x' }, fence: 1, stacks: [], stillMine, lost };
  const busy = new World();
  busy.deploy = () => {
    throw new Fault(APPLY_FAULTS.stackBusy, { received: 'network (UPDATE_IN_PROGRESS)' });
  };
  const one = planWith([stack('network')], { state: undefined });
  expect(await codeOf(busy.apply(one, { lock } as unknown as Partial<ApplyRequest>))).toBe(code);
});

test('what is no refusal of anybody: recorded with what was done beside it, and not unclear', async () => {
  const world = new World();
  const deploy = world.deploy.bind(world);
  world.deploy = (place, token) => {
    if (place === 'eu-central-1/lake') throw new TypeError('a defect');
    return deploy(place, token);
  };
  const { fault, record } = await world.apply(PLAN);
  expect(fault).toMatchObject({ code: 'DW2199', exitCode: 1, received: 'a defect' });
  expect(record).toMatchObject({
    result: 'failed',
    stacks: [{ name: 'network', status: 'UPDATE_COMPLETE' }, { status: 'notReached' }, {}],
  });
});

test('a stack is refused while another one is prepared: that one is not begun, and nobody is told to apply again', async () => {
  const world = new World();
  const applied = world.apply(planWith([stack('lake'), stack('audit')], { state: undefined }), {
    deployer: {
      ...IDLE,
      deployment: ({ name }, { mayGoOn }) => ({
        protect: () => Promise.resolve(),
        run: async () => {
          await mayGoOn();
          if (name === 'lake') throw new Fault(APPLY_FAULTS.diverged, { received: 'lake' });
          await new Promise(setImmediate); // its change set is made meanwhile
          await mayGoOn();
          throw new Error('it was begun');
        },
      }),
    },
  });
  await expect(applied).rejects.toMatchObject({ code: 'DW3308' });
  expect(world.told).toEqual([expect.stringMatching(/^DW3327: .*Received: audit\./)]);
});

test('the files of a stack cannot be read: what is deployed beside it is seen to its end, and recorded', async () => {
  const world = new World();
  world.unreadable.add('eu-central-1/audit');
  const { fault, record } = await world.apply(PLAN);
  expect(fault).toMatchObject({ code: 'DW2199', exitCode: 1 });
  expect(record).toMatchObject({
    result: 'failed',
    stacks: [{ name: 'network', status: 'UPDATE_COMPLETE' }, {}, { status: 'notReached' }],
  });
});

test('a holder that wakes late and sees what the next one does takes it for no leftover: it has lost the lock', async () => {
  for (const digest of [DIGEST, 'ee'.repeat(32)]) {
    const world = new World();
    const lock = { fence: 2, stacks: [], outnumberedBy: () => Promise.resolve(new Fault(LOCK_FAULTS.lost, { received: '' })) };
    world.deploy('eu-central-1/network', operationToken({ fence: 3, digest, serial: 1 }, 'eu-central-1/network'));
    expect(await codeOf(world.apply(PLAN, { lock } as unknown as Partial<ApplyRequest>))).toBe('DW3003');
    expect([world.executed.length, world.records.length]).toEqual([1, 0]);
  }
});

describe('the fencing counter has gone back', () => {
  const next = (world: World) =>
    planWith(
      PLAN.stacks.map((one) => ({ ...one, deployed: world.stacks.get(placeOf(one))?.state })),
      { digest: 'ee'.repeat(32), state: { serial: 1, lineage: world.records[0].lineage } },
    );

  test.each([0, 6])('to %i, and there is a record: nothing is executed, and the next run is applied', async (counter) => {
    const world = new World();
    world.holder = 6;
    await world.apply(PLAN);
    world.holder = counter;
    expect(await codeOf(world.apply(next(world)))).toBe('DW3008');
    expect([world.executed.length, world.records.length]).toEqual([3, 1]);
    expect(await codeOf(world.apply(next(world)))).toBe('applied');
    expect(world.records.at(-1)).toMatchObject({ serial: 2, fence: 8 });
  });

  test('and what was executed is in no record: it is not executed again, and the next run finishes it', async () => {
    const world = new World();
    world.deploy('eu-central-1/network', operationToken({ fence: 7, digest: DIGEST, serial: 1 }, 'eu-central-1/network'));
    expect(await codeOf(world.apply(PLAN))).toBe('DW3008');
    expect([world.executed.length, world.records.length]).toEqual([1, 0]);
    expect(await codeOf(world.apply(PLAN))).toBe('applied');
    expect(world.executed).toHaveLength(3);
    expect(world.records).toMatchObject([{ fence: 8, result: 'succeeded' }]);
  });
});

test('stacks of one name in two regions: each is compared and deployed for itself', async () => {
  const world = new World();
  const both = [stack('lake', { artifactId: 'here' }), stack('lake', { artifactId: 'there', region: 'eu-west-1' })];
  expect(await codeOf(world.apply(planWith(both, { state: undefined })))).toBe('applied');
  const deployed = both.map((one) => ({ ...one, deployed: world.stacks.get(placeOf(one))!.state }));
  const state = { serial: 1, lineage: world.records[0].lineage };
  expect(await codeOf(world.apply(planWith(deployed, { digest: 'ee'.repeat(32), state })))).toBe('applied');
  expect(world.executed).toHaveLength(4);
});

test('the end of a stack is not seen: unclear, and nothing is recorded', async () => {
  const world = new World();
  const applied = world.apply(planWith([stack('lake')], { state: undefined }), {
    deployer: {
      ...IDLE,
      deployment: () => ({
        protect: () => Promise.resolve(),
        run: () => Promise.reject(new UnclearError('lake', new Error('no answer'))),
      }),
    },
  });
  await expect(applied).rejects.toMatchObject({ code: 'DW3330', exitCode: 7 });
  expect(world.records).toEqual([]);
});

test('the end of one stack is not seen, that of another is: nothing is recorded, the next run finds out', async () => {
  const world = new World();
  const deploy = world.deploy.bind(world);
  world.deploy = (place, token) => {
    const status = deploy(place, token);
    if (place === 'eu-central-1/lake') throw new UnclearError('lake', new Error('no answer'));
    return status;
  };
  expect(await codeOf(world.apply(PLAN))).toBe('DW3330');
  expect(world.executed).toHaveLength(3);
  expect(world.records).toEqual([]);
  expect(await codeOf(world.apply(PLAN))).toBe('applied');
  expect(world.executed).toHaveLength(3);
  expect(world.records).toMatchObject([{ result: 'succeeded' }]);
});

test('somebody changes a stack between the end of an interrupted run and the next one: stale, and recorded as failed', async () => {
  const world = new World();
  world.lives = 22;
  await world.apply(PLAN).catch(() => undefined);
  world.lives = Infinity;
  const [changed] = world.stacks.keys();
  world.deploy(changed, 'Console-1');
  const { fault, record } = await world.apply(PLAN);
  expect(fault).toMatchObject({ code: 'DW3306', received: `${changed.split('/')[1]} was changed after an earlier run of this plan` });
  expect(world.told).toContain(`${changed.split('/')[1]}: UPDATE_COMPLETE, by an earlier run of this plan that was interrupted`);
  expect(record.result).toBe('failed');
  expect(world.executed.filter((token) => operationOf(token) === undefined)).toEqual(['Console-1']);
});

test('a plan without changes passes the same, and is recorded', async () => {
  const world = new World();
  const { record } = await world.apply(planWith([], { state: undefined }));
  expect(record).toMatchObject({ serial: 1, result: 'noChanges', stacks: [] });
});

test('a stack in which nothing changes is not deployed, and is recorded as it is', async () => {
  const world = new World();
  const deployed = deployedState();
  world.stacks.set('eu-central-1/lake', { state: deployed, operations: [] });
  const { record } = await world.apply(planWith([plannedStack({ deployed })], { state: undefined }));
  const { stackId: id, status, templateHash } = deployed;
  expect(record).toMatchObject({ result: 'noChanges' });
  expect(record.stacks).toEqual([{ name: 'lake', region: 'eu-central-1', id, status, templateHash }]);
  expect(world.executed).toEqual([]);
});

test.each<[string, Partial<PlannedStack>]>([
  ['its tags change', { otherChanges: [{ what: 'tags', names: ['owner'] }] }],
  ['it waits for what another one makes', { waits: [{ kind: 'parameter', name: '/lake/key', madeBy: 'network' }] }],
])('a stack without changes of its own is deployed when %s', async (_, changes) => {
  const world = new World();
  const deployed = deployedState();
  world.stacks.set('eu-central-1/lake', { state: deployed, operations: [] });
  expect(await codeOf(world.apply(planWith([plannedStack({ deployed, ...changes })], { state: undefined })))).toBe('applied');
  expect(world.executed).toHaveLength(1);
});
