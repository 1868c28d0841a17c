import { AccountDeployer, type DeployerProps } from '../../src/apply/deployer';
import { operationToken } from '../../src/apply/operation-token';
import { Fault } from '../../src/fault';
import { FAULTS, type FaultKind } from '../../src/faults';
import { PLAN_FAULTS } from '../../src/plan/faults';
import type { PlannedStack } from '../../src/plan/plan';
import { answeringServer, queryError } from '../support/answering-server';
import { ACCOUNT, DIGEST, plannedStack, planWith } from '../support/planned';

/** Pollers do not wait. */
jest.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

const { requests, answerWith } = answeringServer();
const REGION = 'eu-central-1';
const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

const CREDENTIALS =
  '<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey>' +
  '<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>';

function deployerOf(stacks: readonly PlannedStack[], changes: Partial<DeployerProps> = {}): AccountDeployer {
  return new AccountDeployer({
    bundle: { plan: planWith(stacks), directory: '', dispose: () => {} },
    caller: `arn:aws:sts::${ACCOUNT}:assumed-role/deployer/job`,
    deployRoleArn: roleArn('cdk-deploy'),
    open: () => Promise.reject(new Error('opens nothing')),
    stop: new AbortController().signal,
    tell: () => {},
    ...changes,
  });
}

test('each stack is asked for by the role that it names, also beside others of its region; one that is not planned by that of the bootstrap', async () => {
  const stacks = ['network', 'lake'].map((name) => plannedStack({ name, artifactId: name, deployRoleArn: roleArn(`${name}-deploy`) }));
  const deployer = deployerOf(stacks);
  answerWith((request) =>
    request.includes('Action=AssumeRole')
      ? { status: 200, body: CREDENTIALS }
      : { status: 400, body: queryError('ValidationError', 'Stack does not exist') },
  );
  for (const name of ['network', 'lake', 'network', 'old']) {
    await deployer.stacksFor(REGION, name).find(name);
    expect(await deployer.deployed(`${REGION}/${name}`)).toBeUndefined();
    expect(await deployer.lastOperation(`${REGION}/${name}`, 0)).toBeUndefined();
  }
  const assumed = new Set(requests.flatMap((request) => /RoleArn=([^&]+)/.exec(request)?.[1] ?? []).map(decodeURIComponent));
  expect([...assumed]).toEqual([roleArn('network-deploy'), roleArn('lake-deploy'), roleArn('cdk-deploy')]);
});

test('of two stacks of one name each is asked for by the role of its own region', async () => {
  const stacks = [REGION, 'us-east-1'].map((region) =>
    plannedStack({ region, artifactId: region, deployRoleArn: roleArn(`of-${region}`) }),
  );
  answerWith((request) =>
    request.includes('Action=AssumeRole')
      ? { status: 200, body: CREDENTIALS }
      : { status: 400, body: queryError('ValidationError', 'Stack does not exist') },
  );
  await deployerOf(stacks).stacksFor('us-east-1', 'lake').find('lake');
  expect(decodeURIComponent(requests.join())).toContain(roleArn('of-us-east-1'));
  expect(decodeURIComponent(requests.join())).not.toContain(roleArn(`of-${REGION}`));
});

