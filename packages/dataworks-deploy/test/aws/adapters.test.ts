/** The adapters against a server that answers as AWS does where the embedded one cannot. */
import { ChangeSets } from '../../src/aws/change-sets';
import { Stacks } from '../../src/aws/cloudformation';
import { objectsIn } from '../../src/aws/objects';
import { Buckets } from '../../src/aws/s3';
import { StackReader } from '../../src/aws/stack-reader';
import { callerFor } from '../../src/bootstrap/preflight';
import { answeringServer, queryError } from '../support/answering-server';
import { targetWith } from '../support/targets';

/** Nobody waits. */
jest.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

const ACCOUNT = '111122223333';
const { requests, answerWith } = answeringServer();

const identity = (account: string) =>
  `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${account}</Account><Arn>arn:aws:iam::${account}:user/ada</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`;

test('a stack is read with the role that CloudFormation acts by', async () => {
  const role = `arn:aws:iam::${ACCOUNT}:role/exec`;
  const stack = `<StackId>arn:stack</StackId><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-11-20T08:00:00Z</CreationTime><RoleARN>${role}</RoleARN>`;
  const result = `<DescribeStacksResult><Stacks><member>${stack}</member></Stacks></DescribeStacksResult>`;
  answerWith(() => ({ status: 200, body: `<DescribeStacksResponse>${result}</DescribeStacksResponse>` }));
  expect(await new StackReader('eu-central-1').state('lake')).toMatchObject({ id: 'arn:stack', roleArn: role });
});

