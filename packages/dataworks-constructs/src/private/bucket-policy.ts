import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Stack } from 'aws-cdk-lib/core';
import type { ObjectEncryption } from '../object-encryption';

const ALGORITHM = 's3:x-amz-server-side-encryption';
const KEY_ID = 's3:x-amz-server-side-encryption-aws-kms-key-id';

/** Negated operators match a request that lacks the key: each has to ask for its presence too. */
const given = (key: string): Record<string, unknown> => ({ Null: { [key]: 'false' } });

/**
 * A PUT that names no encryption gets the bucket's own, and is fine. One that names another is refused.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms
 */
export function encryptionStatements(bucket: IBucket, encryption: ObjectEncryption): PolicyStatement[] {
  const deny = (sid: string, conditions: Record<string, unknown>): PolicyStatement =>
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects('*')],
      conditions,
    });
  const keyArns = encryption._keys().map(({ keyArn }) => keyArn);
  const algorithm = encryption.key ? 'aws:kms' : 'AES256';
  const wrongAlgorithm = deny('DenyOtherAlgorithm', { ...given(ALGORITHM), StringNotEquals: { [ALGORITHM]: algorithm } });
  if (keyArns.length === 0) return [wrongAlgorithm];
  return [
    wrongAlgorithm,
    deny('DenyOtherKey', { ...given(KEY_ID), ArnNotEquals: { [KEY_ID]: keyArns } }),
    // S3 takes the key that AWS manages, not the bucket's, when a request says aws:kms and no more.
    deny('DenyUnnamedKey', { StringEquals: { [ALGORITHM]: 'aws:kms' }, Null: { [KEY_ID]: 'true' } }),
  ];
}

/** What reads, writes, changes or deletes objects. Not the bucket's own settings: the deployment must stay able to mend them. */
const OBJECT_ACTIONS = ['s3:*Object*', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'];

/**
 * Nobody but the named principals calls S3 for objects below a prefix, whatever their IAM policies say.
 *
 * AWS services are exempt, those that act by themselves and those that act for somebody (forward access sessions, like
 * Athena's). The latter keep `aws:PrincipalArn`: the exemption is for all who may use such a service, not for the
 * named principals alone.
 */
export function restrictionStatement(bucket: IBucket, prefix: string, allowed: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: OBJECT_ACTIONS,
    resources: [bucket.arnForObjects(`${prefix}*`)],
    conditions: {
      ArnNotLike: { 'aws:PrincipalArn': allowed },
      // A request that does not say counts as one that no service makes.
      BoolIfExists: { 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' },
    },
  });
}

/**
 * Let S3 deliver the access log of `source`.
 *
 * @param source undefined: any bucket of the account. The log bucket cannot name a bucket of another stack that
 * names the log bucket: CloudFormation could create neither first.
 */
export function deliveryStatement(logs: IBucket, source: IBucket | undefined, prefix: string): PolicyStatement {
  const { partition, account } = Stack.of(logs);
  return new PolicyStatement({
    principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
    actions: ['s3:PutObject'],
    resources: [logs.arnForObjects(`${prefix}*`)],
    conditions: {
      ArnLike: { 'aws:SourceArn': source?.bucketArn ?? `arn:${partition}:s3:::*` },
      StringEquals: { 'aws:SourceAccount': account },
    },
  });
}
