import { leftoverOf, type LastOperation } from '../../src/apply/interrupted';
import { operationOf, operationToken } from '../../src/apply/operation-token';
import { orderProblem } from '../../src/apply/order';
import { recordedStack } from '../../src/apply/outcome';
import { inOrder } from '../../src/apply/schedule';
import { staleness, type Present } from '../../src/apply/stale';
import type { DeployedState } from '../../src/plan/plan';
import { deployedState, DIGEST, LINEAGE, planWith, plannedStack } from '../support/planned';

describe('staleness', () => {
  const plan = planWith([plannedStack({ deployed: deployedState({ parameters: { Size: '3' }, tags: { owner: 'data' } }) })]);
  const now = (changes: Partial<DeployedState> = {}, state: Present['state'] = plan.state): Present => ({
    state,
    stacks: { 'eu-central-1/lake': deployedState({ parameters: { Size: '3' }, tags: { owner: 'data' }, ...changes }) },
  });
  const none = new Set<string>();

  test('nothing has changed', () => {
    expect(staleness(plan, now(), none)).toEqual([]);
  });

  test.each<[string, Present, RegExp]>([
    ['the serial', now({}, { serial: 8, lineage: LINEAGE }), /^the record: serial is 8, planned was 7$/],
    ['the lineage', now({}, { serial: 7, lineage: 'other' }), /^the record: lineage is other/],
    ['the record is gone', { ...now(), state: undefined }, /^the record: serial is none, planned was 7$/],
    ['the id of the stack', now({ stackId: 'arn:other' }), /^stack lake: id is arn:other/],
    ['its status', now({ status: 'UPDATE_ROLLBACK_COMPLETE' }), /^stack lake: status is UPDATE_ROLLBACK_COMPLETE/],
    ['its last update', now({ lastUpdated: '2026-11-21T08:00:00.000Z' }), /^stack lake: last update is 2026-11-21/],
    ['its template', now({ templateHash: 'ff' }), /^stack lake: template is ff/],
    ['a parameter', now({ parameters: { Size: '4' } }), /^stack lake: parameter Size is 4, planned was 3$/],
    ['a tag', now({ tags: {} }), /^stack lake: tag owner is none, planned was data$/],
    ['a tag more', now({ tags: { owner: 'data', secret: 'no' } }), /^stack lake: tag secret is no, planned was none$/],
    ['its protection', now({ terminationProtection: true }), /^stack lake: termination protection is true, planned was false$/],
    [
      'its role',
      now({ roleArn: 'arn:aws:iam::1:role/admin' }),
      /^stack lake: execution role is arn:aws:iam::1:role\/admin, planned was none$/,
    ],
    ['it is gone', { ...now(), stacks: {} }, /^stack lake does not exist any more$/],
  ])('%s: refused, and named', (_what, present, problem) => {
    const found = staleness(plan, present, none);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(problem);
  });

  test('everything that has changed is named', () => {
    expect(staleness(plan, now({ status: 'x', templateHash: 'y' }, { serial: 1, lineage: 'z' }), none)).toHaveLength(4);
  });

  test('a stack that was planned as new exists now', () => {
    const isNew = planWith([plannedStack({ deployed: undefined })]);
    expect(staleness(isNew, now(), none)).toEqual(['stack lake exists now']);
    expect(staleness(isNew, { ...now(), stacks: {} }, none)).toEqual([]);
  });

  test('the first apply of an environment: no record then, none now', () => {
    expect(staleness({ ...plan, state: undefined }, { ...now(), state: undefined }, none)).toEqual([]);
    expect(staleness({ ...plan, state: undefined }, now(), none)).toEqual(['the record: serial is 7, planned was none']);
  });

  test('protection that an interrupted run has set already, as planned, is not staleness', () => {
    const protecting = planWith([plannedStack({ terminationProtection: true })]);
    const present = { state: plan.state, stacks: { 'eu-central-1/lake': deployedState({ terminationProtection: true }) } };
    expect(staleness(protecting, present, none)).toEqual([]);
  });

  test('stacks of one name in two regions are two stacks', () => {
    const [here, there] = [deployedState({ stackId: 'arn:here' }), deployedState({ stackId: 'arn:there' })];
    const both = planWith([plannedStack({ deployed: here }), plannedStack({ region: 'eu-west-1', deployed: there })]);
    const stacks = { 'eu-central-1/lake': here, 'eu-west-1/lake': there };
    expect(staleness(both, { state: both.state, stacks }, none)).toEqual([]);
    const changed = { ...stacks, 'eu-west-1/lake': deployedState({ stackId: 'arn:there', templateHash: 'ff' }) };
    expect(staleness(both, { state: both.state, stacks: changed }, new Set(['eu-central-1/lake']))).toHaveLength(1);
  });

  test('what an interrupted run of the plan has deployed is not compared', () => {
    expect(staleness(plan, now({ status: 'x' }), new Set(['eu-central-1/lake']))).toEqual([]);
  });
});

describe('order', () => {
  const record = { serial: 3, commit: 'c1', dirty: false, result: 'succeeded' } as const;
  test.each([
    ['applied there', { commit: 'c1', dirty: false }, record, undefined],
    ['applied there without changes', { commit: 'c1', dirty: false }, { ...record, result: 'noChanges' as const }, undefined],
    ['never applied there', { commit: 'c1', dirty: false }, undefined, /dev has no record/],
    ['another commit there', { commit: 'c2', dirty: false }, record, /dev has commit c1 \(serial 3\), the plan is of commit c2/],
    ['failed there', { commit: 'c1', dirty: false }, { ...record, result: 'failed' as const }, /failed \(serial 3\)/],
    ['applied there from changed files', { commit: 'c1', dirty: false }, { ...record, dirty: true }, /dev has files that differed/],
    ['planned from changed files', { commit: 'c1', dirty: true }, record, /the plan is of files that differ/],
  ])('%s', (_what, plan, there, problem) => {
    const found = orderProblem(plan, { name: 'dev', record: there });
    if (problem) expect(found).toMatch(problem);
    else expect(found).toBeUndefined();
  });
});

