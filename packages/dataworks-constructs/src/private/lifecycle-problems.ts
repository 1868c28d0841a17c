import type { Duration } from 'aws-cdk-lib/core';
import type { ArchiveTiers, LifecycleChoices, StorageTransition } from '../lifecycle';
import type { Problem } from './errors';
import { REFUSALS } from './refusals';

/**
 * The classes that objects can move to, and from each of them to which they can still move.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
 */
const COLDER: Readonly<Record<string, readonly string[] | undefined>> = {
  STANDARD_IA: ['INTELLIGENT_TIERING', 'ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'],
  INTELLIGENT_TIERING: ['ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'],
  ONEZONE_IA: ['GLACIER', 'DEEP_ARCHIVE'],
  GLACIER_IR: ['GLACIER', 'DEEP_ARCHIVE'],
  GLACIER: ['DEEP_ARCHIVE'],
  DEEP_ARCHIVE: [],
};

const INFREQUENT_ACCESS: readonly string[] = ['STANDARD_IA', 'ONEZONE_IA'];

/** Days that S3 wants objects to stay in Standard before they move to an infrequent-access class, and in that class. */
const INFREQUENT_ACCESS_DAYS = 30;

export const daysOf = (duration: Duration): number => duration.toDays({ integral: false });

/** What S3 would reject of a bucket's lifecycle. */
export function lifecycleProblems({ versioning, transitions, retention }: LifecycleChoices): Problem[] {
  const { noncurrentTransitions, noncurrentExpiration, keepNewest } = versioning;
  return [
    ...wholeDays('retention', retention),
    ...wholeDays('versioning', noncurrentExpiration),
    ...transitionProblems('transitions', transitions, 0),
    ...transitionProblems('noncurrent transitions', noncurrentTransitions, 1),
    ...(notAfter(retention, transitions) ? [{ ...REFUSALS.expiresBeforeTransition, received: shown(retention!, transitions) }] : []),
    ...(notAfter(noncurrentExpiration, noncurrentTransitions)
      ? [{ ...REFUSALS.noncurrentExpiresBeforeTransition, received: shown(noncurrentExpiration!, noncurrentTransitions) }]
      : []),
    ...(keepNewest === undefined || (Number.isInteger(keepNewest) && keepNewest >= 1 && keepNewest <= 100)
      ? []
      : [{ ...REFUSALS.keepNewest, received: String(keepNewest) }]),
  ];
}

function transitionProblems(prop: string, transitions: readonly StorageTransition[], earliest: number): Problem[] {
  return transitions.flatMap(({ storageClass, after }, index) => {
    const received = `${prop}: ${storageClass.toString()} after ${after.toHumanString()}`;
    const before = index > 0 ? transitions[index - 1] : undefined;
    const days = daysOf(after);
    return [
      ...wholeDays(prop, after, earliest),
      ...(INFREQUENT_ACCESS.includes(storageClass.toString()) && days < INFREQUENT_ACCESS_DAYS
        ? [{ ...REFUSALS.infrequentAccessTooEarly, received }]
        : []),
      ...(COLDER[storageClass.toString()] ? [] : [{ ...REFUSALS.transitionOrder, received }]),
      ...(before === undefined || follows(before, { storageClass, after })
        ? []
        : [
            {
              ...REFUSALS.transitionOrder,
              received: `${received}, following ${before.storageClass.toString()} after ${before.after.toHumanString()}`,
            },
          ]),
    ];
  });
}

function follows(before: StorageTransition, next: StorageTransition): boolean {
  const from = before.storageClass.toString();
  const stay = INFREQUENT_ACCESS.includes(from) ? INFREQUENT_ACCESS_DAYS : 1;
  return COLDER[from]?.includes(next.storageClass.toString()) === true && daysOf(next.after) >= daysOf(before.after) + stay;
}

function notAfter(expiration: Duration | undefined, transitions: readonly StorageTransition[]): boolean {
  return expiration !== undefined && transitions.some(({ after }) => daysOf(expiration) <= daysOf(after));
}

const shown = (expiration: Duration, transitions: readonly StorageTransition[]): string =>
  `deleted after ${expiration.toHumanString()}, moved after ${transitions.map(({ after }) => after.toHumanString()).join(', ')}`;

/** What S3 would reject of the archive tiers. */
export function archiveProblems({ archiveAfter, deepArchiveAfter }: ArchiveTiers): Problem[] {
  const within = (value: Duration | undefined, min: number): boolean =>
    value === undefined || (Number.isInteger(daysOf(value)) && daysOf(value) >= min && daysOf(value) <= 730);
  const inOrder = !archiveAfter || !deepArchiveAfter || daysOf(deepArchiveAfter) > daysOf(archiveAfter);
  if (within(archiveAfter, 90) && within(deepArchiveAfter, 180) && inOrder) return [];
  const received = [
    archiveAfter && `archive after ${archiveAfter.toHumanString()}`,
    deepArchiveAfter && `deep archive after ${deepArchiveAfter.toHumanString()}`,
  ];
  return [{ ...REFUSALS.archiveTier, received: received.filter(Boolean).join(', ') }];
}

function wholeDays(prop: string, value: Duration | undefined, min = 1): Problem[] {
  if (!value) return [];
  const days = daysOf(value);
  return Number.isInteger(days) && days >= min ? [] : [{ ...REFUSALS.wholeDays, received: `${prop}: ${value.toHumanString()}` }];
}
