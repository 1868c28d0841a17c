import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { BackendNames } from '../backend-names';

/** A statement of an IAM policy, as it is deployed. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Plain data: what a test reads is what IAM gets. */
export interface Document {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** With the partition as text, where CDK would leave it to CloudFormation: IAM limits the size, which is measured at synthesis. */
export function policyDocument({ partition, region }: BackendNames, ...statements: readonly Statement[]): Document {
  const document: Document = { Version: '2012-10-17', Statement: statements.map(inOrder) };
  return JSON.parse(JSON.stringify(document).replaceAll(partition, RegionInfo.get(region).partition ?? 'aws')) as Document;
}

/** As CDK writes them: some rules of cdk-nag read the text of a policy, and see nothing in another order. */
function inOrder(statement: Statement): Statement {
  return Object.fromEntries(Object.entries(statement).sort(([one], [other]) => one.localeCompare(other))) as unknown as Statement;
}

/** How IAM counts a policy: without white space. */
export const sizeOf = (document: Document): number => JSON.stringify(document).length;

/**
 * Characters of a customer-managed policy.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const MANAGED_POLICY_QUOTA = 6144;

/**
 * Characters of a service control policy.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
export const SERVICE_CONTROL_POLICY_QUOTA = 5120;
