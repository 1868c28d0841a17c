import { parseApproval, UNKNOWN, type Approval } from '../../src/approval/approval';
import { approvedText } from '../../src/approval/approvals';
import { approverOf } from '../../src/approval/approver';
import { pressedBy } from '../../src/approval/ci-approver';
import { ageLimit, countApprovals, type Stored } from '../../src/approval/count';
import { DIGEST } from '../support/planned';

const approval: Approval = {
  formatVersion: 1,
  digest: DIGEST,
  environment: 'prod',
  approver: 'arn:aws:iam::111122223333:user/ada',
  arn: 'arn:aws:iam::111122223333:user/ada',
  job: { url: 'https://circleci.com/gh/acme/lake/17', name: 'approve-prod', workflowId: 'w1' },
  at: '2026-11-24T10:00:00.000Z',
};

describe('who counts as the one who approved', () => {
  const account = '111122223333';
  const session = (role: string, name: string) => `arn:aws:sts::${account}:assumed-role/${role}/${name}`;
  test.each([
    ['a user', `arn:aws:iam::${account}:user/ada`, undefined, `arn:aws:iam::${account}:user/ada`],
    ['a role, whatever its session is called', session('approver', 'ada'), undefined, `arn:aws:iam::${account}:role/approver`],
    ['the same role, called otherwise', session('approver', 'grace'), undefined, `arn:aws:iam::${account}:role/approver`],
    [
      'a person of IAM Identity Center',
      session('AWSReservedSSO_Approver_0123456789abcdef', 'ada@example.com'),
      undefined,
      'identity-center:ada@example.com',
    ],
    [
      'the same person by another permission set',
      session('AWSReservedSSO_Administrator_fedcba9876543210', 'ada@example.com'),
      undefined,
      'identity-center:ada@example.com',
    ],
    [
      'a role with a name that only contains that of a permission set',
      session('my-AWSReservedSSO_Approver', 'ada'),
      undefined,
      `arn:aws:iam::${account}:role/my-AWSReservedSSO_Approver`,
    ],
    ['a federated user', `arn:aws:sts::${account}:federated-user/ada`, undefined, `arn:aws:sts::${account}:federated-user/ada`],
    ['the deployer, which is nobody', session('sales-prod-deployer', 'circleci'), undefined, UNKNOWN],
    ['whoever pressed', session('sales-prod-deployer', 'circleci'), 'u1', 'circleci:u1'],
  ])('%s', (_who, caller, pressed, approver) => {
    expect(approverOf(caller, pressed, 'sales-prod-deployer')).toBe(approver);
  });
});

describe('who pressed, according to the jobs of a workflow', () => {
  const hold = { id: 'h1', type: 'approval', approved_by: 'u1' };
  const own = { id: 'j1', type: 'build', job_number: 17, dependencies: ['h1'] };
  test.each([
    ['the approval that the job waited for', [hold, own], 'u1'],
    ['no approval', [own], undefined],
    ['an approval that the job did not wait for', [hold, { ...own, dependencies: ['t1'] }], undefined],
    ['an approval that nobody has pressed', [{ ...hold, approved_by: null }, own], undefined],
    ['a build that is called like it', [{ ...hold, type: 'build' }, own], undefined],
    ['another job', [hold, { ...own, job_number: 18 }], undefined],
    ['two by different people', [hold, { ...hold, id: 'h2', approved_by: 'u2' }, { ...own, dependencies: ['h1', 'h2'] }], undefined],
    ['two by the same person', [hold, { ...hold, id: 'h2' }, { ...own, dependencies: ['h1', 'h2'] }], 'u1'],
    ['nothing that is a job', [{}], undefined],
  ])('%s', (_what, jobs, person) => {
    expect(pressedBy(jobs, 17)).toBe(person);
  });
});

