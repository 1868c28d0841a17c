import { createHash } from 'node:crypto';
import { changeSetName } from '../lock/change-set-name';

/** What is executed: one stack of one plan, under one lock, for one record. */
export interface Operation {
  readonly fence: number;
  /** Of the plan, whole. */
  readonly digest: string;
  /** That the record will have. */
  readonly serial: number;
  readonly region: string;
  readonly stack: string;
}

/** What the token of an operation tells of it. */
export interface TokenOrigin {
  readonly changeSet: string;
  readonly serial: number;
}

const TOKEN = /^(?<changeSet>dataworks-\d+-[0-9a-f]{12})-(?<serial>\d+)-[0-9a-f]{24}$/;

/**
 * `ClientRequestToken` of an operation. CloudFormation writes it into every event, so that whoever comes later knows what was
 * executed, for which plan and which record, although nobody recorded it.
 */
export function operationToken(operation: Operation): string {
  return `${changeSetName(operation.fence, operation.digest)}-${operation.serial}-${seal(operation)}`;
}

/** Undefined for the token of somebody else. */
export function originOfToken(token: string | undefined): TokenOrigin | undefined {
  const parts = TOKEN.exec(token ?? '')?.groups;
  return parts && { changeSet: parts.changeSet, serial: Number(parts.serial) };
}

/** Whether a token is of exactly this plan, record and stack, under whichever lock: 12 characters of a digest can be those of another. */
export function isTokenOf(token: string, operation: Omit<Operation, 'fence'>): boolean {
  return originOfToken(token) !== undefined && token.endsWith(`-${seal(operation)}`);
}

function seal({ digest, serial, region, stack }: Omit<Operation, 'fence'>): string {
  return createHash('sha256').update(JSON.stringify([digest, serial, region, stack])).digest('hex').slice(0, 24);
}
