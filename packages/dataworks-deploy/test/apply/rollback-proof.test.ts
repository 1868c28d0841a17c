import { refuseOutOfOrder } from '../../src/apply/predecessor';
import type { Bundle } from '../../src/plan/bundle/bundle';
import type { DeploymentRecord } from '../../src/record/record';
import { plannedStack, planWith } from '../support/planned';
import { aRecord } from '../support/records';

const DIGEST = 'dd'.repeat(32);
const record = aRecord({ serial: 3, planDigest: DIGEST });
const plan = planWith([plannedStack()], {
  commit: record.commit,
  state: { serial: 7, lineage: record.lineage },
  rollback: { serial: 3, digest: DIGEST, remaining: [] },
});
/** As it was planned then: the same assembly, against other stacks. */
const applied = planWith([plannedStack({ deployed: undefined })], { commit: record.commit, digest: DIGEST });

interface There {
  readonly past?: DeploymentRecord;
  readonly applied?: typeof applied;
  /** By default, the one that the plan was made against, with the stacks of the plan alone. */
  readonly current?: DeploymentRecord;
}

const stack = (name: string, id?: string) => ({ name, region: 'eu-central-1', id, templateHash: '', status: 'UPDATE_COMPLETE' });
const current = aRecord({ serial: 7, stacks: [stack('lake', 'id')] });
/** With a stack that was added later, and one that could not be created. */
const grown = aRecord({ serial: 7, stacks: [stack('lake', 'id'), stack('audit', 'id'), stack('failed')] });
const leaving = (...remaining: string[]) => ({ ...plan, rollback: { ...plan.rollback!, remaining } });

function judged(one: typeof plan, there: There = { past: record, applied }): Promise<void> {
  const bundle = (asked: string): Bundle => {
    if (asked !== DIGEST || !there.applied) throw new Error(`no plan ${asked}`);
    return { directory: '', plan: there.applied, dispose: () => {} };
  };
  return refuseOutOfOrder(one, {
    store: {
      past: (serial) => Promise.resolve(serial === 3 ? there.past : undefined),
      read: () => Promise.resolve({ record: there.current ?? current, etag: '' }),
    },
    open: (digest) => Promise.resolve(digest).then(bundle),
  });
}

test('what the history proves to have been applied here is in order', async () => {
  await judged(plan);
  await judged(plan, { past: { ...record, result: 'noChanges' }, applied });
});

test('files that differed from their commit count too: they are the same files', async () => {
  await judged({ ...plan, dirty: true }, { past: { ...record, dirty: true }, applied });
});

test.each<[string, typeof plan, There, RegExp]>([
  ['no such record', { ...plan, rollback: { ...plan.rollback!, serial: 4 } }, { past: record, applied }, /the history has no serial 4/],
  ['a record of another lineage', plan, { past: { ...record, lineage: 'other' }, applied }, /the history has no serial 3/],
  ['a record that failed', plan, { past: { ...record, result: 'failed' }, applied }, /serial 3 failed/],
  ['a record of another plan', plan, { past: { ...record, planDigest: 'ee'.repeat(32) }, applied }, /serial 3 is of plan eeee/],
  ['a record of another commit', { ...plan, commit: 'f'.repeat(40) }, { past: record, applied }, /serial 3 is of commit 0123/],
  ['a record of files that differed from it', plan, { past: { ...record, dirty: true }, applied }, /serial 3 is of commit 0123/],
  ['a record of an assembly that was given', plan, { past: { ...record, assemblyGiven: true }, applied }, /the assembly was given/],
  ['a record of one that was not', { ...plan, assemblyGiven: true }, { past: record, applied }, /the assembly was synthesised/],
  [
    'other templates',
    { ...plan, stacks: [plannedStack({ template: { file: 'cdk.out/lake.template.json', hash: '00'.repeat(32) } })] },
    { past: record, applied },
    /something else than serial 3: template of lake is not that of the assembly/,
  ],
  ['other parameters', { ...plan, stacks: [plannedStack({ parameters: { Size: '3' } })] }, { past: record, applied }, /parameters of lake/],
  [
    'a stack that stays, of which it says nothing',
    plan,
    { past: record, applied, current: grown },
    /it leaves eu-central-1\/audit as it is/,
  ],
  ['a stack that does not stay', leaving('eu-central-1/audit'), { past: record, applied }, /it leaves no stack as it is/],
  ['fewer stacks', { ...plan, stacks: [] }, { past: record, applied }, /the stacks of the assembly are lake/],
])('refused: %s', async (_what, one, there, message) => {
  await expect(judged(one, there)).rejects.toThrow(/^DW3307: /);
  await expect(judged(one, there)).rejects.toThrow(message);
});

test('what stays is said, and is that of the record that the plan was made against', async () => {
  await judged(leaving('eu-central-1/audit'), { past: record, applied, current: grown });
  await judged(plan, { past: record, applied, current: { ...grown, serial: 8 } }); // stale: that is said later
});

test('without the bundle of then there is no proof', async () => {
  await expect(judged(plan, { past: record })).rejects.toThrow(`no plan ${DIGEST}`);
});

test('a plan that is no rollback asks the environment before, and when there is none, nobody', async () => {
  await judged({ ...plan, rollback: undefined }, {});
});
