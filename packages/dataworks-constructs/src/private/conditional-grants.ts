import { Grant, type GrantWithResourceOptions, type IGrantable } from 'aws-cdk-lib/aws-iam';

/** Operators, each with its condition keys and their values. */
export type Conditions = Record<string, Record<string, unknown>>;

/**
 * A grant whose conditions hold in every policy it is written to: those of CDK reach the principal's own, but not the
 * resource's.
 *
 * @param resourceToo write it to the resource's policy even where the principal's own would do
 */
export function grantUnder(conditions: Conditions, options: GrantWithResourceOptions, resourceToo = false): Grant {
  const conditional = { ...options, conditions };
  const grant = resourceToo ? Grant.addToPrincipalAndResource(conditional) : Grant.addToPrincipalOrResource(conditional);
  // CDK hands out a resource's statement under the name of either.
  for (const statement of [...grant.principalStatements, ...grant.resourceStatements]) statement.addConditions(conditions);
  return grant;
}

/** Whether AWS itself is the grantee, calling in the name of one of its services. */
export function isService({ grantPrincipal }: IGrantable): boolean {
  return grantPrincipal.principalAccount === undefined && 'Service' in grantPrincipal.policyFragment.principalJson;
}

/**
 * A service acts for whoever configured it, strangers included: it must act for this account, unless its principal
 * brings a condition on the source.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function actingFor(account: string, grantee: IGrantable): Conditions {
  if (!isService(grantee)) return {};
  const ownConditions = JSON.stringify(grantee.grantPrincipal.policyFragment.conditions);
  return /"aws:source/i.test(ownConditions) ? {} : { StringEquals: { 'aws:SourceAccount': account } };
}

/** The account that a grantee calls from; undefined when it is not known, or may be any of an organization. */
export function callerAccount(own: string, { grantPrincipal }: IGrantable): string | undefined {
  if (grantPrincipal.principalAccount !== undefined) return grantPrincipal.principalAccount;
  const { principalJson, conditions } = grantPrincipal.policyFragment;
  const { AWS: names = ['*'] } = principalJson;
  if (names.includes('*')) return Object.keys(conditions).length === 0 ? own : undefined;
  const accounts = new Set(names.map((name) => /^arn:[^:]+:(?:iam|sts)::(\d{12}):/.exec(name)?.[1]));
  return accounts.size === 1 ? [...accounts][0] : undefined;
}
