import { NOT_REACHED, type DeploymentRecord, type RecordedStack } from './record';

const SHORT = 12;

const RESULTS: Readonly<Record<DeploymentRecord['result'], string>> = {
  succeeded: 'applied',
  failed: 'failed',
  noChanges: 'no changes',
};

/** One line: serial, when, what, from which commit and plan, by whom. */
export function recordLine({
  serial,
  endedAt,
  result,
  rollbackTo,
  commit,
  dirty,
  assemblyGiven,
  planDigest,
  by,
}: DeploymentRecord): string {
  const files = `${dirty ? ' with changes' : ''}${assemblyGiven ? ', assembly given' : ''}`;
  const source = `commit ${commit.slice(0, SHORT)}${files}, plan ${planDigest.slice(0, SHORT)}`;
  const rollback = rollbackTo === undefined ? '' : `, rollback to #${rollbackTo}`;
  return `#${serial}  ${endedAt}  ${RESULTS[result]}${rollback}  ${source}, by ${by.arn}${by.job === undefined ? '' : ` ${by.job}`}`;
}

/** How a stack stands, in words. */
export function statusWords({ status }: Pick<RecordedStack, 'status'>): string {
  return status === NOT_REACHED ? 'not changed: it was refused, or another stack failed' : status;
}
