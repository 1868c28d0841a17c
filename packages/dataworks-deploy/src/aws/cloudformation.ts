import {
  CloudFormationServiceException,
  ContinueUpdateRollbackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  paginateDescribeStackEvents,
  paginateListChangeSets,
  paginateListStackResources,
  RollbackStackCommand,
  UpdateTerminationProtectionCommand,
  type Change,
  type CloudFormationClient,
  type DescribeChangeSetOutput,
  type StackStatus,
} from '@aws-sdk/client-cloudformation';
import type { Credentials } from './client-settings';
import {
  cloudFormationClient,
  isEmpty,
  makeChangeSet,
  templateOf,
  whenThere,
  type ChangeSetInput,
  type TemplateStage,
} from './cloudformation-client';

export type { StackStatus };

export interface DeployedStack {
  readonly id: string;
  readonly status: StackStatus;
  readonly reason?: string;
  /** Names of its parameters. */
  readonly parameters: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly terminationProtection: boolean;
  /** Whether its last drift detection found any. */
  readonly drifted: boolean;
}

export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId?: string;
  readonly status: string;
}

export interface StackEvent {
  readonly id: string;
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly time: Date;
}

export interface ResourceChange {
  readonly action: string;
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId?: string;
  /** `True`, `False` or `Conditional`; only of changes to what exists. */
  readonly replacement?: string;
  /** Paths of the properties, or names of the attributes, that change. */
  readonly paths: readonly string[];
}

export interface ChangeSet {
  readonly id: string;
  readonly status: string;
  readonly reason: string;
  readonly changes: readonly ResourceChange[];
}

export interface ChangeSetSummary {
  readonly id: string;
  readonly name: string;
  /** `AVAILABLE`, `UNAVAILABLE`, `EXECUTE_IN_PROGRESS`, `EXECUTE_COMPLETE`, `EXECUTE_FAILED` or `OBSOLETE`. */
  readonly executionStatus: string;
}

export interface ChangeSetRequest extends ChangeSetInput {
  /** JSON. */
  readonly template: string;
}

/** Stacks of one account and region. */
export class Stacks {
  private readonly client: CloudFormationClient;

  /** @param credentials by default those of the caller */
  public constructor(region: string, credentials?: Credentials) {
    this.client = cloudFormationClient(region, credentials);
  }

  /** @param stack name, or id: by its id a stack is found for a while after it was deleted */
  public async find(stack: string): Promise<DeployedStack | undefined> {
    const answer = await whenThere(this.client.send(new DescribeStacksCommand({ StackName: stack })));
    const found = answer?.Stacks?.[0];
    if (!found || found.StackStatus === 'DELETE_COMPLETE') return undefined;
    return {
      id: found.StackId!,
      status: found.StackStatus!,
      reason: found.StackStatusReason,
      parameters: (found.Parameters ?? []).map(({ ParameterKey }) => ParameterKey!),
      tags: Object.fromEntries((found.Tags ?? []).map(({ Key, Value }) => [Key!, Value!])),
      terminationProtection: found.EnableTerminationProtection ?? false,
      drifted: found.DriftInformation?.StackDriftStatus === 'DRIFTED',
    };
  }

  /** The template of a stack; undefined for one that has none yet. */
  public template(stack: string, stage: TemplateStage = 'Original'): Promise<string | undefined> {
    return templateOf(this.client, stack, stage);
  }

