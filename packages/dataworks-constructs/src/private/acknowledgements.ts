import { Stack, Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { flat } from '../checks/json';

/** A decision of ours that a check reports, here or in cdk-nag's packs. The docs list them from here. */
export interface Decision {
  /** On which resource it is said. */
  readonly resource: string;
  /** Of which findings: bare ids, since until aws-cdk-lib 2.273 the form with a prefix counts for the whole app. */
  readonly ids: readonly string[];
  /** Undefined: the reason is given with the prop that makes the decision. */
  readonly reason?: string;
}

const PACKS = ['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'];

/** The ids of a rule of cdk-nag in each of its packs that has it. */
const inPacks = (rule: string, ...others: string[]): string[] => [...PACKS.map((pack) => `${pack}-${rule}`), ...others];

export const DECISIONS = {
  notReplicated: {
    resource: 'a bucket without replicateTo',
    ids: inPacks('S3BucketReplicationEnabled'),
    reason: 'Replication doubles the storage bill and is a decision per data set; S3 itself keeps every object in three availability zones',
  },
  notVersioned: {
    resource: 'a bucket with Versioning.disabled()',
    ids: inPacks('S3BucketVersioningEnabled', 'DataWorks-S3BucketVersioningEnabled'),
    reason: 'Holds copies in transit only, which the zones before and after it can make again',
  },
  everyVersionKept: { resource: 'a bucket with Versioning.keepingAll(reason)', ids: ['DataWorks-S3-NoncurrentExpiry'] },
  encryptedByS3: {
    resource: 'a bucket with ObjectEncryption.s3Managed(reason), like every AccessLogsBucket',
    ids: inPacks('S3DefaultEncryptionKMS', 'DataWorks-S3DefaultEncryptionKMS'),
  },
  receivesLogs: {
    resource: 'an AccessLogsBucket',
    ids: inPacks('S3BucketLoggingEnabled', 'AwsSolutions-S1'),
    reason: 'Receives the access logs of others: one of its own would log its own deliveries for ever',
  },
  inlinePolicy: {
    resource: 'the policy of the role that replicates a bucket',
    ids: inPacks('IAMNoInlinePolicy'),
    reason: 'Belongs to this one role, and goes with it',
  },
  everyObject: {
    resource: 'the policy of the role that replicates a bucket: every object of the bucket, and of its replica',
    ids: ['AwsSolutions-IAM5[Resource::…/*]'],
    reason: 'S3 replicates every object of the bucket',
  },
} as const satisfies Record<string, Decision>;

/** Say a decision on the one resource that it is about. */
export function acknowledge(resource: IConstruct, { ids, reason }: Decision, givenReason = reason ?? ''): void {
  Validations.of(resource).acknowledge(...ids.map((id) => ({ id, reason: givenReason })));
}

/**
 * Say that a policy names all objects of these buckets.
 *
 * Not before CDK validates: cdk-nag writes the ARNs into the id as they are rendered, and how a bucket of another stack
 * is rendered, only the synthesis decides.
 */
export function acknowledgeEveryObject(policy: IConstruct, objectArns: readonly string[]): void {
  const say = (): string[] => {
    const stack = Stack.of(policy);
    const ids = objectArns.map((arn) => `AwsSolutions-IAM5[Resource::${flat(stack.resolve(arn))}]`);
    acknowledge(policy, { ...DECISIONS.everyObject, ids });
    return [];
  };
  policy.node.addValidation({ validate: say });
}
