import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Stack } from 'aws-cdk-lib/core';
import type { ObjectEncryption } from '../object-encryption';
import { actingFor, grantUnder, type Conditions } from './conditional-grants';
import { refuse } from './errors';
import { grantThroughS3 } from './key-policy';
import { REFUSALS } from './refusals';

/** What a right over objects consists of: in the bucket, and with the key. Named one by one, without wildcards. */
export interface ObjectAccess {
  readonly object: string[];
  /** On the bucket itself, for keys below the prefix only. */
  readonly list: string[];
  readonly key: string[];
}

export const READ: ObjectAccess = {
  object: ['s3:GetObject', 's3:GetObjectTagging', 's3:GetObjectVersion', 's3:GetObjectVersionTagging'],
  list: ['s3:ListBucket', 's3:ListBucketVersions'],
  key: ['kms:Decrypt'],
};

/** S3 decrypts the data key of an upload when it joins its parts. */
export const WRITE: ObjectAccess = {
  object: ['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts', 's3:PutObject', 's3:PutObjectTagging'],
  list: [],
  key: ['kms:Decrypt', 'kms:GenerateDataKey'],
};

export const DELETE: ObjectAccess = { object: ['s3:DeleteObject'], list: [], key: [] };

export function together(...accesses: ObjectAccess[]): ObjectAccess {
  const union = (part: keyof ObjectAccess) => [...new Set(accesses.flatMap((access) => access[part]))].sort();
  return { object: union('object'), list: union('list'), key: union('key') };
}

/** Grant a right over the objects whose keys match `pattern`, with the use of the keys that encrypt them. Throws DW1030. */
export function grantObjects(
  bucket: IBucket,
  encryption: ObjectEncryption,
  grantee: IGrantable,
  access: ObjectAccess,
  pattern = '*',
): Grant {
  refuse(bucket, pattern === '' ? [{ ...REFUSALS.emptyPattern, received: "''" }] : []);
  const source = actingFor(Stack.of(bucket).account, grantee);
  const on = (actions: string[], resource: string, conditions: Conditions = {}): Grant =>
    grantUnder({ ...conditions, ...source }, { grantee, actions, resourceArns: [resource], resource: bucket });

  let grant = on(access.object, bucket.arnForObjects(pattern));
  if (access.list.length > 0) {
    grant = grant
      .combine(on(access.list, bucket.bucketArn, pattern === '*' ? {} : { StringLike: { 's3:prefix': pattern } }))
      .combine(on(['s3:GetBucketLocation'], bucket.bucketArn));
  }
  for (const key of access.key.length > 0 ? encryption._keys() : []) {
    grant = grant.combine(grantThroughS3(bucket, key, grantee, access.key));
  }
  return grant;
}
