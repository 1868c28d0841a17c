import { isCovered, statementsOf, type Statement } from './policy-statements';
import { isObject, memberOf, type Json, type JsonObject, type TemplateResource } from './stack-template';

type Properties = JsonObject;

/** What a grant is, beyond what stands in policy documents: a resource of this type allows something by being there. */
const GRANTS: Readonly<Record<string, string | undefined>> = {
  'AWS::Cognito::IdentityPoolRoleAttachment': 'gives roles to the identities of a pool',
  'AWS::EC2::SecurityGroupEgress': 'opens a way out of a security group',
  'AWS::EC2::SecurityGroupIngress': 'opens a way into a security group',
  'AWS::IAM::AccessKey': 'makes a permanent access key',
  'AWS::IAM::InstanceProfile': 'gives a role to instances',
  'AWS::IAM::OIDCProvider': 'trusts an identity provider',
  'AWS::IAM::SAMLProvider': 'trusts an identity provider',
  'AWS::IAM::ServiceLinkedRole': 'lets a service act in the account',
  'AWS::IAM::UserToGroupAddition': 'gives users the policies of a group',
  'AWS::LakeFormation::Permissions': 'grants data of the lake',
  'AWS::LakeFormation::PrincipalPermissions': 'grants data of the lake',
  'AWS::Lambda::LayerVersionPermission': 'lets others use a layer',
  'AWS::Lambda::Permission': 'lets others call a function',
  'AWS::Lambda::Url': 'makes a function callable by URL',
  'AWS::RAM::ResourceShare': 'shares resources with others',
  'AWS::SSO::Assignment': 'gives people a permission set',
  'AWS::SSO::PermissionSet': 'decides what people of a permission set may do',
};

/** Lists where every further entry allows more, by property. */
const LISTS: Readonly<Record<string, string | undefined>> = {
  Groups: 'joins a group',
  ManagedPolicyArns: 'gets a managed policy',
  ManagedPolicies: 'gets a managed policy',
  Roles: 'applies to a further role',
  SecurityGroupEgress: 'opens a way out of the security group',
  SecurityGroupIngress: 'opens a way into the security group',
  Users: 'applies to a further user',
};

/** Properties that limit: without one of them, or with another value, more is allowed. */
const LIMITS: Readonly<Record<string, string | undefined>> = {
  PermissionsBoundary: 'loses or changes its permissions boundary',
};

/** Properties that open something to the public with any other value than these, which stand for the safe ones. */
const PUBLIC: Readonly<Record<string, readonly Json[] | undefined>> = {
  AccessControl: ['Private', 'LogDeliveryWrite', 'BucketOwnerFullControl', 'BucketOwnerRead'],
  AssociatePublicIpAddress: [false, 'false'],
  AuthType: ['AWS_IAM'],
  MapPublicIpOnLaunch: [false, 'false'],
  PubliclyAccessible: [false, 'false'],
};

const PUBLIC_ACCESS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

/** Types where no policy means that everything is allowed. */
const OPEN_WITHOUT_POLICY: Readonly<Record<string, string | undefined>> = { 'AWS::EC2::VPCEndpoint': 'PolicyDocument' };

/**
 * Why a change may allow somebody more than before; undefined when it provably does not. A policy is narrower when each of its
 * permissions is covered by one that was there, and each prohibition that was there by one that stays.
 */
export function broadeningOf(type: string, before: TemplateResource | undefined, after: TemplateResource | undefined): string | undefined {
  const [old, next] = [before?.Type === type ? (before.Properties ?? {}) : undefined, after?.Properties];
  const reasons = [
    grantReason(type, before, after),
    ...policyReasons(type, old, after && (next ?? {})),
    ...(after ? [...propertyReasons(old ?? {}, next ?? {}, ''), ...publicAccessReasons(type, old, next ?? {})] : []),
  ];
  const found = [...new Set(reasons.filter((reason) => reason !== undefined))];
  return found.length > 0 ? found.join('; ') : undefined;
}

function grantReason(type: string, before: TemplateResource | undefined, after: TemplateResource | undefined): string | undefined {
  const grant = GRANTS[type];
  if (grant === undefined || !after) return undefined;
  return before && same(before.Properties, after.Properties) ? undefined : grant;
}

type Documents = Map<string, readonly Json[]>;

/** Policy documents by their place; what holds one may hold several, and several may have one place: nothing forbids a name twice. */
function documentsIn(value: Json | undefined, path: string, found: Documents = new Map()): Documents {
  if (Array.isArray(value)) {
    (value as readonly Json[]).forEach((member, index) => documentsIn(member, `${path}/${nameOf(member) ?? index}`, found));
  } else if (isObject(value)) {
    if ('Statement' in value) add(found, path, value);
    else for (const [key, member] of Object.entries(value)) documentsAt(key, member, `${path}/${key}`, found);
  }
  return found;
}

/** A document in JSON, or one that a function makes, is known by its property's name alone. */
function documentsAt(key: string, value: Json, path: string, found: Documents): void {
  const isNamed = /(Policy|PolicyDocument|PolicyText|Policies)$/.test(key) && !/(Lifecycle|Deletion|Update|Retention|Scaling)/.test(key);
  const isOpaque = typeof value === 'string' ? value.trimStart().startsWith('{') : isObject(value) && isFunction(value);
  if (isNamed && isOpaque) add(found, path, value);
  else documentsIn(value, path, found);
}

