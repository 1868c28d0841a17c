/** One stack against a server that answers as CloudFormation does when it does not do what it is asked. */
import { StackDeployment, UnclearError, type StackDeploymentProps } from '../../src/apply/stack-deployment';
import { ChangeSets } from '../../src/aws/change-sets';
import { Stacks } from '../../src/aws/cloudformation';
import { Fault } from '../../src/fault';
import { LOCK_FAULTS } from '../../src/lock/faults';
import type { PlannedStack } from '../../src/plan/plan';
import { answeringServer, queryError, type Answer } from '../support/answering-server';
import { change, deployedState, plannedStack } from '../support/planned';

/** Pollers do not wait. */
jest.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

const { requests, answerWith } = answeringServer();

const REGION = 'eu-central-1';
const STACK_ID = deployedState().stackId;
const CHANGE_SET_ID = 'arn:changeSet/dataworks-3-abababababab/1';
const TOKEN = 'token';
const TEMPLATE = JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });

const answer = (action: string, result: string): Answer => ({
  status: 200,
  body: `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`,
});
const refusal = (code: string, message: string): Answer => ({ status: 400, body: queryError(code, message) });
const stackIn = (status: string, more = '') =>
  answer(
    'DescribeStacks',
    `<Stacks><member><StackName>lake</StackName><StackId>${STACK_ID}</StackId><StackStatus>${status}</StackStatus>${more}</member></Stacks>`,
  );
const eventWith = (token: string, status: string) =>
  answer(
    'DescribeStackEvents',
    `<StackEvents><member><EventId>${token}-${status}</EventId><StackId>${STACK_ID}</StackId><LogicalResourceId>lake</LogicalResourceId>` +
      `<PhysicalResourceId>${STACK_ID}</PhysicalResourceId><ResourceType>AWS::CloudFormation::Stack</ResourceType>` +
      `<ResourceStatus>${status}</ResourceStatus><Timestamp>2026-11-24T10:00:00Z</Timestamp><ClientRequestToken>${token}</ClientRequestToken></member></StackEvents>`,
  );

/** What CloudFormation answers when all goes well. */
const WELL: Readonly<Record<string, Answer>> = {
  CreateChangeSet: answer('CreateChangeSet', `<Id>${CHANGE_SET_ID}</Id><StackId>${STACK_ID}</StackId>`),
  DescribeChangeSet: answer(
    'DescribeChangeSet',
    `<ChangeSetId>${CHANGE_SET_ID}</ChangeSetId><StackId>${STACK_ID}</StackId><Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus>`,
  ),
  GetTemplate: answer('GetTemplate', `<TemplateBody>${TEMPLATE}</TemplateBody>`),
  DeleteChangeSet: answer('DeleteChangeSet', ''),
  ExecuteChangeSet: answer('ExecuteChangeSet', ''),
  DescribeStacks: stackIn('UPDATE_COMPLETE'),
  DescribeStackEvents: eventWith(TOKEN, 'UPDATE_COMPLETE'),
  UpdateTerminationProtection: answer('UpdateTerminationProtection', ''),
  DeleteStack: answer('DeleteStack', ''),
};

type Answers = Readonly<Record<string, Answer | readonly Answer[]>>;

/** Of several answers each is given once, the last one ever after. */
function cloudFormation(answers: Answers = {}): void {
  const given: Record<string, number> = {};
  answerWith((request) => {
    const action = /Action=(\w+)/.exec(request)![1];
    const all = [answers[action] ?? WELL[action]].flat();
    given[action] = (given[action] ?? -1) + 1;
    return all[Math.min(given[action], all.length - 1)];
  });
}

const asked = (action: string) => requests.filter((request) => request.includes(`Action=${action}&`));

const STACK = plannedStack({ changes: [change('Topic', 'AWS::SNS::Topic')] });
const NEW = { ...STACK, deployed: undefined };

function deployment(changes: Partial<StackDeploymentProps> = {}): StackDeployment {
  return new StackDeployment({
    stack: STACK,
    template: TEMPLATE,
    nestedTemplate: () => undefined,
    changeSets: new ChangeSets(REGION),
    stacks: new Stacks(REGION),
    publish: () => Promise.resolve(),
    changeSetName: 'dataworks-3-abababababab',
    token: TOKEN,
    isStateful: () => false,
    mayGoOn: () => Promise.resolve(),
    lost: new AbortController().signal,
    tell: () => {},
    ...changes,
  });
}

/** With what it ends; the test fails when it does not. */
async function endOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('this was not refused');
}

test('all goes well', async () => {
  cloudFormation();
  expect(await deployment().run()).toEqual({
    id: STACK_ID,
    status: 'UPDATE_COMPLETE',
    changeSet: 'dataworks-3-abababababab',
    isTouched: true,
  });
});