describe('counting', () => {
  const planned = new Date('2026-11-24T09:00:00Z');
  const by = (approver: string, at = '2026-11-24T10:00:00Z'): Stored<Approval> => ({ value: { ...approval, approver }, at: new Date(at) });
  const [ada, grace, mary] = ['ada', 'grace', 'mary'].map((name) => `arn:aws:iam::111122223333:user/${name}`);
  const [jane, joan] = ['identity-center:jane', 'identity-center:joan'];
  const [approver, auditor] = ['approver', 'auditor'].map((name) => `arn:aws:iam::111122223333:role/${name}`);
  test.each([
    ['nobody', [], 0],
    ['one', [by(ada)], 1],
    ['the same person twice', [by(ada), by(ada)], 1],
    ['two people', [by(ada), by(grace)], 2],
    ['unknown, who may be the same person every time', [by(UNKNOWN), by(UNKNOWN)], 1],
    ['unknown beside somebody, who may be the same', [by(UNKNOWN), by(ada)], 1],
    ['somebody by hand and in CircleCI, who may be the same', [by(ada), by('circleci:u1')], 1],
    ['more of them in CircleCI', [by(ada), by('circleci:u1'), by('circleci:u2'), by(UNKNOWN)], 2],
    ['more of them by hand', [by(ada), by('circleci:u1'), by(grace), by(mary)], 3],
    ['two people of Identity Center', [by(jane), by(joan)], 2],
    ['a person and a role, which she may have assumed', [by(jane), by(approver)], 1],
    ['a user and a person, who may be the same', [by(ada), by(jane)], 1],
    ['two roles, which one person may assume', [by(approver), by(auditor)], 1],
    ['roles and the owner of the account', [by(approver), by('arn:aws:iam::111122223333:root')], 1],
    ['before it was planned again', [by(ada, '2026-11-24T08:59:59Z'), by(grace)], 1],
    ['in the moment in which it was planned', [by(ada, '2026-11-24T09:00:00Z')], 1],
    ['the same person before and after', [by(ada, '2026-11-24T08:59:59Z'), by(ada)], 1],
  ])('%s', (_who, approvals, count) => {
    expect(countApprovals(approvals, planned).approvers).toHaveLength(count);
  });

  test.each([
    ['the first', by(ada), [], `: 1 of 2 (${ada}).`],
    ['another one', by(grace), [by(ada)], `: 2 of 2 (${ada}, ${grace}).`],
    ['the same person again', by(ada), [by(ada)], ` once more, which does not count again: 1 of 2 (${ada}).`],
    [
      'the same person as before it was planned again',
      by(ada),
      [by(ada, '2026-11-24T08:59:59Z')],
      `: 1 of 2 (${ada}); 1 from before it was planned again does not count.`,
    ],
    ['somebody who may be the same', by(UNKNOWN), [by(ada)], `, which does not count beside the others: 1 of 2 (${ada}).`],
  ])('what is told of %s', (_who, { value, at }, before, end) => {
    const text = approvedText(value, { approvals: [...before, { value, at }], planned, needed: 2 });
    expect(text).toBe(`Plan ${DIGEST} is approved by ${value.approver}${end}`);
  });

  test('says how many are from before', () => {
    const early = by(ada, '2026-11-24T08:59:59Z');
    expect(countApprovals([early, early, by(grace)], planned).outdated).toBe(2);
  });

  test.each([
    ['90m', 5_400_000],
    ['8h', 28_800_000],
    ['7d', 604_800_000],
  ])('the age %s', (age, milliseconds) => {
    expect(ageLimit(age)).toBe(milliseconds);
  });
});

describe('the form', () => {
  test('what is written is read', () => {
    expect(parseApproval(JSON.stringify(approval), DIGEST)).toEqual(approval);
    const { job, ...byHand } = approval;
    expect(job).toBeDefined();
    expect(parseApproval(JSON.stringify(byHand), DIGEST)).toEqual(byHand);
  });

  test.each<[string, string]>([
    ['', 'not JSON, or nested too deep'],
    ['{', 'not JSON, or nested too deep'],
    [`${'['.repeat(257)}${']'.repeat(257)}`, 'not JSON, or nested too deep'],
    ['null', 'the whole must be object'],
    ['[]', 'the whole must be object'],
    ['{}', "the whole must have required property 'formatVersion'"],
    [JSON.stringify({ ...approval, formatVersion: 2 }), '/formatVersion must be equal to constant'],
    [JSON.stringify({ ...approval, digest: 'abc' }), '/digest must match pattern "^[0-9a-f]{64}$"'],
    [JSON.stringify({ ...approval, digest: 'cd'.repeat(32) }), `of another digest, ${'cd'.repeat(32)}`],
    [JSON.stringify({ ...approval, approver: '' }), '/approver must NOT have fewer than 1 characters'],
    [JSON.stringify({ ...approval, approver: ['ada', 'grace'] }), '/approver must be string'],
    [JSON.stringify({ ...approval, arn: 'ada' }), '/arn must match pattern "^arn:"'],
    [JSON.stringify({ ...approval, job: 'x' }), '/job must be object'],
    [JSON.stringify({ ...approval, job: {} }), "/job must have required property 'url'"],
    [JSON.stringify({ ...approval, at: 'yesterday' }), expect.stringMatching(/^\/at must match pattern/) as string],
    [JSON.stringify({ ...approval, approvers: 2 }), 'the whole must NOT have additional properties'],
  ])('%s', (text, problem) => {
    expect(parseApproval(text, DIGEST)).toEqual(problem);
  });
});
