import { randomUUID } from 'node:crypto';
import {
  CloudFormationClient,
  CloudFormationServiceException,
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  GetTemplateCommand,
  type Change,
  type CreateChangeSetCommandInput,
  type DescribeChangeSetOutput,
} from '@aws-sdk/client-cloudformation';
import { clientSettings, raisesFaults, type Credentials } from './client-settings';
import { untilDone } from './until-done';

/** @param credentials by default those of the caller */
export function cloudFormationClient(region: string, credentials?: Credentials): CloudFormationClient {
  const client = new CloudFormationClient({ ...clientSettings(region), credentials });
  client.middlewareStack.use(raisesFaults);
  return client;
}

/** CloudFormation has no error of its own for a stack that does not exist. */
export async function whenThere<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CloudFormationServiceException && error.name === 'ValidationError' && /does not exist/.test(error.message)) {
      return undefined;
    }
    throw error;
  }
}

/** Of a template: as it was submitted, or after the transforms. */
export type TemplateStage = 'Original' | 'Processed';

/** The template of a stack; undefined for one that has none yet, or is not there. */
export async function templateOf(client: CloudFormationClient, stack: string, stage: TemplateStage): Promise<string | undefined> {
  const answer = await whenThere(client.send(new GetTemplateCommand({ StackName: stack, TemplateStage: stage })));
  return answer?.TemplateBody === '' ? undefined : answer?.TemplateBody;
}

export interface ChangeSetInput {
  readonly stack: string;
  readonly name: string;
  /** Of a stack that does not exist yet. */
  readonly isNew: boolean;
  /** Values; undefined: as before. */
  readonly parameters: Readonly<Record<string, string | undefined>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Make a change set, wait until CloudFormation knows what it would do, and describe it. */
export async function makeChangeSet(
  client: CloudFormationClient,
  { stack, name, isNew, parameters, tags }: ChangeSetInput,
  input: Partial<CreateChangeSetCommandInput>,
): Promise<DescribeChangeSetOutput> {
  const { Id } = await client.send(
    new CreateChangeSetCommand({
      StackName: stack,
      ChangeSetName: name,
      ClientToken: randomUUID(), // asked again for want of an answer, CloudFormation would otherwise say that it exists
      ChangeSetType: isNew ? 'CREATE' : 'UPDATE',
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) =>
        ParameterValue === undefined ? { ParameterKey, UsePreviousValue: true } : { ParameterKey, ParameterValue },
      ),
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      ...input,
    }),
  );
  let made: DescribeChangeSetOutput = {};
  await untilDone(async () => {
    made = await client.send(new DescribeChangeSetCommand({ ChangeSetName: Id }));
    return !/PENDING|IN_PROGRESS/.test(made.Status!);
  });
  return withAllPages(client, made);
}

/** An answer of DescribeChangeSet, all its pages as one. */
export async function describeChangeSet(client: CloudFormationClient, id: string): Promise<DescribeChangeSetOutput> {
  return withAllPages(client, await client.send(new DescribeChangeSetCommand({ ChangeSetName: id })));
}

async function withAllPages(client: CloudFormationClient, first: DescribeChangeSetOutput): Promise<DescribeChangeSetOutput> {
  const changes: Change[] = [...(first.Changes ?? [])];
  let page = first;
  while (page.NextToken !== undefined) {
    page = await client.send(new DescribeChangeSetCommand({ ChangeSetName: first.ChangeSetId, NextToken: page.NextToken }));
    changes.push(...(page.Changes ?? []));
  }
  return { ...page, Changes: changes };
}

/** Whether a change set failed because there is nothing to do. */
export function isEmpty({ status, reason }: { readonly status: string; readonly reason: string }): boolean {
  return status === 'FAILED' && /didn't contain changes|No updates are to be performed/.test(reason);
}