describe('nothing to execute', () => {
  const empty = answer(
    'DescribeChangeSet',
    `<ChangeSetId>${CHANGE_SET_ID}</ChangeSetId><StackId>${STACK_ID}</StackId><Status>FAILED</Status><StatusReason>No updates are to be performed.</StatusReason>`,
  );
  const protectedNow = stackIn('UPDATE_COMPLETE', '<EnableTerminationProtection>true</EnableTerminationProtection>');

  test.each<[string, boolean, Answer, boolean, number]>([
    ['and nothing else either', false, WELL.DescribeStacks, false, 0],
    ['but its protection to set', true, WELL.DescribeStacks, true, 1],
    ['and its protection set already, by a run that was interrupted', true, protectedNow, true, 0],
  ])('%s', async (_, terminationProtection, DescribeStacks, isTouched, requested) => {
    cloudFormation({ DescribeChangeSet: empty, DescribeStacks });
    const outcome = await deployment({ stack: { ...STACK, terminationProtection } }).run();
    expect(outcome).toEqual({ id: STACK_ID, status: 'UPDATE_COMPLETE', isTouched });
    expect(asked('UpdateTerminationProtection')).toHaveLength(requested);
    expect(asked('ExecuteChangeSet')).toEqual([]);
  });
});

describe('refused before anything is executed: a fault, never unclear', () => {
  const denied = refusal('ValidationError', 'Parameters: [Size] must have values.');
  test.each<[string, string, Answers, Partial<StackDeploymentProps>]>([
    ['the change set', 'DW3320', { CreateChangeSet: denied }, {}],
    ['one too many', 'DW3320', { CreateChangeSet: refusal('LimitExceededException', 'too many') }, {}],
    ['its capabilities', 'DW3320', { CreateChangeSet: refusal('InsufficientCapabilitiesException', 'Requires CAPABILITY_IAM') }, {}],
    ['its description', 'DW3320', { DescribeChangeSet: refusal('ChangeSetNotFound', 'gone') }, {}],
    ['its template', 'DW3320', { GetTemplate: denied }, {}],
    [
      'the removal of what a creation left',
      'DW3320',
      { DescribeStacks: stackIn('ROLLBACK_COMPLETE'), DeleteStack: refusal('ValidationError', 'TerminationProtection is enabled') },
      { stack: NEW },
    ],
    [
      'the removal, on its way',
      'DW3320',
      { DescribeStacks: [stackIn('ROLLBACK_COMPLETE'), stackIn('DELETE_IN_PROGRESS'), stackIn('DELETE_FAILED')] },
      { stack: NEW },
    ],
    ['the publishing', 'DW3322', {}, { publish: () => Promise.reject(new Error('NoSuchBucket: the bucket does not exist.')) }],
  ])('%s', async (_, code, answers, props) => {
    cloudFormation(answers);
    const error = await endOf(deployment(props).run());
    expect(error).toMatchObject({ code, exitCode: 1, received: expect.stringMatching(/^lake \(.+[^.]\)$/) as string });
    expect(asked('ExecuteChangeSet')).toEqual([]);
  });

  test('the termination protection of a stack without other changes', async () => {
    cloudFormation({ UpdateTerminationProtection: denied });
    expect(await endOf(deployment({ stack: { ...STACK, terminationProtection: true } }).protect())).toMatchObject({ code: 'DW3320' });
  });
});

describe('when nothing more may be begun', () => {
  /** Allowed so many times. */
  const allowed = (times: number) => () =>
    (times -= 1) < 0 ? Promise.reject(new Fault(LOCK_FAULTS.lost, { received: '' })) : Promise.resolve();

  test('nothing is published, and no change set is made', async () => {
    cloudFormation();
    let published = 0;
    const publish = () => Promise.resolve(void (published += 1));
    expect(await endOf(deployment({ mayGoOn: allowed(0), publish }).run())).toMatchObject({ code: 'DW3003' });
    expect([published, requests]).toEqual([0, []]);
  });

  test('the change set that passed the gate is deleted, not executed', async () => {
    cloudFormation();
    expect(await endOf(deployment({ mayGoOn: allowed(1) }).run())).toMatchObject({ code: 'DW3003' });
    expect([asked('ExecuteChangeSet'), asked('DeleteChangeSet').length]).toEqual([[], 1]);
  });
});

