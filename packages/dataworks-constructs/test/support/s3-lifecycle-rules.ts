/** The parts of `AWS::S3::Bucket.LifecycleConfiguration` that lifecycles of ours use. */
export interface LifecycleRule {
  readonly Id: string;
  readonly Status: string;
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation: number };
  readonly ExpirationInDays?: number;
  readonly ExpiredObjectDeleteMarker?: boolean;
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number; readonly NewerNoncurrentVersions?: number };
  readonly NoncurrentVersionTransitions?: readonly Transition[];
  readonly Transitions?: readonly Transition[];
}

export interface Transition {
  readonly StorageClass: string;
  readonly TransitionInDays: number;
}

const USER_GUIDE = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide';

/**
 * The waterfall of storage classes, as its figure shows it: below each class those that it can move to.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html#lifecycle-general-considerations-transition-sc
 */
const WATERFALL: ReadonlyMap<string, readonly string[]> = new Map([
  ['STANDARD', ['STANDARD_IA', 'INTELLIGENT_TIERING', 'ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE']],
  ['STANDARD_IA', ['INTELLIGENT_TIERING', 'ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE']],
  ['INTELLIGENT_TIERING', ['ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE']],
  ['ONEZONE_IA', ['GLACIER', 'DEEP_ARCHIVE']],
  ['GLACIER_IR', ['GLACIER', 'DEEP_ARCHIVE']],
  ['GLACIER', ['DEEP_ARCHIVE']],
  ['DEEP_ARCHIVE', []],
]);

/**
 * What S3 says against the lifecycle of a bucket, by its documentation alone. All rules apply to the whole bucket.
 *
 * @returns a sentence and its source for each thing that S3 would reject
 */
export function violations(rules: readonly LifecycleRule[]): readonly string[] {
  const current = rules.flatMap(({ Transitions = [] }) => Transitions);
  const noncurrent = rules.flatMap(({ NoncurrentVersionTransitions = [] }) => NoncurrentVersionTransitions);
  const expirations = rules.flatMap(({ ExpirationInDays }) => ExpirationInDays ?? []);
  const noncurrentExpirations = rules.flatMap(({ NoncurrentVersionExpiration }) => NoncurrentVersionExpiration ?? []);
  return [
    ...rules
      .filter((rule) => rule.ExpiredObjectDeleteMarker && rule.ExpirationInDays !== undefined)
      .map(() => `ExpiredObjectDeleteMarker stands in no rule with days (${USER_GUIDE}/intro-lifecycle-rules.html)`),
    ...rules
      .filter(({ Status }) => Status !== 'Enabled' && Status !== 'Disabled')
      .map(({ Status }) => `${Status} is no status (${USER_GUIDE}/intro-lifecycle-rules.html)`),
    ...(new Set(rules.map(({ Id }) => Id)).size === rules.length ? [] : [`ids are unique (${USER_GUIDE}/intro-lifecycle-rules.html)`]),
    ...notPositive('ExpirationInDays', expirations),
    ...notPositive(
      'NoncurrentDays',
      noncurrentExpirations.map(({ NoncurrentDays }) => NoncurrentDays),
    ),
    ...notPositive(
      'TransitionInDays of noncurrent versions',
      noncurrent.map(({ TransitionInDays }) => TransitionInDays),
    ),
    ...noncurrentExpirations
      .filter(({ NewerNoncurrentVersions: kept }) => kept !== undefined && !(Number.isInteger(kept) && kept >= 1 && kept <= 100))
      .map(() => `1 to 100 noncurrent versions are kept (${USER_GUIDE}/intro-lifecycle-rules.html#intro-lifecycle-rules-actions)`),
    ...transitionViolations(current),
    ...transitionViolations(noncurrent),
    ...notAfter(expirations, current),
    ...notAfter(
      noncurrentExpirations.map(({ NoncurrentDays }) => NoncurrentDays),
      noncurrent,
    ),
  ];
}

const notPositive = (what: string, days: readonly number[]): readonly string[] =>
  days
    .filter((count) => !Number.isInteger(count) || count < 1)
    .map(
      (count) => `${what} ${count} is no positive integer (https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleExpiration.html)`,
    );

function transitionViolations(transitions: readonly Transition[]): readonly string[] {
  const considerations = `(${USER_GUIDE}/lifecycle-transition-general-considerations.html)`;
  const inTime = [...transitions].sort((a, b) => a.TransitionInDays - b.TransitionInDays);
  return [
    ...transitions
      .filter(({ TransitionInDays: days }) => !Number.isInteger(days) || days < 0)
      .map(
        ({ TransitionInDays }) =>
          `TransitionInDays ${TransitionInDays} is no whole number (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Transition.html)`,
      ),
    ...transitions
      .filter(({ StorageClass: to }) => !WATERFALL.get('STANDARD')!.includes(to))
      .map(({ StorageClass }) => `objects do not move to ${StorageClass} ${considerations}`),
    ...transitions
      .filter(({ StorageClass: to, TransitionInDays: days }) => isInfrequentAccess(to) && days < 30)
      .map(({ StorageClass }) => `objects stay 30 days in S3 Standard before ${StorageClass} ${considerations}`),
    ...inTime.flatMap((from, index) =>
      inTime
        .slice(index + 1)
        .flatMap((to) => [
          ...(to.TransitionInDays > from.TransitionInDays ? [] : [`two transitions on day ${to.TransitionInDays} ${considerations}`]),
          ...(WATERFALL.get(from.StorageClass)?.includes(to.StorageClass) === false
            ? [`from ${from.StorageClass} objects do not move to ${to.StorageClass} ${considerations}`]
            : []),
          ...(isInfrequentAccess(from.StorageClass) && to.TransitionInDays < from.TransitionInDays + 30
            ? [`objects stay 30 days in ${from.StorageClass} ${considerations}`]
            : []),
        ]),
    ),
  ];
}

const isInfrequentAccess = (storageClass: string): boolean => storageClass === 'STANDARD_IA' || storageClass === 'ONEZONE_IA';

const notAfter = (expirations: readonly number[], transitions: readonly Transition[]): readonly string[] =>
  expirations.flatMap((days) =>
    transitions
      .filter(({ TransitionInDays }) => days <= TransitionInDays)
      .map(
        ({ TransitionInDays }) =>
          `what expires on day ${days} does not move on day ${TransitionInDays} (${USER_GUIDE}/lifecycle-configuration-examples.html)`,
      ),
  );
