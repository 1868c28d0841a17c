import type { Environment, ZoneChanges } from './configuration';
import { MISTAKES } from './mistakes';
import type { Path } from './path';
import type { Finding } from './problem';
import type { WellFormed } from './well-formed';

/** Ids of the lake's zones. */
export const ZONE_IDS: readonly string[] = [
  'glue-jobs',
  'raw-archive',
  'raw',
  'structured',
  'curated',
  'temp-reload',
  'domain',
  'schema-registry',
  'domain-config',
  'violation',
  'landing',
  'landing-process',
  'quarantine',
];

/** Storage classes, and to which S3 lets objects move on. */
const COLDER: Readonly<Record<string, readonly string[]>> = {
  STANDARD_IA: ['INTELLIGENT_TIERING', 'ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'],
  INTELLIGENT_TIERING: ['ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'],
  ONEZONE_IA: ['GLACIER', 'DEEP_ARCHIVE'],
  GLACIER_IR: ['GLACIER', 'DEEP_ARCHIVE'],
  GLACIER: ['DEEP_ARCHIVE'],
  DEEP_ARCHIVE: [],
};

const INFREQUENT_ACCESS: readonly string[] = ['STANDARD_IA', 'ONEZONE_IA'];
/** Days that objects stay in S3 Standard before an infrequent-access class, and in that class. */
const INFREQUENT_ACCESS_DAYS = 30;

type Transition = NonNullable<ZoneChanges['transitions']>[number];

/**
 * Changes that contradict themselves. What contradicts a zone's own lifecycle is for the construct
 * that knows it: DW1014 when a retention is shorter than the zone's own transition.
 */
export function zoneFindings(changes: WellFormed<Environment['zones']>, at: Path): Finding[] {
  return Object.entries(changes).flatMap(([zoneId, change]) => {
    const path = [...at, zoneId];
    return [...known(zoneId, path), ...(change ? [...versions(change, path), ...lifecycle(change, path)] : [])];
  });
}

function known(zoneId: string, at: Path): Finding[] {
  if (ZONE_IDS.includes(zoneId)) return [];
  return [{ ...MISTAKES.unknownZone, at, received: JSON.stringify(zoneId), allowed: ZONE_IDS.join(', ') }];
}

function versions(change: WellFormed<ZoneChanges>, at: Path): Finding[] {
  const { versioned, noncurrentDays } = change;
  if (versioned === false && noncurrentDays !== undefined) {
    const received = String(noncurrentDays);
    return [{ ...MISTAKES.noVersions, at: [...at, 'noncurrentDays'], received, allowed: 'leave it out, or versioned: true' }];
  }
  if (versioned === true && !('noncurrentDays' in change)) {
    return [{ ...MISTAKES.versionsForEver, at: [...at, 'versioned'], received: 'true', allowed: 'together with noncurrentDays' }];
  }
  return [];
}

function lifecycle({ retentionDays, transitions = [] }: WellFormed<ZoneChanges>, at: Path): Finding[] {
  const lastMove = Math.max(...transitions.map((transition) => transition?.afterDays ?? 0));
  return [
    ...transitions.flatMap((transition, index) =>
      isComplete(transition) ? transitionFindings(transition, transitions[index - 1], [...at, 'transitions', index]) : [],
    ),
    ...(retentionDays !== undefined && retentionDays <= lastMove
      ? [
          {
            ...MISTAKES.deletedBeforeMoved,
            at: [...at, 'retentionDays'],
            received: String(retentionDays),
            allowed: `more than ${lastMove}, the age of the last transition`,
          },
        ]
      : []),
  ];
}

function transitionFindings(transition: Transition, before: WellFormed<Transition> | undefined, at: Path): Finding[] {
  const { storageClass, afterDays } = transition;
  const findings: Finding[] = [];
  if (INFREQUENT_ACCESS.includes(storageClass) && afterDays < INFREQUENT_ACCESS_DAYS) {
    findings.push({
      ...MISTAKES.infrequentAccessTooEarly,
      at: [...at, 'afterDays'],
      received: String(afterDays),
      allowed: `${INFREQUENT_ACCESS_DAYS} or more, or INTELLIGENT_TIERING`,
    });
  }
  if (!isComplete(before)) return findings;
  const colder = COLDER[before.storageClass];
  const earliest = before.afterDays + (INFREQUENT_ACCESS.includes(before.storageClass) ? INFREQUENT_ACCESS_DAYS : 1);
  if (!colder.includes(storageClass) || afterDays < earliest) {
    findings.push({
      ...MISTAKES.transitionOrder,
      at,
      received: `${storageClass} after ${afterDays} days`,
      allowed: colder.length > 0 ? `${colder.join(', ')}, after ${earliest} days or more` : `nothing follows ${before.storageClass}`,
    });
  }
  return findings;
}

function isComplete(transition: WellFormed<Transition> | undefined): transition is Transition {
  return transition?.storageClass !== undefined && transition.afterDays !== undefined;
}
