import type { Refusal } from '@dataworks/constructs/lib/private/refusals';

const refusal = (code: string, what: string, allowed: string, fix: string): Refusal => ({ code, what, allowed, fix });

/** What is refused of deployments, at synthesis: because IAM would reject it later, or would let somebody out. The docs list them from here. */
export const DEPLOYMENT_REFUSALS = {
  policyTooLong: refusal(
    'DW2031',
    'IAM would reject the managed policy.',
    'at most 6144 characters without white space',
    'name fewer further services and applications, or join actions by wildcards',
  ),
  applicationPrefix: refusal(
    'DW2032',
    'Not the beginning of the names of stacks: the roles of the account that it matches could be made, passed and assumed by deployments.',
    "3 to 24 letters, digits and '-', beginning with a letter, ending with '-'; not the environment's own, not cdk- or aws-",
    "name it like 'reporting-dev-'",
  ),
  serviceAction: refusal(
    'DW2033',
    'Not an action that a deployment may be given for a further service.',
    "'service:Action', `*` only in the action; none of iam, sts, organizations, account, cloudformation",
    "name what CloudFormation calls, like 'firehose:*DeliveryStream*'",
  ),
  servicePrincipal: refusal(
    'DW2034',
    'Not a service to which a role can be passed.',
    "the name of a service principal, like 'firehose.amazonaws.com'",
    'correct the name',
  ),
  serviceControlPolicyTooLong: refusal(
    'DW2035',
    'AWS Organizations would reject the service control policy.',
    'at most 5120 characters without white space',
    'join administrators by a wildcard',
  ),
  noAdministrators: refusal(
    'DW2036',
    'Nobody could change the bootstrap again, or everybody could.',
    'at least one pattern of the ARN of a role or user, with more than wildcards for its name',
    "name who bootstraps accounts, like 'arn:*:iam::*:role/platform-admin'",
  ),
} as const;
