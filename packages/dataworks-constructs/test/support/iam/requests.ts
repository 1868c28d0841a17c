import type { ContextValues } from './context';
import type { Request } from './evaluate';
import { service, type IamPrincipal, type Principal, type ServicePrincipal, type WebIdentity } from './principals';

/** How a request reaches AWS. */
export interface Circumstances {
  /**
   * Version of TLS; `none` is plain HTTP, `unstated` is TLS whose version S3 is not told.
   *
   * @default '1.3'
   */
  readonly tls?: '1.0' | '1.1' | '1.2' | '1.3' | 'none' | 'unstated';
  /** Where it comes from. @default - the internet, from 198.51.100.7 */
  readonly from?: { readonly ip: string } | { readonly vpc: string; readonly endpoint: string; readonly ip: string };
  /** Services that make it on behalf of the principal, by forward access sessions, the first one first. @default - the principal itself */
  readonly via?: readonly string[];
  /** @default - that of the resource's ARN, else us-east-1 */
  readonly region?: string;
  /** Further condition keys, or other values of those filled in. @default - none */
  readonly context?: ContextValues;
}

/** Services that AWS documents to show up in aws:CalledVia. */
const IN_CALLED_VIA = [
  'athena.amazonaws.com',
  'cloudformation.amazonaws.com',
  'databrew.amazonaws.com',
  'dynamodb.amazonaws.com',
  'kms.amazonaws.com',
];

export interface Call extends Circumstances {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  /** Account that owns the resource. @default - that of the ARN, which S3's ARNs lack */
  readonly account?: string;
}

/** A request with every condition key that AWS derives from the principal, the way and the resource. */
export function request(call: Call): Request {
  const { principal, action, resource } = call;
  const [, , , region, owner] = resource.split(':');
  const resourceAccount = call.account ?? owner;
  if (!/^\d{12}$/.test(resourceAccount)) throw new Error(`Say which account owns ${resource}.`);
  return {
    principal,
    action,
    resource,
    resourceAccount,
    context: {
      ...principal.keys,
      ...transport(call.tls ?? '1.3', action),
      ...network(call, principal),
      ...forwarded(call.via ?? []),
      'aws:CurrentTime': '2026-01-01T12:00:00Z',
      'aws:EpochTime': '1767268800',
      'aws:RequestedRegion': call.region ?? (region || 'us-east-1'),
      'aws:ResourceAccount': resourceAccount,
      ...call.context,
    },
  };
}

