import { StorageClass } from 'aws-cdk-lib/aws-s3';
import { Duration } from 'aws-cdk-lib/core';
import type { Case } from './case';
import { at, flat, list } from './json';
import type { LifecycleChoices, StorageTransition } from '../lifecycle';
import { Versioning } from '../versioning';

/** A rule of a bucket's lifecycle as it was rendered. */
export interface LifecycleRule {
  /** Which objects it is about: the same text for the same objects, empty for the whole bucket. */
  readonly filter: string;
  readonly transitions: readonly unknown[];
  readonly noncurrentTransitions: readonly unknown[];
  readonly expiration: unknown;
  readonly noncurrentExpiration: unknown;
  readonly abortsUploadsAfter: unknown;
}

const FILTERS = ['Prefix', 'TagFilters', 'ObjectSizeGreaterThan', 'ObjectSizeLessThan'];

/** The rules that are in force. */
export function lifecycleOf(bucket: Case): LifecycleRule[] {
  return list(bucket.property('LifecycleConfiguration', 'Rules'))
    .filter((rule) => at(rule, 'Status') === 'Enabled')
    .map((rule) => ({
      filter: FILTERS.map((name) => flat(at(rule, name)))
        .filter((value) => value !== '')
        .join(' '),
      transitions: [...list(at(rule, 'Transitions')), ...list(at(rule, 'Transition'))],
      noncurrentTransitions: [...list(at(rule, 'NoncurrentVersionTransitions')), ...list(at(rule, 'NoncurrentVersionTransition'))],
      expiration: at(rule, 'ExpirationInDays'),
      noncurrentExpiration: at(rule, 'NoncurrentVersionExpiration', 'NoncurrentDays') ?? at(rule, 'NoncurrentVersionExpirationInDays'),
      abortsUploadsAfter: at(rule, 'AbortIncompleteMultipartUpload', 'DaysAfterInitiation'),
    }));
}

/** A rule that is about the whole bucket, with the number of days that it gives for something. */
export function daysFor(bucket: Case, what: 'expiration' | 'noncurrentExpiration' | 'abortsUploadsAfter'): number | undefined {
  const days = lifecycleOf(bucket)
    .filter(({ filter }) => filter === '')
    .map((rule) => rule[what])
    .filter((value) => typeof value === 'number');
  return days.length === 0 ? undefined : Math.min(...days);
}

/** What the rules come to for each set of objects that they name, in the words of the constructs. */
export function choicesOf(bucket: Case): LifecycleChoices[] {
  const rules = lifecycleOf(bucket);
  return [...new Set(rules.map(({ filter }) => filter))].map((filter) => {
    const of = rules.filter((rule) => rule.filter === filter);
    const expiration = firstDays(of.map((rule) => rule.expiration));
    const noncurrentExpiration = firstDays(of.map((rule) => rule.noncurrentExpiration));
    const transitions = moves(of.flatMap((rule) => rule.transitions));
    return {
      versioning: noncurrentExpiration
        ? Versioning.expiringAfter(noncurrentExpiration, {
            transitions: moves(of.flatMap((rule) => rule.noncurrentTransitions)),
          })
        : Versioning.disabled(),
      transitions,
      retention: expiration,
    };
  });
}

function firstDays(values: readonly unknown[]): Duration | undefined {
  const days = values.filter((value) => typeof value === 'number');
  return days.length === 0 ? undefined : Duration.days(Math.min(...days));
}

/** Those with an age in days: by age, as S3 compares them. A move at a date has no age. */
function moves(transitions: readonly unknown[]): StorageTransition[] {
  return transitions
    .map((transition) => ({ days: at(transition, 'TransitionInDays'), storageClass: flat(at(transition, 'StorageClass')) }))
    .filter((move): move is { days: number; storageClass: string } => typeof move.days === 'number')
    .sort((one, other) => one.days - other.days)
    .map(({ days, storageClass }) => ({ storageClass: new StorageClass(storageClass), after: Duration.days(days) }));
}
