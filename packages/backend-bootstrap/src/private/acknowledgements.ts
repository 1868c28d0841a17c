import { flat } from '@dataworks/constructs/lib/checks/json';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { acknowledge, inPacks, type Decision } from './deployment-decisions';

export const DECISIONS = {
  stateBySseS3: {
    resource: 'the state bucket without encryptionKey',
    ids: inPacks('S3DefaultEncryptionKMS', 'DataWorks-S3DefaultEncryptionKMS'),
    reason: 'Terraform users and the environments that follow read it: with a key of ours each of them would need the key too',
  },
  noAccessLog: {
    resource: 'the state bucket without accessLogs',
    ids: inPacks('S3BucketLoggingEnabled', 'AwsSolutions-S1'),
    reason: 'A choice by accessLogs: every change leaves a version, and data events of CloudTrail can record who read and wrote',
  },
  lockVersionsExpire: {
    resource: 'the state bucket: its rule for versions of the lock',
    ids: ['DataWorks-S3-NoncurrentRetention'],
    reason: 'Says who held the lock, which the history says too: only versions of the lock go after a day, those of all else after 90',
  },
  noBackupPlan: {
    resource: 'the lock table',
    ids: ['HIPAA.Security-DynamoDBInBackupPlan', 'NIST.800.53.R5-DynamoDBInBackupPlan'],
    reason: 'Point-in-time recovery keeps 35 days, and a lock is worth nothing after it was released',
  },
  inlinePolicy: {
    resource: 'the policies of the plan, apply and deployer roles',
    ids: inPacks('IAMNoInlinePolicy'),
    reason: 'Belongs to this one role, and goes with it: nobody can attach it to another',
  },
  everyObjectBelow: {
    resource: 'the policies of the plan and deployer roles: every object below a prefix of the state bucket',
    ids: ['AwsSolutions-IAM5[Resource::…/*]'],
    reason: 'Plans, records and approvals are named by digest and serial, which nobody knows before; the prefix is theirs alone',
  },
} as const satisfies Record<string, Decision>;

/**
 * Say the decisions about the policy of a role, which names all objects below some prefixes.
 *
 * Not before CDK validates: cdk-nag writes the ARNs into the id as they are rendered, which only the synthesis decides.
 */
export function acknowledgePolicy(role: Role, everyObjectBelow: readonly string[]): void {
  const policy = role.node.findChild('DefaultPolicy').node.defaultChild!;
  acknowledge(policy, DECISIONS.inlinePolicy);
  policy.node.addValidation({
    validate: () => {
      const stack = Stack.of(role);
      const ids = everyObjectBelow.map((arn) => `AwsSolutions-IAM5[Resource::${flat(stack.resolve(arn))}]`);
      acknowledge(policy, { ...DECISIONS.everyObjectBelow, ids });
      return [];
    },
  });
}
