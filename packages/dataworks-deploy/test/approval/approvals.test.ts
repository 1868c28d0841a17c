/** The approvals of a plan, as the state bucket has them: all times are those of S3. */
import type { Approval } from '../../src/approval/approval';
import { Approvals } from '../../src/approval/approvals';
import { Buckets } from '../../src/aws/s3';
import type { Fault } from '../../src/fault';
import { answeringServer } from '../support/answering-server';
import { DIGEST } from '../support/planned';
import { targetWith } from '../support/targets';

const { requests, answerWith } = answeringServer();
/** By the clock of S3; that of this machine says something else. */
const date = 'Tue, 24 Nov 2026 12:00:00 GMT';
const target = targetWith();
const { names, environment } = target;
const PLANNED = `${names.plansPrefix}${DIGEST}/planned/`;
const APPROVALS = `${names.approvalsPrefix}${DIGEST}/`;

const approval = (approver: string): Approval => ({
  formatVersion: 1,
  digest: DIGEST,
  environment: environment.name,
  approver,
  arn: 'arn:aws:iam::111122223333:user/ada',
  at: '2026-11-24T10:00:00.000Z',
});

/** Objects of the bucket: when they were stored, and what they hold. */
function holding(objects: Readonly<Record<string, readonly [at: string, content?: object]>>): void {
  answerWith((request) => {
    const [, path] = /^GET \/[^/?]+\/?([^ ]*)/.exec(request)!;
    const prefix = /[?&]prefix=([^&]*)/.exec(path)?.[1];
    if (prefix === undefined) return { status: 200, date, body: JSON.stringify(objects[decodeURIComponent(path.split('?')[0])][1]) };
    const found = Object.entries(objects).filter(([key]) => key.startsWith(decodeURIComponent(prefix)));
    const contents = found.map(([key, [at]]) => `<Contents><Key>${key}</Key><LastModified>${at}</LastModified></Contents>`);
    return { status: 200, date, body: `<ListBucketResult>${contents.join('')}</ListBucketResult>` };
  });
}

const codeOf = (work: Promise<unknown>, otherwise: string): Promise<string> =>
  work.then(
    () => otherwise,
    (error: unknown) => (error as Fault).code,
  );

const approvals = () => new Approvals(target, new Buckets(environment.region, environment.account), DIGEST);
const sufficient = () => approvals().sufficient();
const byAda = { [`${APPROVALS}1.json`]: ['2026-11-24T11:00:00Z', approval('ada')] } as const;

describe('the age of a plan, by the clock of S3', () => {
  test.each([
    ['as old as it may be', '2026-11-23T12:00:00Z', 'approved'],
    ['a second older', '2026-11-23T11:59:59Z', 'DW3303'],
  ])('%s', async (_, at, expected) => {
    expect(environment.planMaxAge).toBe('24h');
    holding({ [`${PLANNED}1.json`]: [at], ...byAda });
    expect(await codeOf(sufficient(), 'approved')).toBe(expected);
  });

  test('counts from when it was planned last', async () => {
    holding({ [`${PLANNED}1.json`]: ['2026-11-24T10:30:00Z'], [`${PLANNED}2.json`]: ['2026-11-20T12:00:00Z'], ...byAda });
    expect(await sufficient()).toHaveLength(1);
  });

  test('of one that was never uploaded is none', async () => {
    holding({ [`${names.plansPrefix}${'cd'.repeat(32)}/planned/1.json`]: ['2026-11-24T10:30:00Z'], ...byAda });
    await expect(sufficient()).rejects.toMatchObject({ code: 'DW3231' });
  });
});

test('those that count are from after the last planning, oldest first; those of another plan are not asked for', async () => {
  const stored = (at: string, who: string) => [at, approval(who)] as const;
  holding({
    [`${PLANNED}1.json`]: ['2026-11-24T10:30:00Z'],
    [`${APPROVALS}1.json`]: stored('2026-11-24T10:00:00Z', 'early'),
    [`${APPROVALS}2.json`]: stored('2026-11-24T11:30:00Z', 'grace'),
    [`${APPROVALS}3.json`]: stored('2026-11-24T11:00:00Z', 'ada'),
  });
  expect((await sufficient()).map(({ value }) => value.approver)).toEqual(['ada', 'grace']);
  for (const request of requests) expect(decodeURIComponent(request)).toContain(DIGEST);
});

test('too few since it was planned again: refused, and both are said', async () => {
  holding({ [`${PLANNED}1.json`]: ['2026-11-24T11:30:00Z'], ...byAda });
  await expect(sufficient()).rejects.toMatchObject({
    code: 'DW3304',
    exitCode: 4,
    received: '0 of 1 (nobody); 1 from before it was planned again does not count',
  });
});

test('one that nobody of us wrote is named, whatever the others are', async () => {
  holding({ [`${PLANNED}1.json`]: ['2026-11-24T10:30:00Z'], ...byAda, [`${APPROVALS}2.json`]: ['2026-11-24T11:00:00Z', {}] });
  await expect(sufficient()).rejects.toMatchObject({ code: 'DW3305', received: expect.stringContaining('2.json: ') as string });
});

describe('a new one', () => {
  /** The keys that are tried, when others take so many of them in this moment. */
  const tried: string[] = [];
  const add = (taken: number) => {
    tried.length = 0;
    const create = (key: string) => Promise.resolve(tried.push(key) > taken ? '"etag"' : undefined);
    return approvals().add({ create }, approval('ada'));
  };

  test('has the next number that nobody takes in this moment', async () => {
    holding(byAda);
    expect(await add(1)).toBe(`${APPROVALS}3.json`);
    expect(tried).toEqual([`${APPROVALS}2.json`, `${APPROVALS}3.json`]);
  });

  test('is given up when others take ten of them', async () => {
    holding(byAda);
    await expect(add(10)).rejects.toMatchObject({ code: 'DW3340', exitCode: 1 });
    expect(tried).toHaveLength(10);
  });
});

test('an approval that nobody understands is in the way of everybody, also when it is planned again, until it is removed', async () => {
  const key = 'dataworks-infra/approvals/1.json';
  answerWith((request) => ({
    status: 200,
    body: request.includes('list-type')
      ? `<ListBucketResult><Contents><Key>${key}</Key><LastModified>2030-01-01T09:00:00.000Z</LastModified></Contents></ListBucketResult>`
      : 'yes',
  }));
  const { region, account } = target.environment;
  await expect(new Approvals(target, new Buckets(region, account), DIGEST).sufficient()).rejects.toMatchObject({
    code: 'DW3305',
    fix: expect.stringMatching(/remove it as an administrator: until then nobody can approve or apply this plan/) as string,
  });
});
