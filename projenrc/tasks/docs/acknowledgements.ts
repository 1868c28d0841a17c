import { table } from './markdown';
import type { Decision } from '../../../packages/dataworks-constructs/src/private/acknowledgements';

/** The findings that the constructs of a library acknowledge: on what, and why. */
export function acknowledgementTable(decisions: readonly Decision[]): string {
  return table(
    ['on', 'findings', 'because'],
    decisions.map(({ resource, ids, reason }) => [resource, ids.map((id) => `\`${id}\``).join(', '), reason ?? 'the reason that you gave']),
  );
}
