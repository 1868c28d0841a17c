import { StorageClass } from 'aws-cdk-lib/aws-s3';
import { Duration } from 'aws-cdk-lib/core';
import type { Case } from './case';
import { at, flat, list, number } from './json';
import type { LifecycleChoices, StorageTransition } from '../lifecycle';
import { Versioning } from '../versioning';

/** A rule of a bucket's lifecycle as it was rendered. */
export interface LifecycleRule {
  /** Which objects it is about: the same text for the same objects, empty for the whole bucket. */
  readonly filter: string;
  /** Whether it is in force whatever the parameters of the deployment. */
  readonly certain: boolean;
  readonly transitions: readonly unknown[];
  readonly noncurrentTransitions: readonly unknown[];
  /** Days, as all that follow; NaN for a date, or where only the deployment knows. */
  readonly expiration?: number;
  readonly noncurrentExpiration?: number;
  readonly keepsNewest: number;
  readonly abortsUploadsAfter?: number;
}

const FILTERS = ['Prefix', 'TagFilters', 'ObjectSizeGreaterThan', 'ObjectSizeLessThan'];

/** The rules that are or may be in force. */
export function lifecycleOf(bucket: Case): LifecycleRule[] {
  return list(bucket.property('LifecycleConfiguration', 'Rules'))
    .filter((rule) => at(rule, 'Status') !== 'Disabled')
    .map((rule) => ({
      filter: FILTERS.map((name) => flat(at(rule, name)))
        .filter((value) => value !== '')
        .join(' '),
      certain: at(rule, 'Status') === 'Enabled',
      transitions: [...list(at(rule, 'Transitions')), ...list(at(rule, 'Transition'))],
      noncurrentTransitions: [...list(at(rule, 'NoncurrentVersionTransitions')), ...list(at(rule, 'NoncurrentVersionTransition'))],
      expiration: at(rule, 'ExpirationDate') === undefined ? number(at(rule, 'ExpirationInDays')) : NaN,
      noncurrentExpiration: number(
        at(rule, 'NoncurrentVersionExpiration', 'NoncurrentDays') ?? at(rule, 'NoncurrentVersionExpirationInDays'),
      ),
      keepsNewest: number(at(rule, 'NoncurrentVersionExpiration', 'NewerNoncurrentVersions')) ?? 0,
      abortsUploadsAfter: number(at(rule, 'AbortIncompleteMultipartUpload', 'DaysAfterInitiation')),
    }));
}

/** The days that rules about the whole bucket give for something; undefined: there is none that is in force in any case. */
export function daysFor(bucket: Case, what: 'expiration' | 'noncurrentExpiration' | 'abortsUploadsAfter'): number | undefined {
  const days = lifecycleOf(bucket)
    .filter(({ filter, certain }) => certain && filter === '')
    .map((rule) => rule[what])
    .filter((value) => value !== undefined);
  return days.length === 0 ? undefined : Math.min(...days);
}

/** An age as a finding says it. */
export const shownDays = (days: number | undefined): string => (Number.isNaN(days) ? 'a time that is no number of days' : `${days} days`);

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

function firstDays(values: ReadonlyArray<number | undefined>): Duration | undefined {
  const days = values.filter((value): value is number => value !== undefined && !Number.isNaN(value));
  return days.length === 0 ? undefined : Duration.days(Math.min(...days));
}

/** Those with an age in days: by age, as S3 compares them. A move at a date has no age. */
function moves(transitions: readonly unknown[]): StorageTransition[] {
  return transitions
    .map((transition) => ({ days: number(at(transition, 'TransitionInDays')), storageClass: flat(at(transition, 'StorageClass')) }))
    .filter((move): move is { days: number; storageClass: string } => move.days !== undefined && !Number.isNaN(move.days))
    .sort((one, other) => one.days - other.days)
    .map(({ days, storageClass }) => ({ storageClass: new StorageClass(storageClass), after: Duration.days(days) }));
}
