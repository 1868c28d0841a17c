import { Match, Template } from 'aws-cdk-lib/assertions';
import { StorageClass } from 'aws-cdk-lib/aws-s3';
import { Duration } from 'aws-cdk-lib/core';
import { HardenedBucket, ObjectEncryption, Versioning, type BucketOptions } from '../src';
import { newStack } from './support/synth';

const days = (count: number) => Duration.days(count);
const move = (storageClass: StorageClass, after: number) => ({ storageClass, after: days(after) });

const bucketOf = (options: BucketOptions) => {
  const stack = newStack();
  new HardenedBucket(stack, 'Bucket', { encryption: ObjectEncryption.s3Managed('a test'), ...options });
  return Template.fromStack(stack);
};
const hasRules = (options: BucketOptions, ...rules: object[]) => {
  const enabled = rules.map((rule) => ({ ...rule, Status: 'Enabled' }));
  bucketOf(options).hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: Match.objectEquals({ Rules: enabled, TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K' }),
  });
};

const ABORT = { Id: 'abort-incomplete-uploads', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } };
const MARKERS = { Id: 'remove-expired-delete-markers', ExpiredObjectDeleteMarker: true };

test('a bucket without versions only aborts incomplete uploads', () => {
  hasRules({ versioning: Versioning.disabled() }, ABORT);
  bucketOf({ versioning: Versioning.disabled() }).hasResourceProperties('AWS::S3::Bucket', { VersioningConfiguration: Match.absent() });
});

test('each idea is a rule of its own', () => {
  hasRules(
    {
      retention: days(400),
      transitions: [move(StorageClass.INFREQUENT_ACCESS, 30), move(StorageClass.GLACIER, 90)],
      versioning: Versioning.expiringAfter(days(60), { transitions: [move(StorageClass.GLACIER_INSTANT_RETRIEVAL, 1)], keepNewest: 3 }),
    },
    ABORT,
    {
      Id: 'transition-objects',
      Transitions: [
        { StorageClass: 'STANDARD_IA', TransitionInDays: 30 },
        { StorageClass: 'GLACIER', TransitionInDays: 90 },
      ],
    },
    { Id: 'expire-objects', ExpirationInDays: 400 },
    { Id: 'transition-noncurrent-versions', NoncurrentVersionTransitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 1 }] },
    { Id: 'expire-noncurrent-versions', NoncurrentVersionExpiration: { NewerNoncurrentVersions: 3, NoncurrentDays: 60 } },
    MARKERS,
  );
});

test('versions are kept for ever when a reason is given', () => {
  hasRules({ versioning: Versioning.keepingAll('every version counts') }, ABORT, MARKERS);
});

test('a versioning says what it is', () => {
  expect(Versioning.disabled()).toMatchObject({ enabled: false, noncurrentExpiration: undefined, noncurrentTransitions: [] });
  expect(Versioning.keepingAll('every version counts')).toMatchObject({ enabled: true, keepReason: 'every version counts' });
  expect(Versioning.expiringAfter(days(1))).toMatchObject({ enabled: true, noncurrentTransitions: [], keepNewest: undefined });
  expect(Versioning.expiringAfter(days(1), { transitions: undefined, keepNewest: undefined })).toEqual(Versioning.expiringAfter(days(1)));
});

test('archive tiers, one or both, up to their limits', () => {
  const tiers = (options: BucketOptions) => {
    const [bucket] = Object.values(
      bucketOf(options).findResources('AWS::S3::Bucket') as Record<string, { Properties: Record<string, unknown> }>,
    );
    return bucket.Properties.IntelligentTieringConfigurations;
  };
  const archive = { AccessTier: 'ARCHIVE_ACCESS', Days: 90 };
  const deepArchive = { AccessTier: 'DEEP_ARCHIVE_ACCESS', Days: 730 };
  const configuration = (...Tierings: object[]) => [{ Id: 'archive-tiers', Status: 'Enabled', Tierings }];
  expect(tiers({ archiveTiers: { archiveAfter: days(90) } })).toEqual(configuration(archive));
  expect(tiers({ archiveTiers: { deepArchiveAfter: days(730) } })).toEqual(configuration(deepArchive));
  expect(tiers({ archiveTiers: { archiveAfter: days(90), deepArchiveAfter: days(730) } })).toEqual(configuration(archive, deepArchive));
  expect(tiers({ archiveTiers: { archiveAfter: undefined, deepArchiveAfter: undefined } })).toBeUndefined();
});
