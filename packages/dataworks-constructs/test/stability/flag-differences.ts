import type { Template } from './every-option';
import { withoutMergedStatements, withoutReferenceStrength, withPartition } from './normal-form';

interface FlagDifference {
  readonly flag: string;
  /** Why what differs is not security-relevant. */
  readonly reason: string;
  /** What is left of a template without that difference. */
  readonly normal: (template: Template, partition: string) => Template;
}

/** Flags that CDK reads on the consumer's own stack or app, whose choice they are. Every other flag changes nothing. */
export const FLAG_DIFFERENCES: readonly FlagDifference[] = [
  {
    flag: '@aws-cdk/core:enablePartitionLiterals',
    reason: 'writes the partition of a known region where otherwise CloudFormation puts it in: the same ARN is deployed',
    normal: withPartition,
  },
  {
    flag: '@aws-cdk/aws-iam:minimizePolicies',
    reason: 'merges statements that differ in one element only: the same combinations of principal, action and resource are decided',
    normal: withoutMergedStatements,
  },
  {
    flag: '@aws-cdk/core:defaultCrossStackReferences',
    reason: 'decides whether CloudFormation holds a log bucket back while a stack refers to it: the same bucket is named',
    normal: withoutReferenceStrength,
  },
];

/** A template without what the flags of the consumer may change. */
export function normalForm(template: Template, partition: string): Template {
  return FLAG_DIFFERENCES.reduce((rest, { normal }) => normal(rest, partition), template);
}
