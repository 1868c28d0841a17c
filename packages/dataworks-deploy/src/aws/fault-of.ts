import { Fault } from '../fault';
import { FAULTS, type FaultKind } from '../faults';

/** Which fault an error's name stands for: the SDK's own names, and those that services send. */
const BY_NAME: Readonly<Record<string, FaultKind | undefined>> = {
  ExpiredToken: FAULTS.credentialsExpired,
  ExpiredTokenException: FAULTS.credentialsExpired,
  RequestExpired: FAULTS.credentialsExpired,
  InvalidClientTokenId: FAULTS.credentialsRejected,
  UnrecognizedClientException: FAULTS.credentialsRejected,
  InvalidAccessKeyId: FAULTS.credentialsRejected,
  InvalidSignatureException: FAULTS.credentialsRejected,
  SignatureDoesNotMatch: FAULTS.credentialsRejected,
  AccessDenied: FAULTS.missingPermission,
  AccessDeniedException: FAULTS.missingPermission,
  PermanentRedirect: FAULTS.bucketElsewhere,
  Throttling: FAULTS.throttled,
  ThrottlingException: FAULTS.throttled,
  TooManyRequestsException: FAULTS.throttled,
  RequestLimitExceeded: FAULTS.throttled,
  ProvisionedThroughputExceededException: FAULTS.throttled,
  SlowDown: FAULTS.throttled,
  TimeoutError: FAULTS.unreachable,
  ENOTFOUND: FAULTS.unreachable,
  EAI_AGAIN: FAULTS.unreachable,
  ECONNREFUSED: FAULTS.unreachable,
  ECONNRESET: FAULTS.unreachable,
  EHOSTUNREACH: FAULTS.unreachable,
  ENETUNREACH: FAULTS.unreachable,
  ETIMEDOUT: FAULTS.unreachable,
};

/** What S3 says beside the message. */
interface BucketError extends Error {
  readonly Bucket?: string;
}

/** The fault that an error of the SDK stands for; undefined when it is the answer of a service. */
export function faultOf(error: unknown, action: string): Fault | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message } = error;
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') return withoutCredentials(message);
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const kind = BY_NAME[name] ?? BY_NAME[code];
  if (kind === undefined) return undefined;
  if (kind === FAULTS.missingPermission) return new Fault(kind, { received: deniedAction(message) ?? `${action} (${sentence(message)})` });
  if (kind === FAULTS.bucketElsewhere) {
    return new Fault(kind, { received: `${(error as BucketError).Bucket ?? 'a bucket'}, from ${action}` });
  }
  return new Fault(kind, { received: `${[name, code].find((one) => BY_NAME[one])} from ${action} (${sentence(message)})` });
}

/** The action and the resource of an "is not authorized" message, as IAM words it in every service and in the events of a stack. */
export function deniedAction(message: string): string | undefined {
  const denied =
    /(?:User: )?(?<who>\S+) is not authorized to perform: (?<action>\S+?)(?: on resource: (?<resource>\S+?))?[.,;)]?(?=\s|$)/.exec(message);
  if (!denied?.groups) return undefined;
  const { who, action, resource } = denied.groups as { who: string; action: string; resource?: string };
  return `${action}${resource === undefined ? '' : ` on ${resource}`} for ${who}`;
}

/** The SDK says in words whether there were none, or a session that has ended. */
function withoutCredentials(message: string): Fault {
  const kind = /expired|refresh/i.test(message) ? FAULTS.credentialsExpired : FAULTS.credentialsMissing;
  return new Fault(kind, { received: sentence(message) });
}

/** Without the full stop that the fault's own sentence brings. */
function sentence(message: string): string {
  return (message || 'no reason given').replace(/\s+/g, ' ').replace(/\.$/, '');
}
