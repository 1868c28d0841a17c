import schema from '../../schema/approval.schema.json';
import { parseJson } from '../json';
import { validatorOf } from '../json-schema';

/** That somebody has approved a plan. Written once, to `<stateKey>/approvals/<digest>/<n>.json`. */
export interface Approval {
  readonly formatVersion: 1;
  /** Of the plan. */
  readonly digest: string;
  readonly environment: string;
  /** Who counts as the one who approved: see `approverOf`. */
  readonly approver: string;
  /** Whose credentials wrote it. */
  readonly arn: string;
  /** The job of the pipeline that wrote it. */
  readonly job?: { readonly url: string; readonly name: string; readonly workflowId: string };
  /** RFC 3339, by the clock of whoever approved. What counts is when S3 stored it. */
  readonly at: string;
}

/** Whoever could not be told from others. */
export const UNKNOWN = 'unknown';

const validator = validatorOf<Approval>(schema);

/** The approval in a text; what is wrong with it, as a text, when it is none. */
export function parseApproval(text: string, digest: string): Approval | string {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    return 'not JSON, or nested too deep';
  }
  const isApproval = validator();
  if (!isApproval(value)) {
    const [{ instancePath, message }] = isApproval.errors!;
    return `${instancePath || 'the whole'} ${message}`;
  }
  return value.digest === digest ? value : `of another digest, ${value.digest}`;
}