describe('before the change set of a new stack', () => {
  const gone = refusal('ValidationError', `Stack with id ${STACK_ID} does not exist`);

  test('what a creation left that was taken back is removed, by its id', async () => {
    cloudFormation({ DescribeStacks: [stackIn('ROLLBACK_COMPLETE'), stackIn('DELETE_IN_PROGRESS'), gone, stackIn('CREATE_COMPLETE')] });
    expect(await deployment({ stack: NEW }).run()).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(asked('DeleteStack')).toEqual([expect.stringContaining(`StackName=${encodeURIComponent(STACK_ID)}`)]);
  });

  test.each<[string, string, PlannedStack]>([
    ['an empty stack, in which a change set waits', 'REVIEW_IN_PROGRESS', NEW],
    ['one that the plan knows', 'ROLLBACK_COMPLETE', STACK],
  ])('%s is not removed', async (_, status, stack) => {
    cloudFormation({ DescribeStacks: [stackIn(status), stackIn('UPDATE_COMPLETE')] });
    await deployment({ stack })
      .run()
      .catch(() => undefined);
    expect(asked('CreateChangeSet')).toHaveLength(1);
    expect(asked('DeleteStack')).toEqual([]);
  });
});

test('of the parameters without a value, those keep theirs that the stack has, and no others', async () => {
  cloudFormation();
  const Parameters = { Kept: { Type: 'String' }, New: { Type: 'String', Default: 'x' } };
  const template = JSON.stringify({ ...(JSON.parse(TEMPLATE) as object), Parameters });
  const stack = { ...STACK, deployed: deployedState({ parameters: { Kept: '1' } }) };
  await endOf(deployment({ stack, template }).run()); // the gate: CloudFormation has another template
  const [request] = asked('CreateChangeSet');
  expect(request).toMatch(/ParameterKey=Kept&\S*UsePreviousValue=true/);
  expect(request).not.toContain('ParameterKey=New');
});

