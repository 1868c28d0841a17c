import { Template } from 'aws-cdk-lib/assertions';
import { StorageClass as S3Class } from 'aws-cdk-lib/aws-s3';
import { Duration } from 'aws-cdk-lib/core';
import fc from 'fast-check';
import { HardenedBucket, ObjectEncryption, Versioning, type BucketOptions, type StorageTransition } from '../src';
import { violations, type LifecycleRule, type Transition } from './support/s3-lifecycle-rules';
import { newStack } from './support/synth';
import { drawn } from '../../../projenrc/test/thorough';

const IN_ORDER = ['STANDARD_IA', 'INTELLIGENT_TIERING', 'ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'];

/** What a user says, in numbers. Days that are not whole are written as hours. */
interface Choices {
  readonly transitions: readonly Transition[];
  readonly retention?: number;
  readonly noncurrent?: { readonly expiration?: number; readonly transitions: readonly Transition[]; readonly keepNewest?: number };
}

/** Around the limits of S3, and between them. */
const days = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(0, 1, 7, 29, 30, 31, 59, 60, 61, 90, 365) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 800 }) },
  { weight: 1, arbitrary: fc.constant(30.5) },
);

const anyTransitions: fc.Arbitrary<readonly Transition[]> = fc.array(
  fc.record({ StorageClass: fc.constantFrom(...IN_ORDER, 'STANDARD', 'REDUCED_REDUNDANCY', 'SNOW'), TransitionInDays: days }),
  { maxLength: 3 },
);

/** Colder and colder, at ages that grow: nearly what S3 wants. */
const plausibleTransitions: fc.Arbitrary<readonly Transition[]> = fc
  .tuple(fc.subarray(IN_ORDER), fc.constantFrom(0, 29, 30, 31), fc.array(fc.constantFrom(1, 29, 30, 31), { minLength: 6, maxLength: 6 }))
  .map(([classes, first, gaps]) =>
    classes.map((StorageClass, index) => ({
      StorageClass,
      TransitionInDays: first + gaps.slice(0, index).reduce((sum, gap) => sum + gap, 0),
    })),
  );

const transitions = fc.oneof({ weight: 1, arbitrary: anyTransitions }, { weight: 3, arbitrary: plausibleTransitions });

const choices: fc.Arbitrary<Choices> = fc.record(
  {
    transitions,
    retention: days,
    noncurrent: fc.oneof(
      fc.record({ transitions: fc.constant([]) }),
      fc.record(
        { expiration: days, transitions, keepNewest: fc.constantFrom(0, 1, 1.5, 100, 101) },
        { requiredKeys: ['expiration', 'transitions'] },
      ),
    ),
  },
  { requiredKeys: ['transitions'] },
);

const duration = (count: number): Duration => (Number.isInteger(count) ? Duration.days(count) : Duration.hours(count * 24));
const storage = (moves: readonly Transition[]): StorageTransition[] =>
  moves.map(({ StorageClass: to, TransitionInDays }) => ({ storageClass: new S3Class(to), after: duration(TransitionInDays) }));

function options({ transitions: moves, retention, noncurrent }: Choices): BucketOptions {
  const versioning = (): Versioning => {
    if (!noncurrent) return Versioning.disabled();
    const { expiration, keepNewest } = noncurrent;
    if (expiration === undefined) return Versioning.keepingAll('a test');
    return Versioning.expiringAfter(duration(expiration), { transitions: storage(noncurrent.transitions), keepNewest });
  };
  return {
    transitions: storage(moves),
    retention: retention === undefined ? undefined : duration(retention),
    versioning: versioning(),
  };
}

