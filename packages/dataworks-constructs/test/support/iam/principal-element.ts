import type { Principal } from './principals';

/** Whom a statement of a resource policy names. */
export interface PrincipalElement {
  readonly everyone: boolean;
  readonly aws: readonly string[];
  readonly services: readonly string[];
  readonly federated: readonly string[];
}

/**
 * How a statement names the principal of a request, which decides what else must allow the request.
 *
 * - `account`: its account, which leaves the decision to the account's own policies
 * - `role`: the role of its session; boundary and session policies still limit it
 * - `direct`: the session, user, service or provider itself, or everyone; an implicit deny elsewhere does not limit it
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export type Naming = 'account' | 'role' | 'direct';

const ACCOUNT = /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/;
const NAMED = /^arn:[\w-]+:(iam::\d{12}:(user|role)\/|sts::\d{12}:assumed-role\/[^/]+\/)[^*?]+$/;

/** @throws on a principal type other than AWS, Service or Federated, and on a name that AWS would not accept or that is not a known form */
export function parsePrincipal(element: '*' | Readonly<Record<string, readonly string[]>>): PrincipalElement {
  const { AWS = [], Service = [], Federated = [], ...others } = element === '*' ? { AWS: ['*'] } : element;
  const unknown = Object.keys(others);
  if (unknown.length > 0) throw new Error(`Unknown principal type ${unknown.join(', ')}.`);
  for (const name of AWS) {
    if (name !== '*' && !ACCOUNT.test(name) && !NAMED.test(name)) throw new Error(`Unknown form of AWS principal '${name}'.`);
  }
  for (const name of Service) {
    if (!/^[\w.-]+\.amazonaws\.com(\.cn)?$/.test(name)) throw new Error(`Unknown form of service principal '${name}'.`);
  }
  for (const name of Federated) {
    if (!/^arn:[\w-]+:iam::\d{12}:oidc-provider\/[^*?]+$/.test(name)) throw new Error(`Unknown form of federated principal '${name}'.`);
  }
  return { everyone: AWS.includes('*'), aws: AWS, services: Service, federated: Federated };
}

/** @returns undefined when the element does not name the principal */
export function naming(element: PrincipalElement, principal: Principal): Naming | undefined {
  if (element.everyone) return 'direct';
  switch (principal.type) {
    case 'anonymous':
      return undefined;
    case 'service':
      return element.services.includes(principal.name) ? 'direct' : undefined;
    case 'webIdentity':
      return element.federated.includes(principal.provider) ? 'direct' : undefined;
    case 'iam':
      if (element.aws.includes(principal.arn)) return 'direct';
      if (principal.roleArn && element.aws.includes(principal.roleArn)) return 'role';
      return element.aws.some((name) => ACCOUNT.exec(name)?.[1] === principal.account) ? 'account' : undefined;
  }
}