  public async resources(stack: string): Promise<StackResource[]> {
    const found: StackResource[] = [];
    for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client: this.client }, { StackName: stack })) {
      found.push(
        ...StackResourceSummaries.map(({ LogicalResourceId, ResourceType, PhysicalResourceId, ResourceStatus }) => ({
          logicalId: LogicalResourceId!,
          type: ResourceType!,
          physicalId: PhysicalResourceId,
          status: ResourceStatus!,
        })),
      );
    }
    return found;
  }

  /** Name of the stack that a resource belongs to; undefined when no stack has it. */
  public async ownerOf(physicalId: string): Promise<string | undefined> {
    const answer = await whenThere(this.client.send(new DescribeStackResourcesCommand({ PhysicalResourceId: physicalId })));
    return answer?.StackResources?.[0]?.StackName;
  }

  /** Newest first. */
  public async events(stack: string): Promise<StackEvent[]> {
    const found: StackEvent[] = [];
    for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client: this.client }, { StackName: stack })) {
      found.push(
        ...StackEvents.map((event) => ({
          id: event.EventId!,
          logicalId: event.LogicalResourceId!,
          type: event.ResourceType!,
          status: event.ResourceStatus!,
          reason: event.ResourceStatusReason,
          time: event.Timestamp!,
        })),
      );
    }
    return found;
  }

  /**
   * Make a change set and wait until CloudFormation knows what it would do; undefined when that is nothing (it is deleted again).
   * What exists already under the name that a retained resource of the template has, is imported instead of created.
   */
  public async propose({ template, ...request }: ChangeSetRequest): Promise<ChangeSet | undefined> {
    const changeSet = changeSetOf(
      await makeChangeSet(this.client, request, {
        ImportExistingResources: true,
        TemplateBody: template,
        Capabilities: ['CAPABILITY_NAMED_IAM'],
      }),
    );
    if (!isEmpty(changeSet)) return changeSet;
    await this.discard(changeSet.id);
    return undefined;
  }

  /** Delete a change set that was not executed. */
  public async discard(changeSetId: string): Promise<void> {
    await this.client.send(new DeleteChangeSetCommand({ ChangeSetName: changeSetId }));
  }

  /** The same, unless somebody executes it in this moment: then it is left to that. */
  public async discardIfUnexecuted(changeSetId: string): Promise<void> {
    try {
      await this.discard(changeSetId);
    } catch (error) {
      if (!(error instanceof CloudFormationServiceException && error.name.startsWith('InvalidChangeSetStatus'))) throw error;
    }
  }

  /** The change sets of a stack. Throws what CloudFormation says of a stack that does not exist. */
  public async changeSets(stack: string): Promise<ChangeSetSummary[]> {
    const found: ChangeSetSummary[] = [];
    for await (const { Summaries = [] } of paginateListChangeSets({ client: this.client }, { StackName: stack })) {
      found.push(
        ...Summaries.map(({ ChangeSetId, ChangeSetName, ExecutionStatus }) => ({
          id: ChangeSetId!,
          name: ChangeSetName!,
          executionStatus: ExecutionStatus ?? 'UNAVAILABLE',
        })),
      );
    }
    return found;
  }

  /** The same; none for a stack that does not exist. */
  public async changeSetsIfAny(stack: string): Promise<ChangeSetSummary[]> {
    return (await whenThere(this.changeSets(stack))) ?? [];
  }

  public async execute(changeSetId: string): Promise<void> {
    await this.client.send(new ExecuteChangeSetCommand({ ChangeSetName: changeSetId }));
  }

  /** @param retain logical ids of resources that stay; CloudFormation takes them only after a deletion that failed */
  public async remove(stack: string, retain: readonly string[] = []): Promise<void> {
    await this.client.send(new DeleteStackCommand({ StackName: stack, ...(retain.length > 0 && { RetainResources: [...retain] }) }));
  }

  /** Take back an update whose rollback failed. */
  public async continueRollback(stack: string): Promise<void> {
    await this.client.send(new ContinueUpdateRollbackCommand({ StackName: stack }));
  }

  /** Take back an update that failed and was left as it was. */
  public async rollBack(stack: string): Promise<void> {
    await this.client.send(new RollbackStackCommand({ StackName: stack }));
  }

  public async protect(stack: string, isProtected: boolean): Promise<void> {
    await this.client.send(new UpdateTerminationProtectionCommand({ StackName: stack, EnableTerminationProtection: isProtected }));
  }
}

function changeSetOf({ ChangeSetId, Status, StatusReason = '', Changes = [] }: DescribeChangeSetOutput): ChangeSet {
  return { id: ChangeSetId!, status: Status!, reason: StatusReason, changes: Changes.flatMap(changeOf) };
}

function changeOf({ ResourceChange: change }: Change): ResourceChange[] {
  if (!change) return [];
  const paths = (change.Details ?? []).map(({ Target }) => Target?.Path ?? [Target?.Attribute, Target?.Name].filter(Boolean).join('.'));
  return [
    {
      action: change.Action!,
      logicalId: change.LogicalResourceId!,
      type: change.ResourceType!,
      physicalId: change.PhysicalResourceId,
      replacement: change.Replacement,
      paths: [...new Set(paths)].sort(),
    },
  ];
}
