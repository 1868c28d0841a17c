import { createHash } from 'node:crypto';

/** What is executed: one stack of one plan, under one lock, for one record. */
export interface Operation {
  readonly fence: number;
  /** Of the plan, whole. */
  readonly digest: string;
  /** That the record will have. */
  readonly serial: number;
}

const TOKEN = /^dataworks-(?<fence>[1-9]\d{0,14})-(?<digest>[0-9a-f]{64})-(?<serial>[1-9]\d{0,7})-[0-9a-f]{12}$/;

/**
 * `ClientRequestToken` of an operation, at most 112 of the 128 characters that there may be. CloudFormation writes it into every event,
 * so that whoever comes later knows what was executed, for which plan and which record, although nobody recorded it.
 *
 * @param place region and name of the stack: no two operations have the same token
 */
export function operationToken({ fence, digest, serial }: Operation, place: string): string {
  return `dataworks-${fence}-${digest}-${serial}-${createHash('sha256').update(place).digest('hex').slice(0, 12)}`;
}

/** Undefined for the token of somebody else. */
export function operationOf(token: string | undefined): Operation | undefined {
  const parts = TOKEN.exec(token ?? '')?.groups;
  return parts && { fence: Number(parts.fence), digest: parts.digest, serial: Number(parts.serial) };
}