describe('whose credentials these are', () => {
  test("the environment's", async () => {
    answerWith(() => ({ status: 200, body: identity(ACCOUNT) }));
    expect(await callerFor(targetWith())).toEqual({ account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/ada` });
  });

  test('of another account: both are named', async () => {
    answerWith(() => ({ status: 200, body: identity('999988887777') }));
    await expect(callerFor(targetWith())).rejects.toThrow(/^DW2107: .*999988887777.*111122223333/);
  });

  test('unknown in the region and known elsewhere: the region is not enabled', async () => {
    answerWith((request) =>
      request.includes('us-east-1')
        ? { status: 200, body: identity(ACCOUNT) }
        : { status: 403, body: queryError('InvalidClientTokenId', 'The security token included in the request is invalid.') },
    );
    await expect(callerFor(targetWith())).rejects.toThrow(/^DW2108: .*Received: eu-central-1 in account 111122223333\./);
  });

  test('unknown everywhere: the credentials are to blame', async () => {
    answerWith(() => ({ status: 403, body: queryError('InvalidClientTokenId', 'The security token included in the request is invalid.') }));
    await expect(callerFor(targetWith())).rejects.toThrow(/^DW2106: /);
  });

  test('expired', async () => {
    answerWith(() => ({ status: 400, body: queryError('ExpiredToken', 'The security token included in the request is expired') }));
    await expect(callerFor(targetWith())).rejects.toThrow(/^DW2105: /);
  });
});

test('throttling is waited out by the SDK, and named when it does not end', async () => {
  answerWith(() => ({ status: 400, body: queryError('Throttling', 'Rate exceeded') }));
  await expect(new Stacks('eu-central-1').find('x')).rejects.toThrow(/^DW2111: .*Throttling from cloudformation:DescribeStacks/);
  expect(requests).toHaveLength(3);
});

describe('who has the name of a bucket', () => {
  const own = (...names: string[]) =>
    `<ListAllMyBucketsResult><Buckets>${names.map((name) => `<Bucket><Name>${name}</Name></Bucket>`).join('')}</Buckets></ListAllMyBucketsResult>`;
  const holder = () => new Buckets('eu-central-1', ACCOUNT).holderOf('state');

  test.each([
    [200, own(), 'us'],
    [404, own(), 'nobody'],
    [403, own('state-2'), 'a stranger'],
    [403, own('state'), 'denied'],
    [301, own('state'), 'us, elsewhere'],
    [301, own(), 'a stranger'],
  ])('HeadBucket answers %i', async (status, list, expected) => {
    answerWith((request) => (request.startsWith('HEAD') ? { status } : { status: 200, body: list }));
    expect(await holder()).toBe(expected);
  });

  test('one in another region is said to be there, whatever is asked of it', async () => {
    const body = '<Error><Code>PermanentRedirect</Code><Message>Use the specified endpoint.</Message><Bucket>state</Bucket></Error>';
    answerWith(() => ({ status: 301, body }));
    await expect(new Buckets('eu-central-1', ACCOUNT).text('state', 'key')).rejects.toThrow(
      /^DW2113: .*Received: state, from s3:GetObject\./,
    );
  });

  test('every call to it names the account that should own it', async () => {
    const bucket = new Buckets('eu-central-1', ACCOUNT);
    answerWith((request) => (request.startsWith('HEAD') || request.startsWith('DELETE') ? { status: 204 } : { status: 200, body: '<A/>' }));
    await bucket.holderOf('state');
    await bucket.settings('state');
    await bucket.text('state', 'key');
    await bucket.versions('state');
    await bucket.remove('state', [{ key: 'a', version: '1', isCurrent: false }]);
    expect(requests.length).toBeGreaterThan(10);
    for (const request of requests) expect(request).toMatch(new RegExp(`^\\w+ /state\\S* ${ACCOUNT} `));
  });
});

test('a change set carries each parameter as a value, or as the previous one', async () => {
  answerWith((request) =>
    request.includes('Action=CreateChangeSet')
      ? {
          status: 200,
          body: '<CreateChangeSetResponse><CreateChangeSetResult><Id>arn</Id></CreateChangeSetResult></CreateChangeSetResponse>',
        }
      : {
          status: 200,
          body: '<DescribeChangeSetResponse><DescribeChangeSetResult><Status>CREATE_COMPLETE</Status></DescribeChangeSetResult></DescribeChangeSetResponse>',
        },
  );
  const request = { stack: 'a', name: 'b', isNew: false, template: '{}', tags: { owner: 'x' } };
  const stacks = new Stacks('eu-central-1');
  await stacks.propose({ ...request, parameters: { ExternalId: undefined } });
  expect(requests[0]).toContain('Parameters.member.1.UsePreviousValue=true');
  requests.length = 0;
  await stacks.propose({ ...request, parameters: { ExternalId: 'new' } });
  expect(requests[0]).toContain('Parameters.member.1.ParameterValue=new');
  expect(requests[0]).not.toContain('UsePreviousValue');
  expect(requests[0]).toContain('ImportExistingResources=true');
});

test('an operation is executed under the token by which its events tell it', async () => {
  const body = (action: string, result: string) => `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`;
  const event = (token: string) =>
    `<member><EventId>${token}</EventId><Timestamp>2026-11-24T10:00:00Z</Timestamp><ClientRequestToken>${token}</ClientRequestToken></member>`;
  answerWith((request) => ({
    status: 200,
    body: request.includes('Action=ExecuteChangeSet&')
      ? body('ExecuteChangeSet', '')
      : body('DescribeStackEvents', `<StackEvents>${event('dataworks-3')}${event('dataworks-2')}</StackEvents>`),
  }));
  const changeSets = new ChangeSets('eu-central-1');
  await changeSets.execute('arn', 'dataworks-3');
  expect(requests).toEqual([expect.stringMatching(/[ &]ChangeSetName=arn&ClientRequestToken=dataworks-3(&|$)/)]);
  const tokens: Array<string | undefined> = [];
  for await (const { token } of changeSets.events('lake')) tokens.push(token);
  expect(tokens).toEqual(['dataworks-3', 'dataworks-2']);
});

test.each([
  ['as it was submitted', undefined, 'Original'],
  ['as the transforms leave it', 'Processed', 'Processed'],
] as const)('the template of a stack is read %s', async (_, stage, asked) => {
  const result = '<GetTemplateResult><TemplateBody>{}</TemplateBody></GetTemplateResult>';
  answerWith(() => ({ status: 200, body: `<GetTemplateResponse>${result}</GetTemplateResponse>` }));
  expect(await new Stacks('eu-central-1').template('lake', stage)).toBe('{}');
  expect(requests).toEqual([expect.stringMatching(new RegExp(`StackName=lake&TemplateStage=${asked}(&|$)`))]);
});

test('a change set without changes is deleted again', async () => {
  answerWith((request) =>
    request.includes('Action=CreateChangeSet')
      ? {
          status: 200,
          body: '<CreateChangeSetResponse><CreateChangeSetResult><Id>arn</Id></CreateChangeSetResult></CreateChangeSetResponse>',
        }
      : {
          status: 200,
          body: "<DescribeChangeSetResponse><DescribeChangeSetResult><Status>FAILED</Status><StatusReason>The submitted information didn't contain changes. Submit different information.</StatusReason></DescribeChangeSetResult></DescribeChangeSetResponse>",
        },
  );
  const request = { stack: 'a', name: 'b', isNew: false, template: '{}', tags: {}, parameters: {} };
  expect(await new Stacks('eu-central-1').propose(request)).toBeUndefined();
  expect(requests.at(-1)).toContain('Action=DeleteChangeSet');
});

test('a change set is asked for again by the same token: for want of an answer, it is made all the same', async () => {
  let calls = 0;
  answerWith((request) => {
    if (request.includes('Action=CreateChangeSet')) {
      calls += 1;
      if (calls === 1) return { status: 503 };
      return {
        status: 200,
        body: '<CreateChangeSetResponse><CreateChangeSetResult><Id>arn</Id></CreateChangeSetResult></CreateChangeSetResponse>',
      };
    }
    return {
      status: 200,
      body: '<DescribeChangeSetResponse><DescribeChangeSetResult><Status>CREATE_COMPLETE</Status></DescribeChangeSetResult></DescribeChangeSetResponse>',
    };
  });
  await new Stacks('eu-central-1').propose({ stack: 'a', name: 'b', isNew: false, template: '{}', tags: {}, parameters: {} });
  const tokens = requests.flatMap((request) => /ClientToken=([^&]+)/.exec(request)?.[1] ?? []);
  expect(tokens).toHaveLength(2);
  expect(new Set(tokens).size).toBe(1);
});

describe('an object that others write at the same time', () => {
  const write = () => objectsIn({ region: 'eu-central-1', account: ACCOUNT, bucket: 'state' }).create('key', '{}');
  const conflict = { status: 409, body: '<Error><Code>ConditionalRequestConflict</Code><Message>try again</Message></Error>' };

  test.each([200, 412])('they cease, and the answer is %i', async (status) => {
    answerWith(() => (requests.length < 4 ? conflict : { status }));
    await write();
    expect(requests).toHaveLength(4);
  });

  test('they do not cease', async () => {
    answerWith(() => conflict);
    await expect(write()).rejects.toThrow(/^DW2111: .*ConditionalRequestConflict from s3/);
    expect(requests).toHaveLength(9);
  });
});
