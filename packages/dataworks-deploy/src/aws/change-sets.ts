import {
  CloudFormationServiceException,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  paginateDescribeStackEvents,
  type Capability,
  type Change,
  type CloudFormationClient,
  type DescribeChangeSetOutput,
} from '@aws-sdk/client-cloudformation';
import type { Credentials } from './client-settings';
import { cloudFormationClient, describeChangeSet, makeChangeSet, type ChangeSetInput, type TemplateStage } from './cloudformation-client';
import { Fault } from '../fault';
import { FAULTS } from '../faults';

/** A change set as CloudFormation describes it: what would be done, and why. */
export interface MadeChangeSet {
  /** ARN. */
  readonly id: string;
  readonly stackId: string;
  readonly status: string;
  readonly reason: string;
  readonly parameters: Readonly<Record<string, MadeParameter>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly changes: readonly MadeChange[];
}

export interface MadeParameter {
  /** `****` for one with NoEcho. */
  readonly value: string;
  /** Of one whose value is in the parameter store. */
  readonly resolved?: string;
}

export interface MadeChange {
  readonly logicalId: string;
  readonly type: string;
  /** `Add`, `Modify`, `Remove`, `Import`; `Dynamic` when that is not known yet. */
  readonly action: string;
  /** `True`, `False` or `Conditional`; only of `Modify`. */
  readonly replacement?: string;
  readonly details: readonly ChangeDetail[];
  /** ARN of the change set of a nested stack. */
  readonly nested?: string;
}

export interface ChangeDetail {
  /** `Properties`, `Tags`, `Metadata`, `DeletionPolicy` … */
  readonly attribute: string;
  /** Name of the property. */
  readonly name?: string;
  /** `Never`, `Conditionally` or `Always`. */
  readonly recreation?: string;
  /** `Static`, or `Dynamic`: decided when it is executed. */
  readonly evaluation?: string;
  /** `DirectModification`, `ResourceReference`, `ResourceAttribute`, `ParameterReference`, `Automatic`. */
  readonly source?: string;
  /** What makes it change: a logical id, one with an attribute, or the name of a parameter. */
  readonly cause?: string;
}

export interface ChangeSetRequest extends ChangeSetInput {
  /** JSON, or where it is published. */
  readonly template: { readonly body: string } | { readonly url: string };
  readonly capabilities: readonly string[];
  /** Role that CloudFormation acts by. */
  readonly roleArn?: string;
  /** Whether the template has nested stacks: each gets a change set of its own. */
  readonly nested: boolean;
}

/** An event of a stack. */
export interface OwnedEvent {
  readonly id: string;
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly time: Date;
  /** That of the operation that it belongs to. */
  readonly token?: string;
}

/** Change sets of one region, made and executed by the role of the CDK bootstrap. */
export class ChangeSets {
  private readonly client: CloudFormationClient;

  public constructor(region: string, credentials?: Credentials) {
    this.client = cloudFormationClient(region, credentials);
  }

  /** Make a change set, and wait until CloudFormation knows what it would do. */
  public async make({ template, capabilities, roleArn, nested, ...request }: ChangeSetRequest): Promise<MadeChangeSet> {
    return madeChangeSet(
      await makeChangeSet(this.client, request, {
        ...('body' in template ? { TemplateBody: template.body } : { TemplateURL: template.url }),
        Capabilities: capabilities as Capability[],
        RoleARN: roleArn,
        IncludeNestedStacks: nested,
      }),
    );
  }

  /** @param id ARN */
  public async describe(id: string): Promise<MadeChangeSet> {
    return madeChangeSet(await describeChangeSet(this.client, id));
  }

  /** The template of a change set. */
  public async template(id: string, stage: TemplateStage = 'Original'): Promise<string> {
    const { TemplateBody = '' } = await this.client.send(new GetTemplateCommand({ ChangeSetName: id, TemplateStage: stage }));
    return TemplateBody;
  }

  public async discard(id: string): Promise<void> {
    await this.client.send(new DeleteChangeSetCommand({ ChangeSetName: id }));
  }

  /** @param token by which the operation is known afterwards */
  public async execute(id: string, token: string): Promise<void> {
    await this.client.send(new ExecuteChangeSetCommand({ ChangeSetName: id, ClientRequestToken: token }));
  }

  /** `AVAILABLE`, `EXECUTE_IN_PROGRESS`, `EXECUTE_COMPLETE` …; undefined when there is no such change set. */
  public async executionStatus(id: string): Promise<string | undefined> {
    try {
      return (await this.client.send(new DescribeChangeSetCommand({ ChangeSetName: id }))).ExecutionStatus;
    } catch (error) {
      if (error instanceof CloudFormationServiceException && error.name.startsWith('ChangeSetNotFound')) return undefined;
      throw error;
    }
  }

  /**
   * What happened to a stack, newest first, read no further back than it is asked for; nothing for a stack that does not exist.
   *
   * @param stackId a name would be that of another stack when this one was deleted
   */
  public async *events(stackId: string): AsyncGenerator<OwnedEvent, undefined> {
    try {
      for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client: this.client }, { StackName: stackId })) {
        for (const event of StackEvents) {
          yield {
            id: event.EventId!,
            logicalId: event.LogicalResourceId!,
            physicalId: event.PhysicalResourceId,
            type: event.ResourceType!,
            status: event.ResourceStatus!,
            reason: event.ResourceStatusReason,
            time: event.Timestamp!,
            token: event.ClientRequestToken,
          };
        }
      }
    } catch (error) {
      if (!(error instanceof CloudFormationServiceException && /does not exist/.test(error.message))) throw error;
    }
    return undefined;
  }
}

/** Whether an error is the answer of the service: without one, nobody knows whether it did what it was asked. */
export function isAnswer(error: unknown): boolean {
  if (error instanceof Fault) return error.code !== FAULTS.unreachable.code;
  return error instanceof CloudFormationServiceException && error.$fault === 'client';
}

/** An answer of DescribeChangeSet, all its pages as one. */
export function madeChangeSet(answer: Omit<DescribeChangeSetOutput, 'NextToken'>): MadeChangeSet {
  return {
    id: answer.ChangeSetId!,
    stackId: answer.StackId!,
    status: answer.Status!,
    reason: answer.StatusReason ?? '',
    parameters: Object.fromEntries(
      (answer.Parameters ?? []).map(({ ParameterKey, ParameterValue = '', ResolvedValue }) => [
        ParameterKey!,
        { value: ParameterValue, ...(ResolvedValue !== undefined && { resolved: ResolvedValue }) },
      ]),
    ),
    tags: Object.fromEntries((answer.Tags ?? []).map(({ Key, Value }) => [Key!, Value!])),
    capabilities: [...(answer.Capabilities ?? [])].sort(),
    changes: (answer.Changes ?? []).flatMap(changesOf),
  };
}

function changesOf({ ResourceChange: change }: Change): MadeChange[] {
  if (!change) return [];
  return [
    {
      logicalId: change.LogicalResourceId!,
      type: change.ResourceType!,
      action: change.Action!,
      replacement: change.Replacement,
      nested: change.ChangeSetId,
      details: (change.Details ?? []).map(({ Target, Evaluation, ChangeSource, CausingEntity }) => ({
        attribute: Target?.Attribute ?? '',
        name: Target?.Name,
        recreation: Target?.RequiresRecreation,
        evaluation: Evaluation,
        source: ChangeSource,
        cause: CausingEntity,
      })),
    },
  ];
}
