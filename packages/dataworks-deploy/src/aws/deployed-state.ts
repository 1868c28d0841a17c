import { createHash } from 'node:crypto';
import {
  CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { clientSettings, raisesFaults, type Credentials } from './client-settings';
import type { DeployedState } from '../plan/plan';

/** Stacks that were never created completely: nothing is deployed. */
const NOTHING = ['REVIEW_IN_PROGRESS', 'ROLLBACK_COMPLETE', 'DELETE_COMPLETE'];

/** What is deployed of the stacks of a region. */
export class DeployedStates {
  private readonly client: CloudFormationClient;

  public constructor(region: string, credentials?: Credentials) {
    this.client = new CloudFormationClient({ ...clientSettings(region), credentials });
    this.client.middlewareStack.use(raisesFaults);
  }

  public async of(name: string): Promise<DeployedState | undefined> {
    try {
      const { Stacks: [stack] = [] } = await this.client.send(new DescribeStacksCommand({ StackName: name }));
      if (NOTHING.includes(stack.StackStatus!)) return undefined;
      const { TemplateBody = '' } = await this.client.send(new GetTemplateCommand({ StackName: stack.StackId, TemplateStage: 'Original' }));
      return {
        stackId: stack.StackId!,
        status: stack.StackStatus!,
        lastUpdated: (stack.LastUpdatedTime ?? stack.CreationTime!).toISOString(),
        templateHash: createHash('sha256').update(TemplateBody).digest('hex'),
        parameters: Object.fromEntries(
          (stack.Parameters ?? []).map(({ ParameterKey, ParameterValue }) => [ParameterKey!, ParameterValue!]),
        ),
        tags: Object.fromEntries((stack.Tags ?? []).map(({ Key, Value }) => [Key!, Value!])),
        terminationProtection: stack.EnableTerminationProtection ?? false,
      };
    } catch (error) {
      if (error instanceof CloudFormationServiceException && /does not exist/.test(error.message)) return undefined;
      throw error;
    }
  }
}
