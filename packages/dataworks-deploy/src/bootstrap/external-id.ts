import { randomBytes } from 'node:crypto';

/** Name of the template parameter. */
export const EXTERNAL_ID = 'ExternalId';

/** 256 random bits as base64url: 43 characters that IAM and every shell take as they are. */
export function newExternalId(): string {
  return randomBytes(32).toString('base64url');
}

export interface ExternalIdSituation {
  /** The template has the parameter: there is a pipeline. */
  readonly needed: boolean;
  /** The deployed stack has it: an id is in force. */
  readonly inForce: boolean;
  /** A new one was asked for. */
  readonly rotate: boolean;
}

/** Which id a change set gets. Nobody can read the one in force, not even who made it. */
export function externalIdFor({ needed, inForce, rotate }: ExternalIdSituation): 'none' | 'previous' | 'new' {
  if (!needed) return 'none';
  return inForce && !rotate ? 'previous' : 'new';
}