function add(found: Documents, path: string, document: Json): void {
  found.set(path, [...(found.get(path) ?? []), document]);
}

/** Inline policies are told apart by their names: their order means nothing. */
function nameOf(value: Json): string | undefined {
  return isObject(value) && typeof value.PolicyName === 'string' ? value.PolicyName : undefined;
}

function policyReasons(type: string, before: Properties | undefined, after: Properties | undefined): string[] {
  const [old, next] = [documentsIn(before, ''), documentsIn(after, '')];
  const open = OPEN_WITHOUT_POLICY[type];
  if (open !== undefined && after && !(open in after) && (!before || open in before)) {
    return ['allows everything: it has no policy'];
  }
  // Without the resource itself, what its policy denied is denied to nobody; what it protected has gone only if the policy is part of it.
  const reasons = [...new Set([...old.keys(), ...next.keys()])].map((path) =>
    policyReason(path, old.get(path) ?? [], next.get(path) ?? [], Boolean(after)),
  );
  return reasons.filter((reason) => reason !== undefined);
}

function policyReason(path: string, before: readonly Json[], after: readonly Json[], stays: boolean): string | undefined {
  if (same(before, after)) return undefined;
  const where = path.split('/').slice(1).join('.');
  const [old, next] = [before, after].map(statementsAt);
  if (!old || !next) return after.length === 0 && !stays ? undefined : `${where} cannot be compared`;
  const allowed = next.filter((one) => !isDenial(one) && !isCovered(one, old));
  if (allowed.length > 0) return `${where} allows ${described(allowed)}`;
  const released = old.filter((one) => isDenial(one) && !isCovered(one, next));
  return released.length > 0 ? `${where} no longer denies ${described(released)}` : undefined;
}

/** Of several documents of one name, nobody knows which one holds. */
function statementsAt([document, ...more]: readonly Json[]): readonly Statement[] | undefined {
  if (more.length > 0) return undefined;
  return document === undefined ? [] : statementsOf(document);
}

function isDenial({ effect }: Statement): boolean {
  return effect === 'Deny';
}

const SHOWN = 4;

function described(statements: readonly Statement[]): string {
  const actions = [...new Set(statements.flatMap((one) => one.actions ?? ['all but some actions']))].sort();
  const principals = [...new Set(statements.flatMap((one) => one.principals ?? []))].map(shortened).sort();
  const whom = principals.length > 0 ? ` for ${listed(principals)}` : '';
  return `${listed(actions)}${whom}`;
}

function shortened(principal: string): string {
  const name = principal.slice(principal.indexOf(':') + 1);
  return name === '*' ? 'everybody' : name.startsWith('{') ? 'a principal of the template' : name;
}

function listed(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return more > 0 ? `${names.slice(0, SHOWN).join(', ')} and ${more} more` : names.join(', ');
}

/** Lists that grant, limits and public access, wherever they stand in the properties. */
function propertyReasons(before: Properties, after: Properties, path: string): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const [old, next] = [memberOf(before, key), memberOf(after, key)];
    if (same(old, next)) return [];
    const list = LISTS[key];
    if (list !== undefined && path === '') return hasMore(old, next) ? [list] : [];
    const limit = LIMITS[key];
    if (limit !== undefined) return old === undefined ? [] : [limit];
    const safe = PUBLIC[key];
    if (safe !== undefined) return next === undefined || safe.includes(next) ? [] : [`${key} is ${JSON.stringify(next)}`];
    if (isObject(next) && !('Statement' in next)) return propertyReasons(isObject(old) ? old : {}, next, `${path}/${key}`);
    return [];
  });
}

function hasMore(before: Json | undefined, after: Json | undefined): boolean {
  if (after === undefined) return false;
  if (!Array.isArray(after)) return true;
  const known = Array.isArray(before) ? (before as readonly Json[]).map((one) => JSON.stringify(one)) : [];
  return (after as readonly Json[]).some((one) => !known.includes(JSON.stringify(one)));
}

/** Since April 2023 a new bucket has all four when it says nothing; an existing one that says nothing any more has none of them. */
function publicAccessReasons(type: string, before: Properties | undefined, after: Properties): string[] {
  if (type !== 'AWS::S3::Bucket' && type !== 'AWS::S3::AccessPoint') return [];
  const off = (properties: Properties) =>
    PUBLIC_ACCESS.filter((name) => !isOn(memberOf(properties, 'PublicAccessBlockConfiguration'), name));
  const says = 'PublicAccessBlockConfiguration' in after;
  if (!before) return says && off(after).length > 0 ? [`does not block public access (${off(after).join(', ')})`] : [];
  if (!says && !('PublicAccessBlockConfiguration' in before)) return [];
  const lost = off(after).filter((name) => !off(before).includes(name));
  return lost.length > 0 ? [`no longer blocks public access (${lost.join(', ')})`] : [];
}

function isOn(configuration: Json | undefined, name: string): boolean {
  return isObject(configuration) && (configuration[name] === true || configuration[name] === 'true');
}

function isFunction(value: JsonObject): boolean {
  return Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'));
}

function same(one: Json | undefined, other: Json | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