describe('while it is waited for', () => {
  const throttled = Array.from({ length: 3 }, () => refusal('Throttling', 'Rate exceeded')); // as often as the SDK asks

  test('no answer for a while is no end', async () => {
    cloudFormation({ DescribeStacks: [...throttled, stackIn('UPDATE_COMPLETE')] });
    const told: string[] = [];
    expect(await deployment({ tell: (line) => told.push(line) }).run()).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(told).toContainEqual(expect.stringMatching(/^lake: no answer yet \(DW2111/));
  });

  test.each<[string, Answers, Partial<StackDeploymentProps>]>([
    ['no answer once the lock is lost', { DescribeStacks: [...throttled, stackIn('UPDATE_COMPLETE')] }, { lost: AbortSignal.abort() }],
    ['an answer that it may not be known', { DescribeStacks: refusal('AccessDenied', 'no') }, {}],
  ])('%s is unclear', async (_, answers, props) => {
    cloudFormation(answers);
    expect(await endOf(deployment(props).run())).toBeInstanceOf(UnclearError);
  });

  test('what failed in an earlier operation is no reason', async () => {
    const own = eventWith(TOKEN, 'UPDATE_ROLLBACK_COMPLETE').body!;
    const earlier = eventWith('Console-1', 'UPDATE_FAILED').body!.replace(
      `<PhysicalResourceId>${STACK_ID}`,
      '<PhysicalResourceId>arn:topic',
    );
    const [, first] = /(<member>.*<\/member>)/.exec(own)!;
    const events = { status: 200, body: earlier.replace('<StackEvents>', `<StackEvents>${first}`) };
    cloudFormation({ DescribeStacks: stackIn('UPDATE_ROLLBACK_COMPLETE'), DescribeStackEvents: events });
    expect(await endOf(deployment().run())).toMatchObject({
      received: 'lake ended as UPDATE_ROLLBACK_COMPLETE (CloudFormation gave no reason)',
    });
  });
});

test('what failed in a nested stack is named by its own reason, and not by one of an earlier operation', async () => {
  const NESTED = 'arn:stack/lake-Inner/1';
  const member = (values: Record<string, string>) =>
    `<member>${Object.entries({ EventId: JSON.stringify(values).replace(/"/g, ''), Timestamp: '2026-11-24T10:00:00Z', ...values })
      .map(([key, value]) => `<${key}>${value}</${key}>`)
      .join('')}</member>`;
  const inner = { LogicalResourceId: 'Inner', PhysicalResourceId: NESTED, ResourceType: 'AWS::CloudFormation::Stack' };
  const topic = { LogicalResourceId: 'Topic', PhysicalResourceId: 'arn:topic', ResourceType: 'AWS::SNS::Topic' };
  const failed = { ResourceStatus: 'UPDATE_FAILED', ClientRequestToken: TOKEN };
  const events = (...all: ReadonlyArray<Record<string, string>>) =>
    answer('DescribeStackEvents', `<StackEvents>${all.map(member).join('')}</StackEvents>`);
  cloudFormation({
    DescribeStacks: stackIn('UPDATE_ROLLBACK_COMPLETE'),
    DescribeStackEvents: [
      events({ ...inner, ...failed, ResourceStatusReason: 'Embedded stack was not successfully updated.' }),
      events(
        { ...topic, ...failed, ResourceStatusReason: 'no such key.' },
        { ...inner, ResourceStatus: 'UPDATE_IN_PROGRESS' },
        { ...topic, ...failed, ResourceStatusReason: 'an older one.' },
      ),
    ],
  });
  expect(await endOf(deployment().run())).toMatchObject({
    received: 'lake ended as UPDATE_ROLLBACK_COMPLETE (Inner/AWS::SNS::Topic Topic: no such key)',
  });
  expect(asked('DescribeStackEvents').at(-1)).toContain(`StackName=${encodeURIComponent(NESTED)}`);
});

test.each([
  ['UPDATE_ROLLBACK_COMPLETE', 'DW3321', 6],
  ['UPDATE_ROLLBACK_FAILED', 'DW3325', 7],
])('it ends as %s', async (status, code, exitCode) => {
  cloudFormation({ DescribeStacks: stackIn(status), DescribeStackEvents: eventWith(TOKEN, status) });
  expect(await endOf(deployment().run())).toMatchObject({ code, exitCode, outcome: { status, isTouched: true } });
});

describe('the execution is refused', () => {
  const refused = { ExecuteChangeSet: refusal('InvalidChangeSetStatus', 'cannot be executed in its current status') };
  const others = eventWith('Console-1', 'UPDATE_COMPLETE');
  const described = (executionStatus: string) => ({
    ...WELL.DescribeChangeSet,
    body: WELL.DescribeChangeSet.body!.replace('AVAILABLE', executionStatus),
  });

  test('because the first request arrived, as its events say: it is seen to its end', async () => {
    cloudFormation(refused);
    expect(await deployment().run()).toMatchObject({ status: 'UPDATE_COMPLETE', isTouched: true });
    expect(asked('DeleteChangeSet')).toEqual([]);
  });

  test.each(['EXECUTE_IN_PROGRESS', 'EXECUTE_COMPLETE'])('because it arrived, which only the change set tells: %s', async (status) => {
    cloudFormation({
      ...refused,
      DescribeChangeSet: [WELL.DescribeChangeSet, described(status)],
      DescribeStackEvents: others,
    });
    expect(await deployment().run()).toMatchObject({ status: 'UPDATE_COMPLETE', isTouched: true });
    expect(asked('DeleteChangeSet')).toEqual([]);
  });

  test('and the change set can be deleted: somebody else is at work, and nothing was done', async () => {
    cloudFormation({ ...refused, DescribeStackEvents: others });
    expect(await endOf(deployment().run())).toMatchObject({ code: 'DW3310' });
    expect(asked('DeleteChangeSet')).toHaveLength(1);
  });

  test('and the change set is gone: somebody deleted it', async () => {
    const gone = refusal('ChangeSetNotFound', 'gone');
    cloudFormation({ ExecuteChangeSet: gone, DescribeChangeSet: [WELL.DescribeChangeSet, gone], DescribeStackEvents: others });
    expect(await endOf(deployment().run())).toMatchObject({ code: 'DW3310' });
  });

  test.each<[string, Answers]>([
    ['cannot be deleted', { DeleteChangeSet: refusal('InvalidChangeSetStatus', 'cannot be deleted') }],
    [
      'has failed at once',
      {
        DescribeChangeSet: [WELL.DescribeChangeSet, described('EXECUTE_FAILED')],
      },
    ],
    [
      'may still be executed, for the request had no answer',
      { ExecuteChangeSet: { status: 500, body: queryError('InternalFailure', '') } },
    ],
    ['cannot be asked for', { DescribeChangeSet: [WELL.DescribeChangeSet, refusal('ValidationError', 'no')] }],
  ])('and the change set %s: that is unclear', async (_, answers) => {
    cloudFormation({ ...refused, DescribeStackEvents: others, ...answers });
    expect(await endOf(deployment().run())).toBeInstanceOf(UnclearError);
  });
});

test.each([
  ['eu-central-1', 'amazonaws.com'],
  ['us-gov-west-1', 'amazonaws.com'],
  ['cn-north-1', 'amazonaws.com.cn'],
  ['us-iso-east-1', 'c2s.ic.gov'],
  ['us-isob-east-1', 'sc2s.sgov.gov'],
  ['eusc-de-east-1', 'amazonaws.eu'],
])('a large template is read from the bucket, in %s by its own name', async (region, suffix) => {
  cloudFormation();
  const template = JSON.stringify({ ...(JSON.parse(TEMPLATE) as object), Description: 'x'.repeat(51_200) });
  const stack = { ...STACK, region, template: { ...STACK.template, url: 's3://staging/a.json' } };
  await endOf(deployment({ stack, template }).run()); // the gate: CloudFormation has another template
  const [request] = asked('CreateChangeSet');
  expect(request).toContain(`TemplateURL=${encodeURIComponent(`https://s3.${region}.${suffix}/staging/a.json`)}`);
});
