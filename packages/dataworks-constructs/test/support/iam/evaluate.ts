import { holds } from './conditions';
import { Context, type ContextValues } from './context';
import { parsePolicy, type PolicyKind, type Selection, type Statement } from './document';
import { actionLike, arnLike } from './match';
import { naming, type Naming } from './principal-element';
import type { IdentityPolicies, Principal } from './principals';

/** One call of an AWS API, as IAM sees it. */
export interface Request {
  readonly principal: Principal;
  /** Like `s3:PutObject`. */
  readonly action: string;
  /** ARN, or `*` for an action that has no resource. */
  readonly resource: string;
  /** Account that owns the resource; ARNs of S3 do not tell. */
  readonly resourceAccount: string;
  /** Every condition key of the request. */
  readonly context: ContextValues;
}

export interface Decision {
  readonly decision: 'allow' | 'explicitDeny' | 'implicitDeny';
  /**
   * What decided. The statements that deny, or that grant, each as `resource:Sid` or `identity:#2` (the index counts through
   * all policies of that type). For an implicit deny: the types of policy, of those that apply, in which no statement allows.
   */
  readonly by: readonly string[];
}

type PolicyType = 'resource' | 'identity' | 'boundary' | 'session' | 'serviceControl';

/** A statement that matches the request. */
interface Match {
  readonly type: PolicyType;
  readonly id: string;
  readonly effect: 'Allow' | 'Deny';
  /** How it names the principal; undefined outside resource policies. */
  readonly naming?: Naming;
}

/** The matching statements of the policies of one type. */
interface Applied {
  readonly type: PolicyType;
  readonly matches: readonly Match[];
}

/** What has to allow the request: a policy of a type, in the resource's case one that names the principal closely enough. */
type Requirement = Exclude<PolicyType, 'resource'> | readonly Naming[];

const BY_ANY_NAME: readonly Naming[] = ['account', 'role', 'direct'];

/**
 * Decides a request as IAM does.
 *
 * Not modelled: grants of KMS, resource control policies, policies of VPC endpoints, ACLs, the root user as the caller.
 *
 * @param resourcePolicy of the bucket, key or table, or the trust policy of the role: keys and roles always have one
 * @throws on anything in a policy or in the request that the evaluator does not know, whether or not it would matter here
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(request: Request, resourcePolicy?: unknown): Decision {
  const { principal } = request;
  if (!/^[\w-]+:\w+$/.test(request.action)) throw new Error(`Unknown form of action '${request.action}'.`);
  const guard = guardOf(request);
  if (guard && resourcePolicy === undefined) throw new Error(`A ${guard} always has a policy: pass that of ${request.resource}.`);
  if (guard && principal.type === 'anonymous') throw new Error(`AWS takes no anonymous request for ${request.action}.`);

  const matching = matcher(request);
  const policies = principal.type === 'iam' ? principal.policies : undefined;
  const present = [
    ...(resourcePolicy === undefined ? [] : [matching('resource', guard === 'role' ? 'trust' : 'resource', [resourcePolicy])]),
    ...(policies ? identityMatches(policies, matching) : []),
  ];
  const matches = present.flatMap((policy) => policy.matches);

  const denying = matches.filter(({ effect }) => effect === 'Deny');
  if (denying.length > 0) return { decision: 'explicitDeny', by: denying.map(label) };

  const allowing = matches.filter(({ effect }) => effect === 'Allow');
  const limits = present.map(({ type }) => type).filter((type) => type !== 'resource' && type !== 'identity');
  const granted = waysIn(request, guard !== undefined, limits).flatMap((way) => grants(way, allowing) ?? []);
  if (granted.length > 0) return { decision: 'allow', by: [...new Set(granted.map(label))] };

  const required = foreign(request) ? (['resource'] as const) : [];
  const types = new Set<PolicyType>([...present.map(({ type }) => type), ...required]);
  return { decision: 'implicitDeny', by: [...types].filter((type) => !allowing.some((match) => match.type === type)) };
}

/** What only its own policy opens, even to an administrator: a key, or a role that is to be assumed. */
function guardOf({ action, resource }: Request): 'key' | 'role' | undefined {
  if (/^arn:[\w-]+:kms:[^:]*:\d{12}:key\//.test(resource)) return 'key';
  if (/^sts:(AssumeRole|TagSession|SetSourceIdentity)/i.test(action)) return 'role';
  return undefined;
}

/** Whether the principal belongs to another account than the resource, or to none. */
function foreign({ principal, resourceAccount }: Request): boolean {
  return principal.type !== 'iam' || principal.account !== resourceAccount;
}

/**
 * The ways by which a request can be allowed; one is enough, and on it every requirement must be met.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
function waysIn(
  request: Request,
  guarded: boolean,
  limits: readonly Exclude<PolicyType, 'resource'>[],
): readonly (readonly Requirement[])[] {
  if (request.principal.type !== 'iam') return [[BY_ANY_NAME]];
  const byIdentity: readonly Requirement[] = ['identity', ...limits];
  if (foreign(request)) return [[...byIdentity, BY_ANY_NAME]];
  return [
    guarded ? [...byIdentity, BY_ANY_NAME] : byIdentity,
    [...limits, ['role', 'direct']],
    [...limits.filter((limit) => limit === 'serviceControl'), ['direct']],
  ];
}

/** @returns the statements that grant on this way, or undefined when a requirement is not met */
function grants(way: readonly Requirement[], allowing: readonly Match[]): readonly Match[] | undefined {
  const met = way.map((requirement) =>
    allowing.filter((match) =>
      typeof requirement === 'string' ? match.type === requirement : match.naming && requirement.includes(match.naming),
    ),
  );
  if (met.some((matches) => matches.length === 0)) return undefined;
  return met.flat().filter(({ type }) => type === 'resource' || type === 'identity');
}

type Matcher = (type: PolicyType, kind: PolicyKind, documents: readonly unknown[]) => Applied;

function matcher(request: Request): Matcher {
  const context = new Context(request.context);
  return (type, kind, documents) => ({
    type,
    matches: documents
      .flatMap((document) => parsePolicy(document, kind))
      .flatMap((statement, index): Match[] => {
        const match = { type, id: statement.id.startsWith('#') ? `#${index}` : statement.id, effect: statement.effect };
        if (!applies(statement, request, context)) return [];
        if (!statement.principal) return [match];
        const name = naming(statement.principal, request.principal);
        return name ? [{ ...match, naming: name }] : [];
      }),
  });
}

function identityMatches({ identity = [], boundary, session, serviceControl }: IdentityPolicies, matching: Matcher): readonly Applied[] {
  return [
    matching('identity', 'identity', identity),
    ...(boundary === undefined ? [] : [matching('boundary', 'identity', [boundary])]),
    ...(session === undefined ? [] : [matching('session', 'identity', session)]),
    ...(serviceControl === undefined ? [] : [matching('serviceControl', 'identity', serviceControl)]),
  ];
}

function applies({ action, resource, conditions }: Statement, request: Request, context: Context): boolean {
  return (
    selects(action, (pattern) => actionLike(pattern, request.action)) &&
    (!resource || selects(resource, (pattern) => pattern === '*' || arnLike(pattern, request.resource, context))) &&
    conditions.every((condition) => holds(condition, context))
  );
}

function selects({ except, patterns }: Selection, matches: (pattern: string) => boolean): boolean {
  return patterns.some(matches) !== except;
}

function label({ type, id }: Match): string {
  return `${type}:${id}`;
}
