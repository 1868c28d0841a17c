import { DescribeStacksCommand, paginateListStackResources, type CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Credentials } from './client-settings';
import { cloudFormationClient, templateOf, whenThere } from './cloudformation-client';

/** A stack as a plan compares with it. */
export interface StackState {
  readonly id: string;
  /** CloudFormation's, like `UPDATE_COMPLETE`. */
  readonly status: string;
  /** Last updated or, before the first update, created; ISO 8601. */
  readonly lastUpdated: string;
  /** Values as they were given: of a parameter from the parameter store, its name there. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Values of parameters from the parameter store, as they were read when the stack was last deployed. */
  readonly resolved: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly terminationProtection: boolean;
  /** Role that CloudFormation acts by, also the next time when none is given; undefined for whoever calls. */
  readonly roleArn?: string;
  readonly outputs: readonly string[];
  /** Names under which outputs are exported. */
  readonly exports: readonly string[];
}

/** Reads stacks of one region, by the credentials of the environment or by a session of the role that may look them up. */
export class StackReader {
  private readonly client: CloudFormationClient;

  public constructor(region: string, credentials?: Credentials) {
    this.client = cloudFormationClient(region, credentials);
  }

  /** @param stack name or id; undefined for one that does not exist, or was deleted */
  public async state(stack: string): Promise<StackState | undefined> {
    const answer = await whenThere(this.client.send(new DescribeStacksCommand({ StackName: stack })));
    const found = answer?.Stacks?.[0];
    if (!found || found.StackStatus === 'DELETE_COMPLETE') return undefined;
    const { Parameters = [], Tags = [], Outputs = [], RoleARN } = found;
    return {
      id: found.StackId!,
      status: found.StackStatus!,
      lastUpdated: (found.LastUpdatedTime ?? found.CreationTime!).toISOString(),
      parameters: Object.fromEntries(Parameters.map(({ ParameterKey, ParameterValue = '' }) => [ParameterKey!, ParameterValue])),
      resolved: Object.fromEntries(
        Parameters.flatMap(({ ParameterKey, ResolvedValue }) => (ResolvedValue === undefined ? [] : [[ParameterKey!, ResolvedValue]])),
      ),
      tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key!, Value!])),
      terminationProtection: found.EnableTerminationProtection ?? false,
      ...(RoleARN !== undefined && { roleArn: RoleARN }),
      outputs: Outputs.map(({ OutputKey }) => OutputKey!),
      exports: Outputs.flatMap(({ ExportName }) => (ExportName === undefined ? [] : [ExportName])),
    };
  }

  /** The template as it was submitted; undefined for a stack that has none. */
  public template(stack: string): Promise<string | undefined> {
    return templateOf(this.client, stack, 'Original');
  }

  /** Ids of the nested stacks of a stack, by logical id. */
  public async nestedStacks(stack: string): Promise<Readonly<Record<string, string | undefined>>> {
    const found: Record<string, string> = {};
    for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client: this.client }, { StackName: stack })) {
      for (const { ResourceType, LogicalResourceId, PhysicalResourceId } of StackResourceSummaries) {
        if (ResourceType === 'AWS::CloudFormation::Stack' && PhysicalResourceId) found[LogicalResourceId!] = PhysicalResourceId;
      }
    }
    return found;
  }
}
