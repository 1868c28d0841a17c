/** The lock's adapters where a real AWS answers in ways in which the embedded one does not. */
import { Stacks } from '../../src/aws/cloudformation';
import { lockItemsIn } from '../../src/aws/lock-items';
import { objectsIn } from '../../src/aws/objects';
import { targetStacksOf } from '../../src/aws/target-stacks';
import { answeringServer, queryError } from '../support/answering-server';

const ACCOUNT = '111122223333';
const { requests, answerWith } = answeringServer();
const objects = () => objectsIn({ region: 'eu-central-1', account: ACCOUNT, bucket: 'state' });
const listed = (...keys: string[]) =>
  `<ListBucketResult>${keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')}</ListBucketResult>`;
const error = (code: string) => `<Error><Code>${code}</Code><Message>no</Message></Error>`;

const items = () => lockItemsIn({ region: 'eu-central-1', table: 'locks', lockId: 'state/key', fenceId: 'state/key-fence' });

describe('the heartbeat', () => {
  test.each([
    ['', undefined],
    [', with the fencing number', 7],
  ])('is written into the item of its holder, and makes none%s', async (_what, fence) => {
    answerWith(() => ({ status: 200, body: '{}' }));
    expect(await items().renew('mine', 5, fence)).toBe(true);
    expect(requests).toHaveLength(1);
    expect(JSON.parse(/\{.*/s.exec(requests[0])![0])).toEqual({
      TableName: 'locks',
      Key: { LockID: { S: 'state/key' } },
      UpdateExpression: expect.stringMatching(/^SET Heartbeat = :heartbeat/) as string,
      ConditionExpression: 'Info = :info AND Heartbeat <= :heartbeat',
      ExpressionAttributeValues: { ':info': { S: 'mine' }, ':heartbeat': { N: '5' }, ...(fence && { ':fence': { N: '7' } }) },
    });
  });

  test('finds no item of its holder: it is held no more', async () => {
    answerWith(() => ({ status: 400, body: JSON.stringify({ __type: 'ConditionalCheckFailedException', message: 'no' }) }));
    expect(await items().renew('mine', 5, undefined)).toBe(false);
  });
});

describe('the fencing counter', () => {
  test.each([
    ['of another type', 400, { __type: 'ValidationException', message: 'An operand has an incorrect data type.' }],
    ['with a fraction', 200, { Attributes: { Fence: { N: '2.5' } } }],
    ['below 1', 200, { Attributes: { Fence: { N: '-8' } } }],
    ['beyond what can be counted', 200, { Attributes: { Fence: { N: '1e40' } } }],
  ])('%s is malformed', async (_what, status, body) => {
    answerWith(() => ({ status, body: JSON.stringify(body) }));
    await expect(items().nextFence(['eu-central-1/lake'])).rejects.toMatchObject({ code: 'DW3009', exitCode: 4 });
  });

  test('what is no stack is not remembered', async () => {
    answerWith(() => ({
      status: 200,
      body: JSON.stringify({ Attributes: { Fence: { N: '2' }, Stacks: { SS: ['no region/lake', 'eu-central-1/lake'] } } }),
    }));
    expect(await items().nextFence([])).toEqual({ fence: 2, stacks: ['eu-central-1/lake'] });
  });
});

describe('objects', () => {
  test('one that is not there is asked for by listing its key, and not read', async () => {
    answerWith(() => ({ status: 200, body: listed('a/record.json.bak') }));
    expect(await objects().read('a/record.json')).toBeUndefined();
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatch(/list-type=2/);
    expect(requests[0]).toMatch(/prefix=a%2Frecord\.json/);
  });

  test.each([
    [403, 'AccessDenied'],
    [404, 'NoSuchKey'],
  ])('one that is deleted between list and read, for which S3 answers %i, is not there', async (status, code) => {
    let lists = 0;
    answerWith((request) => {
      if (!request.includes('list-type')) return { status, body: error(code) };
      lists += 1;
      return { status: 200, body: listed(...(lists === 1 ? ['k'] : [])) };
    });
    expect(await objects().read('k')).toBeUndefined();
  });

  test('one that may be listed and not read is a missing permission', async () => {
    answerWith((request) =>
      request.includes('list-type') ? { status: 200, body: listed('k') } : { status: 403, body: error('AccessDenied') },
    );
    await expect(objects().read('k')).rejects.toMatchObject({ code: 'DW2109' });
  });

  test('a write that meets another one in the same moment (409) is tried again', async () => {
    let writes = 0;
    answerWith(() => {
      writes += 1;
      return writes === 1 ? { status: 409, body: error('ConditionalRequestConflict') } : { status: 412, body: error('PreconditionFailed') };
    });
    expect(await objects().create('k', 'x')).toBeUndefined();
    expect(writes).toBe(2);
  });

  test('a bucket that is not there is no condition that failed', async () => {
    answerWith(() => ({ status: 404, body: error('NoSuchBucket') }));
    await expect(objects().create('k', 'x')).rejects.toThrow();
  });

  test('every call names the account that should own the bucket', async () => {
    answerWith((request) => ({ status: 200, body: request.includes('list-type') ? listed('k') : '' }));
    await objects().read('k');
    await objects().create('k', 'x');
    await objects().replace('k', 'x', '"1"');
    await objects().remove('k', '"1"');
    await objects().keys('k');
    expect(requests).toHaveLength(6);
    for (const request of requests) expect(request).toMatch(new RegExp(`^\\w+ /state\\S* ${ACCOUNT} `));
  });
});

describe('stacks that a holder may change', () => {
  const stacks = (...names: string[]) => targetStacksOf(names, (region) => new Stacks(region));
  const described = (status: string) =>
    `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackId>arn</StackId><StackStatus>${status}</StackStatus></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
  const summaries = (...all: Array<[string, string]>) =>
    `<ListChangeSetsResponse><ListChangeSetsResult><Summaries>${all
      .map(
        ([name, status]) =>
          `<member><ChangeSetId>arn-${name}</ChangeSetId><ChangeSetName>${name}</ChangeSetName><ExecutionStatus>${status}</ExecutionStatus></member>`,
      )
      .join('')}</Summaries></ListChangeSetsResult></ListChangeSetsResponse>`;
  const gone = { status: 400, body: queryError('ValidationError', 'Stack with id lake does not exist') };

  test.each([
    ['UPDATE_IN_PROGRESS', ['lake (UPDATE_IN_PROGRESS)']],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', ['lake (UPDATE_COMPLETE_CLEANUP_IN_PROGRESS)']],
    ['REVIEW_IN_PROGRESS', []], // nothing happens: a change set waits
    ['UPDATE_COMPLETE', []],
  ])('%s', async (status, busy) => {
    answerWith(() => ({ status: 200, body: described(status) }));
    expect(await stacks('eu-central-1/lake').inProgress([])).toEqual(busy);
  });

  test('those of another holder are asked too, in their regions, each once', async () => {
    answerWith((request) => (request.includes('us-east-1') ? { status: 200, body: described('DELETE_IN_PROGRESS') } : gone));
    expect(await stacks('eu-central-1/lake').inProgress(['us-east-1/edge', 'eu-central-1/lake', 'nonsense'])).toEqual([
      'edge (DELETE_IN_PROGRESS)',
    ]);
    expect(requests).toHaveLength(2);
  });

  test('change sets of ours with a lower fencing number are deleted, and no others', async () => {
    const sets: Array<[string, string]> = [
      ['dataworks-3-abababababab', 'AVAILABLE'],
      ['dataworks-4-abababababab', 'UNAVAILABLE'],
      ['dataworks-5-abababababab', 'AVAILABLE'], // not lower
      ['dataworks-2-abababababab', 'EXECUTE_COMPLETE'],
      ['somebody-elses', 'AVAILABLE'],
    ];
    const deleted: string[] = [];
    answerWith((request) => {
      const id = /Action=DeleteChangeSet.*ChangeSetName=arn-([\w-]+)/.exec(request)?.[1];
      if (id !== undefined) deleted.push(id);
      return { status: 200, body: summaries(...sets.filter(([name]) => !deleted.includes(name))) };
    });
    expect(await stacks('eu-central-1/lake').fenceOff(5, [])).toEqual({ left: [], highest: 5 });
    expect(deleted).toEqual(['dataworks-3-abababababab', 'dataworks-4-abababababab']);
  });

  test.each(['EXECUTE_IN_PROGRESS', 'AVAILABLE'])('one that executes (listed as %s) is left, and named', async (status) => {
    answerWith((request) =>
      request.includes('DeleteChangeSet')
        ? { status: 400, body: queryError('InvalidChangeSetStatus', 'executing') }
        : { status: 200, body: summaries(['dataworks-3-abababababab', status]) },
    );
    expect(await stacks('eu-central-1/lake').fenceOff(5, [])).toEqual({
      left: ['lake (change set dataworks-3-abababababab)'],
      highest: 0,
    });
    expect(requests.filter((request) => request.includes('DeleteChangeSet'))).toHaveLength(status === 'AVAILABLE' ? 1 : 0);
  });

  test('a stack that does not exist has none', async () => {
    answerWith(() => gone);
    expect(await stacks('eu-central-1/lake').fenceOff(5, [])).toEqual({ left: [], highest: 0 });
  });
});