describe('the token of an operation', () => {
  const operation = { fence: 12, digest: DIGEST, serial: 8 };

  test('tells lock, plan and record, and is one that CloudFormation takes', () => {
    const token = operationToken({ ...operation, fence: 999_999_999_999_999, serial: 99_999_999 }, 'eu-central-1/lake');
    expect(token).toMatch(/^[a-zA-Z][-a-zA-Z0-9]{1,127}$/);
    expect(operationOf(token)).toEqual({ ...operation, fence: 999_999_999_999_999, serial: 99_999_999 });
  });
  test('is of one stack', () => {
    expect(operationToken(operation, 'eu-central-1/lake')).not.toBe(operationToken(operation, 'eu-west-1/lake'));
  });
  test.each([
    undefined,
    '',
    'Console-UpdateStack-1',
    `dataworks-0-${DIGEST}-1-abcdefabcdef`,
    `dataworks-1-${DIGEST.slice(1)}-1-abcdefabcdef`,
  ])('%p is that of somebody else', (token) => {
    expect(operationOf(token)).toBeUndefined();
  });
});

describe('what an interrupted apply has left', () => {
  const last = (place: string, fence: number, changes: Partial<LastOperation> = {}): LastOperation => ({
    place,
    stackId: `arn:${place}`,
    operation: { fence, digest: DIGEST, serial: 8 },
    status: 'UPDATE_COMPLETE',
    isLast: true,
    ...changes,
  });

  test('nothing, when all of it is recorded', () => {
    expect(leftoverOf({ fence: 9 }, [last('a', 9), last('b', 4)])).toBeUndefined();
    expect(leftoverOf(undefined, [])).toBeUndefined();
  });
  test('what was executed under a later lock than that of the record', () => {
    expect(leftoverOf({ fence: 9 }, [last('a', 10), last('b', 4)])).toEqual({ digest: DIGEST, operations: [last('a', 10)] });
    expect(leftoverOf(undefined, [last('a', 1)])).toEqual({ digest: DIGEST, operations: [last('a', 1)] });
  });
  test('of two plans, that of the older one: the other is found after it is recorded', () => {
    const other = last('b', 11, { operation: { fence: 11, digest: 'cd'.repeat(32), serial: 8 } });
    expect(leftoverOf({ fence: 9 }, [other, last('a', 10)])).toEqual({ digest: DIGEST, operations: [last('a', 10)] });
    expect(leftoverOf({ fence: 10 }, [other, last('a', 10)])?.operations).toEqual([other]);
  });
  test('of two runs of the same plan, what both have done', () => {
    expect(leftoverOf({ fence: 9 }, [last('a', 10), last('b', 11)])?.operations).toHaveLength(2);
  });
});

describe('the record of a stack', () => {
  const planned = plannedStack();
  const outcome = { id: 'arn:1', status: 'UPDATE_COMPLETE', changeSet: 'dataworks-9-abababababab', isTouched: true };
  test('deployed: the new template', () => {
    expect(recordedStack(planned, outcome)).toMatchObject({
      templateHash: planned.template.hash,
      changeSet: outcome.changeSet,
      id: 'arn:1',
    });
  });
  test('rolled back: the template from before, and the change set that failed', () => {
    const { templateHash } = planned.deployed!;
    expect(recordedStack(planned, { ...outcome, status: 'UPDATE_ROLLBACK_COMPLETE' })).toMatchObject({
      templateHash,
      changeSet: outcome.changeSet,
    });
  });
  test('not reached: as it is', () => {
    const { templateHash, stackId: id } = planned.deployed!;
    expect(recordedStack(planned, undefined)).toEqual({ name: 'lake', region: 'eu-central-1', id, templateHash, status: 'notReached' });
  });
});

describe('the order of stacks', () => {
  const steps = [
    { artifactId: 'reader', dependsOn: [], waits: [{ madeBy: 'd' }] }, // what it reads is made by one that stands after it
    { artifactId: 'a', dependsOn: [], waits: [] },
    { artifactId: 'b', dependsOn: ['a'], waits: [] },
    { artifactId: 'c', dependsOn: ['elsewhere'], waits: [] },
    { artifactId: 'd', dependsOn: ['b', 'c'], waits: [] },
    { artifactId: 'e', dependsOn: [], waits: [{ madeBy: 'b' }] },
  ];

  test('each after those that it depends on, independent ones side by side', async () => {
    const log: string[] = [];
    await inOrder(steps, async ({ artifactId }) => {
      log.push(`+${artifactId}`);
      await new Promise(setImmediate);
      log.push(`-${artifactId}`);
      return true;
    });
    expect(log.slice(0, 2).sort()).toEqual(['+a', '+c']);
    expect(log.indexOf('+b')).toBeGreaterThan(log.indexOf('-a'));
    expect(log.indexOf('+e')).toBeGreaterThan(log.indexOf('-b'));
    expect(log.indexOf('+reader')).toBeGreaterThan(log.indexOf('-d'));
    expect(log.indexOf('+d')).toBeGreaterThan(Math.max(log.indexOf('-b'), log.indexOf('-c')));
  });

  test('what depends on a failure is not run, what does not, is', async () => {
    const ran: string[] = [];
    await inOrder(steps, ({ artifactId }) => {
      ran.push(artifactId);
      return Promise.resolve(artifactId !== 'a');
    });
    expect(ran.sort()).toEqual(['a', 'c']);
  });
});
