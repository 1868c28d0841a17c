import { join } from 'node:path';
import { everyOption } from './every-option';
import { changes, expectUnchanged, statefulResources } from './stateful';

test('no release replaces or orphans what an earlier one deployed', () => {
  expectUnchanged(join(__dirname, 'baseline.json'), everyOption('aws', {}));
});

describe('changes', () => {
  const bucket = { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain', Properties: { BucketName: 'raw', Tags: [] } };
  const resources = (Resources: Record<string, object>) =>
    statefulResources({ Lake: { Resources: Resources as Record<string, typeof bucket> } });
  const before = resources({ Raw: bucket });

  test('what is changed in place is none', () => {
    expect(changes(before, resources({ Raw: { ...bucket, Properties: { BucketName: 'raw', Tags: ['x'] } } }))).toEqual([]);
  });

  test('a new logical id orphans the bucket that was kept', () => {
    expect(changes(before, resources({ Raw2: bucket }))).toEqual([
      expect.stringMatching(/^Lake, Raw \(AWS::S3::Bucket\) would be orphaned: an empty bucket/),
      expect.stringMatching(/^Lake, Raw2 \(AWS::S3::Bucket\) is new/),
    ]);
  });

  test('a new logical id deletes what is not kept', () => {
    const alias = resources({ Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/lake' } } });
    expect(changes(alias, resources({}))).toEqual([expect.stringMatching(/^Lake, Alias \(AWS::KMS::Alias\) would be deleted/)]);
  });

  test('a stack that is gone takes its resources with it', () => {
    expect(changes(before, {})).toEqual([expect.stringMatching(/would be orphaned/)]);
  });

  test.each([
    ['another name', { ...bucket, Properties: { BucketName: 'other' } }, 'BucketName is "other" instead of "raw"'],
    ['no name', { ...bucket, Properties: {} }, 'BucketName is undefined instead of "raw"'],
    ['object lock', { ...bucket, Properties: { BucketName: 'raw', ObjectLockEnabled: true } }, 'ObjectLockEnabled is true'],
    ['another type', { ...bucket, Type: 'AWS::KMS::Key', Properties: {} }, 'Type is "AWS::KMS::Key"'],
    ['no deletion policy', { ...bucket, DeletionPolicy: undefined }, 'would have another fate: DeletionPolicy is undefined'],
  ])('%s is one', (_what, after, expected) => {
    expect(changes(before, resources({ Raw: after })).join()).toContain(expected);
  });

  test('a type of which nothing is known is refused', () => {
    expect(() => resources({ Queue: { Type: 'AWS::SQS::Queue' } })).toThrow('AWS::SQS::Queue');
  });
});