/** What a PUT says of encryption: the headers for SSE-S3 or SSE-KMS, or a key of the customer's own (SSE-C). */
export type EncryptionHeaders = { readonly algorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse'; readonly keyId?: string } | 'SSE-C';

/** Writes an object. */
export function putObject(
  call: Omit<Call, 'action' | 'resource' | 'account'> & {
    /** ARN of the object. */
    readonly object: string;
    /** Owner of the bucket. */
    readonly account: string;
    /** @default - no header: the bucket's default encryption applies */
    readonly encryption?: EncryptionHeaders;
  },
): Request {
  const { object, encryption, ...rest } = call;
  return request({ ...rest, action: 's3:PutObject', resource: object, context: { ...encryptionKeys(encryption), ...call.context } });
}

/** Delivers the access log of a bucket, as S3 does. */
export function deliverAccessLog(delivery: {
  /** ARN of the bucket whose log it is, and its owner. */
  readonly source: { readonly arn: string; readonly account: string };
  /** ARN of the log object. */
  readonly object: string;
  /** Owner of the log bucket. */
  readonly account: string;
}): Request {
  const { source, ...rest } = delivery;
  return putObject({ ...rest, principal: service('logging.s3.amazonaws.com', source) });
}

/** Uses or manages a key without a service in between. */
export function callKey(
  call: Omit<Call, 'resource' | 'account'> & { readonly key: string; readonly encryptionContext?: Readonly<Record<string, string>> },
): Request {
  const { key, encryptionContext = {}, ...rest } = call;
  return request({ ...rest, resource: key, context: { ...keyKeys(call.principal, encryptionContext), ...call.context } });
}

/** Lets S3 use a key on behalf of the principal that reads or writes an object. */
export function useKeyThroughS3(
  call: Omit<Call, 'resource' | 'account'> & {
    /** ARN of the key. */
    readonly key: string;
    /** ARN of the bucket with a bucket key, else of the object: the encryption context. */
    readonly encrypted: string;
  },
): Request {
  const { key, encrypted, via = [], ...rest } = call;
  return callKey({
    ...rest,
    key,
    via: [...via, 's3.amazonaws.com'],
    encryptionContext: { 'aws:s3:arn': encrypted },
    context: { 'kms:ViaService': `s3.${key.split(':')[3]}.amazonaws.com`, ...call.context },
  });
}

/** Asks STS for a session of a role. */
export function assumeRole(
  call: Omit<Call, 'action' | 'resource' | 'account'> & {
    readonly principal: IamPrincipal | ServicePrincipal;
    /** ARN of the role. */
    readonly role: string;
    /** @default - none sent */
    readonly externalId?: string;
  },
): Request {
  const { role, externalId, ...rest } = call;
  const sent = { 'sts:RoleSessionName': 'session', ...(externalId !== undefined && { 'sts:ExternalId': externalId }) };
  return request({ ...rest, action: 'sts:AssumeRole', resource: role, context: { ...sent, ...call.context } });
}

/** Asks STS for a session of a role, with the token of an identity provider. */
export function assumeRoleWithWebIdentity(
  call: Omit<Call, 'action' | 'resource' | 'account'> & { readonly principal: WebIdentity; readonly role: string },
): Request {
  const { role, ...rest } = call;
  return request({
    ...rest,
    action: 'sts:AssumeRoleWithWebIdentity',
    resource: role,
    context: { 'sts:RoleSessionName': 'session', ...call.context },
  });
}

function transport(tls: NonNullable<Circumstances['tls']>, action: string): ContextValues {
  return {
    'aws:SecureTransport': String(tls !== 'none'),
    ...(action.startsWith('s3:') && /^\d/.test(tls) && { 's3:TlsVersion': tls }),
  };
}

/** Services neither call from a network of ours nor pass on the caller's. */
function network({ from = { ip: '198.51.100.7' }, via }: Circumstances, principal: Principal): ContextValues {
  if (principal.type === 'service' || via?.length) return {};
  return 'vpc' in from
    ? { 'aws:SourceVpc': from.vpc, 'aws:SourceVpce': from.endpoint, 'aws:VpcSourceIp': from.ip }
    : { 'aws:SourceIp': from.ip };
}

function forwarded(via: readonly string[]): ContextValues {
  const shown = via.filter((name) => IN_CALLED_VIA.includes(name));
  return {
    'aws:ViaAWSService': String(via.length > 0),
    ...(shown.length > 0 && { 'aws:CalledVia': shown, 'aws:CalledViaFirst': shown[0], 'aws:CalledViaLast': shown[shown.length - 1] }),
  };
}

function encryptionKeys(headers: EncryptionHeaders | undefined): ContextValues {
  if (headers === undefined) return {};
  if (headers === 'SSE-C') return { 's3:x-amz-server-side-encryption-customer-algorithm': 'AES256' };
  return {
    's3:x-amz-server-side-encryption': headers.algorithm,
    ...(headers.keyId !== undefined && { 's3:x-amz-server-side-encryption-aws-kms-key-id': headers.keyId }),
  };
}

function keyKeys(principal: Principal, encryptionContext: Readonly<Record<string, string>>): ContextValues {
  const keys = Object.keys(encryptionContext);
  return {
    ...(principal.type === 'iam' && { 'kms:CallerAccount': principal.account }),
    ...(keys.length > 0 && { 'kms:EncryptionContextKeys': keys }),
    ...Object.fromEntries(keys.map((key) => [`kms:EncryptionContext:${key}`, encryptionContext[key]])),
  };
}
