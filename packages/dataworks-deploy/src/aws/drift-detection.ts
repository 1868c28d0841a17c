import {
  CloudFormationServiceException,
  DescribeStackDriftDetectionStatusCommand,
  DetectStackDriftCommand,
  paginateDescribeStackResourceDrifts,
  type CloudFormationClient,
} from '@aws-sdk/client-cloudformation';
import { cloudFormationClient } from './cloudformation-client';

/** How a drift detection stands. */
export interface Detection {
  readonly isDone: boolean;
  /** Why it failed, as CloudFormation says it; undefined when it did not. What it could compare, it has. */
  readonly failure?: string;
  readonly startedAt: Date;
}

/** What a drift detection found of one resource. */
export interface DetectedResource {
  readonly logicalId: string;
  /** `IN_SYNC`, `MODIFIED`, `DELETED`, `NOT_CHECKED`, `UNKNOWN` or `UNSUPPORTED`. */
  readonly status: string;
  readonly checkedAt: Date;
  readonly differences: readonly PropertyDifference[];
}

export interface PropertyDifference {
  /** Like `/LifecycleConfiguration/Rules/0/ExpirationInDays`. */
  readonly path: string;
  /** `ADD` and `REMOVE`: of an element or a property; `NOT_EQUAL`: of a value. */
  readonly kind: string;
  /** A text, a number, or JSON; `null` for none. */
  readonly expected: string;
  readonly actual: string;
}

/**
 * CloudFormation's drift detection in one region. It reads the resources by the rights of whoever asks for it.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
 */
export class DriftDetection {
  private readonly client: CloudFormationClient;

  public constructor(region: string) {
    this.client = cloudFormationClient(region);
  }

  /** Begin it; gives its id. What CloudFormation has against it is given as a refusal, or as another detection that is under way. */
  public async begin(stackId: string): Promise<{ readonly id: string } | { readonly refusal: string } | 'under way'> {
    try {
      const { StackDriftDetectionId } = await this.client.send(new DetectStackDriftCommand({ StackName: stackId }));
      return { id: StackDriftDetectionId! };
    } catch (error) {
      if (!(error instanceof CloudFormationServiceException && error.name === 'ValidationError')) throw error;
      return /already in progress/i.test(error.message) ? 'under way' : { refusal: error.message };
    }
  }

  public async detection(id: string): Promise<Detection> {
    const answer = await this.client.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId: id }));
    const { DetectionStatus, DetectionStatusReason = 'no reason given', Timestamp } = answer;
    return {
      isDone: DetectionStatus !== 'DETECTION_IN_PROGRESS',
      ...(DetectionStatus === 'DETECTION_FAILED' && { failure: DetectionStatusReason }),
      startedAt: Timestamp!,
    };
  }

  /** The newest results of a stack; none of a resource that has never been compared, or cannot be. */
  public async resources(stackId: string): Promise<DetectedResource[]> {
    const found: DetectedResource[] = [];
    const pages = paginateDescribeStackResourceDrifts({ client: this.client }, { StackName: stackId });
    for await (const { StackResourceDrifts = [] } of pages) {
      for (const { LogicalResourceId, StackResourceDriftStatus, Timestamp, PropertyDifferences } of StackResourceDrifts) {
        found.push({
          logicalId: LogicalResourceId!,
          status: StackResourceDriftStatus!,
          checkedAt: Timestamp!,
          differences: (PropertyDifferences ?? []).map(({ PropertyPath, DifferenceType, ExpectedValue = '', ActualValue = '' }) => ({
            path: PropertyPath!,
            kind: DifferenceType!,
            expected: ExpectedValue,
            actual: ActualValue,
          })),
        });
      }
    }
    return found;
  }
}
