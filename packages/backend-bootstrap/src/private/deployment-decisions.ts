import { Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { Document, Statement } from './policy-document';

/** A decision of ours that a check reports. The docs list them from here. */
export interface Decision {
  /** On which resource it is said. */
  readonly resource: string;
  /** Of which findings of cdk-nag. */
  readonly ids: readonly string[];
  readonly reason: string;
}

/** The ids of a rule of cdk-nag in each of its packs that has it, and other ids of the same finding. */
export const inPacks = (rule: string, ...others: string[]): string[] => [
  ...['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'].map((pack) => `${pack}-${rule}`),
  ...others,
];

export const DECISIONS = {
  boundaryAllowsAll: {
    resource: 'the permissions boundary',
    ids: [
      'AwsSolutions-IAM5[Action::*]',
      'AwsSolutions-IAM5[Resource::*]',
      ...inPacks('IAMPolicyNoStatementsWithAdminAccess'),
      ...inPacks('IAMPolicyNoStatementsWithFullAccess'),
    ],
    reason: 'A boundary grants nothing: it denies, and what it allows some policy of the role itself has to allow as well',
  },
  wholeServices: {
    resource: 'the execution policy',
    ids: inPacks('IAMPolicyNoStatementsWithFullAccess'),
    reason: 'AWS Lambda, EventBridge, its scheduler and EC2 Auto Scaling hold no data of the lake: they are deployed whole',
  },
  inlinePolicy: {
    resource: 'the roles of the CDK bootstrap',
    ids: inPacks('IAMNoInlinePolicy'),
    reason: 'Belongs to this one role, and goes with it: nobody can attach it to another',
  },
  stagingNotLogged: {
    resource: 'the staging bucket',
    ids: ['AwsSolutions-S1', ...inPacks('S3BucketLoggingEnabled')],
    reason: 'Objects are named by the hash of what is in them and never overwritten; who deploys them, CloudTrail has',
  },
} as const satisfies Record<string, Decision>;

/** Why the execution policy has wildcards. */
export const EXECUTION_WILDCARDS =
  'What is to be deployed has no name yet: actions by service family, resources by their region, roles and policies by the name of their stack';

/**
 * Say a decision on the one resource that it is about.
 *
 * As metadata, which is where `Validations.acknowledge` writes it as well: that refuses every id with the ARN of a bucket
 * or a role before aws-cdk-lib 2.270, and until 2.273 lets an id with `::` count for the whole app.
 */
export function acknowledge(resource: IConstruct, { ids, reason }: Decision): void {
  for (const id of ids) resource.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [`Annotation::${id}`]: reason });
}

/** Say that every wildcard of a policy is meant, each by itself: one that is added later is found. */
export function acknowledgeWildcards(policy: IConstruct, document: Document, reason: string): void {
  acknowledge(policy, { resource: policy.node.path, ids: wildcardsOf(document), reason });
}

/** As cdk-nag names them. */
export function wildcardsOf({ Statement: statements }: Document): string[] {
  const wild = (kind: 'Action' | 'Resource', statement: Statement): string[] =>
    [statement[kind] ?? []]
      .flat()
      .filter((value) => value.includes('*'))
      .map((value) => `AwsSolutions-IAM5[${kind}::${value}]`);
  const allowing = statements.filter(({ Effect }) => Effect === 'Allow');
  return [...new Set(allowing.flatMap((statement) => [...wild('Action', statement), ...wild('Resource', statement)]))];
}
