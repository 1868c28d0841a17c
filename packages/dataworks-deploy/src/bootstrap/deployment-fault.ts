import { deniedAction } from '../aws/fault-of';
import { Fault } from '../fault';
import { FAULTS, type FaultKind } from '../faults';

/** What CloudFormation said of a resource that failed. */
export interface Failure {
  readonly type: string;
  readonly logicalId: string;
  readonly reason?: string;
}

/** Resources that CloudFormation stopped because another one had failed. */
const CANCELLED = /cancelled/i;

/** The first resource that failed of itself: others are only cancelled when it does. */
export function rootCause<T extends Failure>(failures: readonly T[]): T | undefined {
  return failures.find(({ reason }) => reason !== undefined && !CANCELLED.test(reason)) ?? failures.at(0);
}

/**
 * The fault of a deployment, by the first resource that failed of itself.
 *
 * @param where the stack, and what became of it
 * @param kind when it is neither a missing permission nor a bucket's name that is taken
 */
export function deploymentFault(where: string, failures: readonly Failure[], kind: FaultKind): Fault {
  const cause = rootCause(failures);
  const reason = (cause?.reason ?? 'CloudFormation gave no reason').replace(/\s+/g, ' ').replace(/\.$/, '');
  const resource = cause?.logicalId ? `${cause.type} ${cause.logicalId}: ` : '';
  const received = `${where} (${resource}${reason})`;

  const denied = deniedAction(reason);
  if (denied !== undefined) return new Fault(FAULTS.missingPermission, { received: `${denied}, in ${where}` });
  if (cause?.type === 'AWS::S3::Bucket' && /BucketAlreadyExists|already exists/i.test(reason)) {
    return new Fault(FAULTS.bucketTaken, { received });
  }
  return new Fault(kind, { received });
}