/** The same as S3 would be told it, without our code in between. */
function asS3IsTold({ transitions: Transitions, retention, noncurrent }: Choices): readonly LifecycleRule[] {
  const on = (Id: string, rule: Partial<LifecycleRule>): LifecycleRule => ({ Id, Status: 'Enabled', ...rule });
  return [
    on('current', { Transitions, ExpirationInDays: retention }),
    on('noncurrent', {
      NoncurrentVersionTransitions: noncurrent?.transitions,
      NoncurrentVersionExpiration:
        noncurrent?.expiration === undefined
          ? undefined
          : { NoncurrentDays: noncurrent.expiration, NewerNoncurrentVersions: noncurrent.keepNewest },
    }),
  ];
}

/** The rules that are rendered, or the error. */
function attempt(chosen: Choices): readonly LifecycleRule[] | Error {
  const stack = newStack();
  try {
    new HardenedBucket(stack, 'Bucket', { encryption: ObjectEncryption.s3Managed('a test'), ...options(chosen) });
  } catch (error) {
    return error as Error;
  }
  const [bucket] = Object.values(
    Template.fromStack(stack).findResources('AWS::S3::Bucket') as Record<
      string,
      { Properties: { LifecycleConfiguration: { Rules: readonly LifecycleRule[] } } }
    >,
  );
  return bucket.Properties.LifecycleConfiguration.Rules;
}

/** S3 takes transitions in any order; we want them in the order in which they happen. */
const inTime = (moves: readonly Transition[]): boolean =>
  moves.every(({ TransitionInDays }, index) => index === 0 || TransitionInDays >= moves[index - 1].TransitionInDays);

test('a lifecycle is refused exactly when S3 would reject it, or its transitions are out of order', () => {
  const seen = { refused: 0, accepted: 0 };
  fc.assert(
    fc.property(choices, (chosen) => {
      const result = attempt(chosen);
      const forbidden = violations(asS3IsTold(chosen));
      const ordered = inTime(chosen.transitions) && inTime(chosen.noncurrent?.transitions ?? []);
      if (result instanceof Error) {
        seen.refused += 1;
        expect(result.message).toMatch(/^DW101[1-9] /);
        expect({ forbidden: forbidden.length > 0, ordered }).not.toEqual({ forbidden: false, ordered: true });
      } else {
        seen.accepted += 1;
        expect(violations(result)).toEqual([]);
        expect(forbidden).toEqual([]);
      }
    }),
    { numRuns: drawn(400), seed: 20261124 },
  );
  // The generator reaches both sides.
  expect(seen.accepted).toBeGreaterThan(drawn(400) / 20);
  expect(seen.refused).toBeGreaterThan(drawn(400) / 20);
});

test('what the rules of S3 are checked with finds what they forbid', () => {
  const rule = (parts: Partial<LifecycleRule>) => violations([{ Id: 'x', Status: 'Enabled', ...parts }]);
  const move = (StorageClass: string, TransitionInDays: number): Transition => ({ StorageClass, TransitionInDays });
  expect(rule({ Transitions: [move('STANDARD_IA', 30), move('GLACIER', 60)], ExpirationInDays: 61 })).toEqual([]);
  const forbidden: ReadonlyArray<Partial<LifecycleRule>> = [
    { Transitions: [move('STANDARD_IA', 29)] },
    { Transitions: [move('STANDARD', 30)] },
    { Transitions: [move('GLACIER', 1.5)] },
    { Transitions: [move('GLACIER', 10), move('GLACIER_IR', 20)] },
    { Transitions: [move('STANDARD_IA', 30), move('GLACIER', 59)] },
    { Transitions: [move('GLACIER', 30)], ExpirationInDays: 30 },
    { NoncurrentVersionTransitions: [move('GLACIER', 0)] },
    { NoncurrentVersionTransitions: [move('GLACIER', 30)], NoncurrentVersionExpiration: { NoncurrentDays: 30 } },
    { NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 101 } },
    { ExpirationInDays: 0 },
    { ExpirationInDays: 1, ExpiredObjectDeleteMarker: true },
    { Status: 'On' },
  ];
  for (const parts of forbidden) expect([parts, rule(parts)]).toEqual([parts, [expect.stringContaining('https://docs.aws.amazon.com/')]]);
});
