import { table } from './markdown';
import { DECISIONS, type Decision } from '../../../packages/dataworks-constructs/src/private/acknowledgements';

/** The findings that the constructs acknowledge: on what, and why. */
export function acknowledgementTable(): string {
  const decisions: readonly Decision[] = Object.values(DECISIONS);
  return table(
    ['on', 'findings', 'because'],
    decisions.map(({ resource, ids, reason }) => [resource, ids.map((id) => `\`${id}\``).join(', '), reason ?? 'the reason that you gave']),
  );
}