describe('the last operation of ours on a stack', () => {
  const STACK_ID = 'arn:stack/lake';
  const token = (fence: number) => operationToken({ fence, digest: DIGEST, serial: 1 }, `${REGION}/lake`);
  const event = (status: string, by = '', physicalId = STACK_ID) =>
    `<member><EventId>e</EventId><StackId>${STACK_ID}</StackId><LogicalResourceId>x</LogicalResourceId><ResourceType>x</ResourceType>` +
    `<PhysicalResourceId>${physicalId}</PhysicalResourceId><ResourceStatus>${status}</ResourceStatus>` +
    `<Timestamp>2026-11-24T10:00:00Z</Timestamp><ClientRequestToken>${by}</ClientRequestToken></member>`;

  /** @param events newest first */
  async function lastOf(above: number, ...events: readonly string[]) {
    const stack = `<StackName>lake</StackName><StackId>${STACK_ID}</StackId><StackStatus>UPDATE_COMPLETE</StackStatus>`;
    const bodies = {
      AssumeRole: CREDENTIALS,
      DescribeStacks: `<DescribeStacksResponse><DescribeStacksResult><Stacks><member>${stack}</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
      DescribeStackEvents: `<DescribeStackEventsResponse><DescribeStackEventsResult><StackEvents>${events.join('')}</StackEvents></DescribeStackEventsResult></DescribeStackEventsResponse>`,
    };
    answerWith((request) => ({ status: 200, body: bodies[/Action=(\w+)/.exec(request)![1] as keyof typeof bodies] }));
    return deployerOf([plannedStack()]).lastOperation(`${REGION}/lake`, above);
  }

  test('has the status of the stack, not of a resource, and is the last also when a change set waits since', async () => {
    const events = [event('REVIEW_IN_PROGRESS'), event('UPDATE_FAILED', token(5), 'arn:topic'), event('UPDATE_COMPLETE', token(5))];
    expect(await lastOf(4, ...events)).toEqual({
      place: `${REGION}/lake`,
      stackId: STACK_ID,
      operation: { fence: 5, digest: DIGEST, serial: 1 },
      status: 'UPDATE_COMPLETE',
      isLast: true,
    });
  });

  test('is not the last when somebody else has changed the stack since', async () => {
    expect(await lastOf(4, event('UPDATE_COMPLETE', 'Console-1'), event('UPDATE_COMPLETE', token(5)))).toMatchObject({ isLast: false });
  });

  test.each([
    ['one of the recorded lock', [5]],
    ['one of before', [4]],
    ['one of before, and one that was higher before that', [4, 7]],
  ])('is none when it is %s', async (_, fences) => {
    expect(await lastOf(5, ...fences.map((fence) => event('UPDATE_COMPLETE', token(fence))))).toBeUndefined();
  });
});

test('a plan of the state bucket that is gone, or not as it was written, is none; without an answer nobody knows', async () => {
  const planAfter = (kind: FaultKind) => deployerOf([], { open: () => Promise.reject(new Fault(kind, { received: '' })) }).plan(DIGEST);
  expect(await planAfter(PLAN_FAULTS.noUploadedPlan)).toBeUndefined();
  expect(await planAfter(PLAN_FAULTS.digestDiffers)).toBeUndefined();
  await expect(planAfter(FAULTS.unreachable)).rejects.toMatchObject({ code: FAULTS.unreachable.code });
});

describe('a stack on which somebody is at work', () => {
  /** At work for so many questions. */
  const busyFor = (questions: number, busy = 'UPDATE_IN_PROGRESS') => {
    let left = questions;
    answerWith((request) => {
      if (request.includes('Action=AssumeRole')) return { status: 200, body: CREDENTIALS };
      if (!request.includes('Action=DescribeStacks')) {
        return { status: 200, body: '<DescribeStackEventsResponse><DescribeStackEventsResult/></DescribeStackEventsResponse>' };
      }
      left -= 1;
      const status = left < 0 ? 'UPDATE_COMPLETE' : busy;
      const stack = `<StackName>lake</StackName><StackId>arn:stack/lake</StackId><StackStatus>${status}</StackStatus>`;
      return {
        status: 200,
        body: `<DescribeStacksResponse><DescribeStacksResult><Stacks><member>${stack}</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
      };
    });
  };

  test('is waited for, and that is said once', async () => {
    const told: string[] = [];
    busyFor(3);
    const deployer = deployerOf([plannedStack()], { tell: (line) => told.push(line) });
    expect(await deployer.lastOperation(`${REGION}/lake`, 0)).toBeUndefined();
    expect(told).toEqual(['lake: UPDATE_IN_PROGRESS; waiting for its end']);
  });

  test('is none when it is empty, and only a change set waits in it', async () => {
    busyFor(100, 'REVIEW_IN_PROGRESS');
    const deployer = deployerOf([plannedStack()], { stop: AbortSignal.abort('SIGTERM') });
    expect(await deployer.lastOperation(`${REGION}/lake`, 0)).toBeUndefined();
  });

  test('is not waited for when somebody wants to stop: its end is not known, and the lock stays', async () => {
    busyFor(100);
    const deployer = deployerOf([plannedStack()], { stop: AbortSignal.abort('SIGTERM') });
    await expect(deployer.lastOperation(`${REGION}/lake`, 0)).rejects.toMatchObject({
      code: 'DW3330',
      received: 'lake is UPDATE_IN_PROGRESS, SIGTERM',
    });
  });
});
