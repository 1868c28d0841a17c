import type { ContextValues } from './context';

/** Who makes a request, with the condition keys that AWS derives from it. */
export type Principal = IamPrincipal | ServicePrincipal | WebIdentity | Anonymous;

/** Policies that decide for an IAM user or role in its own account. */
export interface IdentityPolicies {
  /** Attached to the user or role. @default - none */
  readonly identity?: readonly unknown[];
  /** @default - no boundary */
  readonly boundary?: unknown;
  /** Passed when the session was made. @default - none */
  readonly session?: readonly unknown[];
  /** Attached at one level of the organization, `FullAWSAccess` included where it is attached. @default - not in an organization */
  readonly serviceControl?: readonly unknown[];
}

export interface IamPrincipal {
  readonly type: 'iam';
  readonly account: string;
  /** Of the user, or of the session. */
  readonly arn: string;
  /** Of the session's role; undefined for a user. */
  readonly roleArn?: string;
  readonly policies: IdentityPolicies;
  readonly keys: ContextValues;
}

/** An AWS service that calls in its own name. */
export interface ServicePrincipal {
  readonly type: 'service';
  readonly name: string;
  readonly keys: ContextValues;
}

/** The bearer of an OpenID Connect token, who can only ask STS for a role session. */
export interface WebIdentity {
  readonly type: 'webIdentity';
  /** ARN of the identity provider in IAM. */
  readonly provider: string;
  readonly keys: ContextValues;
}

export interface Anonymous {
  readonly type: 'anonymous';
  readonly keys: ContextValues;
}

export interface RoleOptions extends IdentityPolicies {
  /** @default 'session' */
  readonly sessionName?: string;
  /** Tags of the role and the session. @default - none */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Allows all actions on all resources, as the managed policies `AdministratorAccess` and `FullAWSAccess` do. */
export const FULL_ACCESS = { Version: '2012-10-17', Statement: [{ Sid: 'FullAccess', Effect: 'Allow', Action: '*', Resource: '*' }] };

/**
 * A session of a role.
 *
 * @param name of the role, with its path if it has one
 */
export function role(account: string, name: string, { sessionName = 'session', tags, ...policies }: RoleOptions = {}): IamPrincipal {
  const roleArn = `arn:aws:iam::${account}:role/${name}`;
  return {
    type: 'iam',
    account,
    arn: `arn:aws:sts::${account}:assumed-role/${name.replace(/^.*\//, '')}/${sessionName}`,
    roleArn,
    policies,
    keys: {
      ...iamKeys(account, roleArn, tags),
      'aws:PrincipalType': 'AssumedRole',
      'aws:userid': `AROAEXAMPLE:${sessionName}`,
      'aws:TokenIssueTime': '2026-01-01T00:00:00Z',
      'aws:MultiFactorAuthPresent': 'false',
    },
  };
}

/** A session of a role that IAM lets do everything. */
export function administrator(account: string): IamPrincipal {
  return role(account, 'Administrator', { identity: [FULL_ACCESS] });
}

/** An IAM user with access keys. */
export function user(
  account: string,
  name: string,
  { tags, ...policies }: Omit<RoleOptions, 'sessionName' | 'session'> = {},
): IamPrincipal {
  const arn = `arn:aws:iam::${account}:user/${name}`;
  return {
    type: 'iam',
    account,
    arn,
    policies,
    keys: { ...iamKeys(account, arn, tags), 'aws:PrincipalType': 'User', 'aws:userid': 'AIDAEXAMPLE', 'aws:username': name },
  };
}

/**
 * A service that calls in its own name.
 *
 * @param source the resource and account for which it calls; a service that states neither is open to be a confused deputy
 */
export function service(name: string, source: { readonly arn?: string; readonly account?: string } = {}): ServicePrincipal {
  return {
    type: 'service',
    name,
    keys: {
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': name,
      'aws:PrincipalServiceNamesList': [name],
      ...(source.arn && { 'aws:SourceArn': source.arn }),
      ...(source.account && { 'aws:SourceAccount': source.account }),
    },
  };
}

/**
 * The bearer of a token of an OpenID Connect provider.
 *
 * @param provider ARN of the provider in IAM; the claims' condition keys begin with the issuer that it names
 */
export function webIdentity(provider: string, claims: Readonly<Record<string, string>>): WebIdentity {
  const issuer = provider.replace(/^.*:oidc-provider\//, '');
  return {
    type: 'webIdentity',
    provider,
    keys: Object.fromEntries(Object.entries(claims).map(([claim, value]) => [`${issuer}:${claim}`, value])),
  };
}

/** Whoever does not sign. */
export function anonymous(): Anonymous {
  return {
    type: 'anonymous',
    keys: { 'aws:PrincipalAccount': 'anonymous', 'aws:PrincipalType': 'Anonymous', 'aws:userid': 'anonymous' },
  };
}

function iamKeys(account: string, principalArn: string, tags: Readonly<Record<string, string>> = {}): ContextValues {
  return {
    'aws:PrincipalAccount': account,
    'aws:PrincipalArn': principalArn,
    'aws:PrincipalIsAWSService': 'false',
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
  };
}
