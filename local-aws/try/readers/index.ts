import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { kmsAliasReader } from './kms-alias';
import { kmsKeyReader } from './kms-key';
import type { Reader } from './reader';
import { s3BucketReader } from './s3-bucket';
import { s3BucketPolicyReader } from './s3-bucket-policy';
import { ssmParameterReader } from './ssm-parameter';

/** A reader for each resource type of our stacks; a type without one fails the read-back. */
export function readers(): ReadonlyMap<string, Reader> {
  const s3 = new S3Client({ forcePathStyle: true }); // no name resolution for bucket names on localhost
  const kms = new KMSClient();
  const ssm = new SSMClient();
  return new Map([
    ['AWS::KMS::Key', kmsKeyReader(kms)],
    ['AWS::KMS::Alias', kmsAliasReader(kms)],
    ['AWS::S3::Bucket', s3BucketReader(s3)],
    ['AWS::S3::BucketPolicy', s3BucketPolicyReader(s3)],
    ['AWS::SSM::Parameter', ssmParameterReader(ssm)],
  ]);
}
