/** By what data is less safe than before, other than by a deletion or a replacement of what holds it. */
import { reasonsOf, type KnownRisks } from './known-risks';
import { LOSS } from './loss-risks';
import { GUARDS, PROTECTION } from './protection-risks';
import type { TemplateResource } from '../template/stack-template';
import { STATEFUL } from '../template/stateful';

type Resource = TemplateResource | undefined;

/** By which of its properties a resource deletes data that it kept; undefined when it does not, as far as that is known. */
export function expiryOf(type: string, before: Resource, after: Resource): string | undefined {
  return joined(knownOf(LOSS, type, before, after));
}

/** Which protection of data a resource loses; undefined when it loses none that is known. */
export function weakeningOf(type: string, before: Resource, after: Resource): string | undefined {
  if (before && !after) return GUARDS[type];
  return joined([...keptLess(type, before, after), ...knownOf(PROTECTION, type, before, after)]);
}

/** What is new, or becomes something else, protected nothing. */
function knownOf(risks: KnownRisks, type: string, before: Resource, after: Resource): string[] {
  return before && after && before.Type === after.Type ? reasonsOf(risks, type, before.Properties ?? {}, after.Properties ?? {}) : [];
}

const KEPT: Readonly<Record<string, number | undefined>> = { Delete: 0, Snapshot: 1, RetainExceptOnCreate: 2, Retain: 2 };

/** What CloudFormation does when nothing is said depends on the type: it deletes, or makes a snapshot first. */
const UNSAID = { before: 'Snapshot', after: 'Delete' };

function keptLess(type: string, before: Resource, after: Resource): string[] {
  if (!before || !after || !STATEFUL.has(type)) return [];
  return (['DeletionPolicy', 'UpdateReplacePolicy'] as const)
    .filter((name) => before[name] !== after[name])
    .filter((name) => (KEPT[after[name] ?? UNSAID.after] ?? 0) < (KEPT[before[name] ?? UNSAID.before] ?? Infinity))
    .map((name) => `is kept less when the stack lets go of it (${name})`);
}

function joined(reasons: readonly string[]): string | undefined {
  return reasons.length > 0 ? reasons.join('; ') : undefined;
}
