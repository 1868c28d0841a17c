import { AccountDeployer, type DeployerProps } from '../../src/apply/deployer';
import type { PlannedStack } from '../../src/plan/plan';
import { answeringServer, queryError } from '../support/answering-server';
import { ACCOUNT, plannedStack, planWith } from '../support/planned';

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

describe('a stack on which somebody is at work', () => {
  /** At work for so many questions. */
  const busyFor = (questions: number) => {
    let left = questions;
    answerWith((request) => {
      if (request.includes('Action=AssumeRole')) return { status: 200, body: CREDENTIALS };
      if (!request.includes('Action=DescribeStacks')) {
        return { status: 200, body: '<DescribeStackEventsResponse><DescribeStackEventsResult/></DescribeStackEventsResponse>' };
      }
      left -= 1;
      const status = left < 0 ? 'UPDATE_COMPLETE' : 'UPDATE_IN_PROGRESS';
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

  test('is not waited for when somebody wants to stop: its end is not known, and the lock stays', async () => {
    busyFor(100);
    const deployer = deployerOf([plannedStack()], { stop: AbortSignal.abort('SIGTERM') });
    await expect(deployer.lastOperation(`${REGION}/lake`, 0)).rejects.toMatchObject({
      code: 'DW3330',
      received: 'lake is UPDATE_IN_PROGRESS, SIGTERM',
    });
  });
});
