/** The way of a stack from the states in which an interrupted or failed run leaves it, against a server that plays CloudFormation. */
import { Stacks } from '../../src/aws/cloudformation';
import { Deployment } from '../../src/bootstrap/deployment';
import { answeringServer, queryError, type Answer } from '../support/answering-server';

const { requests, answerWith } = answeringServer();
const ID = 'arn:aws:cloudformation:eu-central-1:111122223333:stack/sales-dev-backend/1';

/** A stack that CloudFormation moves from status to status, by the actions that it allows. */
class PlayedStack {
  public protected = true;
  public readonly actions: string[] = [];

  public constructor(
    public status: string | undefined,
    private readonly reactions: Readonly<Partial<Record<string, (stack: PlayedStack, request: string) => Answer | undefined>>> = {},
  ) {}

  public answer(request: string): Answer {
    const action = /Action=(\w+)/.exec(request)![1];
    if (!/^(Describe|List|Get)/.test(action)) this.actions.push(action);
    const answered = this.reactions[action]?.(this, request);
    if (answered) return answered;
    const result = (content: string) => ({
      status: 200,
      body: `<${action}Response><${action}Result>${content}</${action}Result></${action}Response>`,
    });
    if (action === 'DescribeStacks') {
      if (this.status === undefined) return { status: 400, body: queryError('ValidationError', `Stack with id ${ID} does not exist`) };
      return result(
        `<Stacks><member><StackId>${ID}</StackId><StackStatus>${this.status}</StackStatus><EnableTerminationProtection>${this.protected}</EnableTerminationProtection></member></Stacks>`,
      );
    }
    return result('');
  }
}

function recovered(stack: PlayedStack): Promise<unknown> {
  answerWith((request) => stack.answer(request));
  return new Deployment(new Stacks('eu-central-1'), 'sales-dev-backend', () => {}).recovered();
}

const to = (status: string | undefined) => (stack: PlayedStack) => {
  stack.status = status;
  return undefined;
};

test('a stack that CloudFormation is at work on is waited for', async () => {
  const ends = ['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE'];
  const stack = new PlayedStack('CREATE_IN_PROGRESS', {
    DescribeStacks: (played) => {
      to(ends.shift() ?? 'UPDATE_COMPLETE')(played);
    },
  });
  expect(await recovered(stack)).toMatchObject({ status: 'UPDATE_COMPLETE' });
  expect(stack.actions).toEqual([]);
});

test('an update whose rollback failed is taken back', async () => {
  const stack = new PlayedStack('UPDATE_ROLLBACK_FAILED', { ContinueUpdateRollback: to('UPDATE_ROLLBACK_COMPLETE') });
  expect(await recovered(stack)).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
  expect(stack.actions).toEqual(['ContinueUpdateRollback']);
});

test('an update that failed and was left as it was is taken back', async () => {
  const stack = new PlayedStack('UPDATE_FAILED', { RollbackStack: to('UPDATE_ROLLBACK_COMPLETE') });
  expect(await recovered(stack)).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
  expect(stack.actions).toEqual(['RollbackStack']);
});

test('a rollback that fails again is explained', async () => {
  const stack = new PlayedStack('UPDATE_ROLLBACK_FAILED', { ContinueUpdateRollback: () => undefined });
  await expect(recovered(stack)).rejects.toThrow(/^DW2120: .*sales-dev-backend ended as UPDATE_ROLLBACK_FAILED/);
});

test('a state that has no safe way out is explained, and left alone', async () => {
  const stack = new PlayedStack('IMPORT_ROLLBACK_FAILED');
  await expect(recovered(stack)).rejects.toThrow(/^DW2120: .*sales-dev-backend is IMPORT_ROLLBACK_FAILED/);
  expect(stack.actions).toEqual([]);
});

test.each(['CREATE_FAILED', 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED'])('%s: what is left is deleted, protection or not', async (status) => {
  const stack = new PlayedStack(status, { DeleteStack: to(undefined) });
  expect(await recovered(stack)).toBeUndefined();
  expect(stack.actions).toEqual(['UpdateTerminationProtection', 'DeleteStack']);
});

const STUCK = (): Answer => ({
  status: 200,
  body: `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries>
    <member><LogicalResourceId>Table</LogicalResourceId><ResourceType>AWS::DynamoDB::Table</ResourceType><ResourceStatus>DELETE_FAILED</ResourceStatus></member>
    <member><LogicalResourceId>Role</LogicalResourceId><ResourceType>AWS::IAM::Role</ResourceType><ResourceStatus>DELETE_COMPLETE</ResourceStatus></member>
  </StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`,
});

test('what refuses to be deleted is kept, and the stack goes without it', async () => {
  const stack = new PlayedStack('ROLLBACK_FAILED', {
    ListStackResources: STUCK,
    DeleteStack: (played, request) => {
      to(request.includes('RetainResources.member.1=Table') ? undefined : 'DELETE_FAILED')(played);
    },
  });
  expect(await recovered(stack)).toBeUndefined();
  expect(stack.actions).toEqual(['UpdateTerminationProtection', 'DeleteStack', 'DeleteStack']);
  expect(requests.filter((request) => request.includes('RetainResources'))).toHaveLength(1);
});

test('a deletion that was interrupted after it failed goes on with what it keeps', async () => {
  const stack = new PlayedStack('DELETE_FAILED', { ListStackResources: STUCK, DeleteStack: to(undefined) });
  stack.protected = false;
  expect(await recovered(stack)).toBeUndefined();
  expect(stack.actions).toEqual(['DeleteStack']);
});

test('somebody else at work on the stack is named as such', async () => {
  const stack = new PlayedStack('UPDATE_COMPLETE', {
    CreateChangeSet: () => ({
      status: 400,
      body: queryError('ValidationError', `Stack:${ID} is in UPDATE_IN_PROGRESS state and can not be updated.`),
    }),
    GetTemplate: () => undefined,
  });
  answerWith((request) => stack.answer(request));
  const stacks = new Stacks('eu-central-1');
  const expected = { name: 'sales-dev-backend', template: { Resources: {} }, body: '{}', tags: {}, resourceNames: {} };
  const deployed = await stacks.find('sales-dev-backend');
  const proposing = new Deployment(stacks, 'sales-dev-backend', () => {}).propose(expected, deployed, {});
  await expect(proposing).rejects.toThrow(/^DW2119: .*sales-dev-backend/);
});

test('a change set that cannot be made is taken back, and its reason is told', async () => {
  const stack = new PlayedStack(undefined, {
    CreateChangeSet: (played) => {
      played.status = 'REVIEW_IN_PROGRESS';
      return {
        status: 200,
        body: '<CreateChangeSetResponse><CreateChangeSetResult><Id>arn</Id></CreateChangeSetResult></CreateChangeSetResponse>',
      };
    },
    DescribeChangeSet: () => ({
      status: 200,
      body: '<DescribeChangeSetResponse><DescribeChangeSetResult><Status>FAILED</Status><StatusReason>A role of this name exists.</StatusReason></DescribeChangeSetResult></DescribeChangeSetResponse>',
    }),
  });
  answerWith((request) => stack.answer(request));
  const expected = { name: 'sales-dev-backend', template: { Resources: {} }, body: '{}', tags: {}, resourceNames: {} };
  const proposing = new Deployment(new Stacks('eu-central-1'), 'sales-dev-backend', () => {}).propose(expected, undefined, {});
  await expect(proposing).rejects.toThrow(/^DW2117: .*A role of this name exists/);
  expect(stack.actions).toEqual(['CreateChangeSet', 'DeleteChangeSet', 'DeleteStack']);
});
