import type { Case } from '../case';
import type { Check } from '../check';
import { CONTROLS } from '../controls';
import { at, flat, list } from '../json';
import { condition, denies, exactly, type Condition } from '../statements';

const type = 'AWS::S3::Bucket';

const ALGORITHM = 's3:x-amz-server-side-encryption';
const KEY_ID = 's3:x-amz-server-side-encryption-aws-kms-key-id';

/** The one rule of the bucket's default encryption. */
const encryptionRule = (bucket: Case): unknown => {
  const [rule, ...others] = list(bucket.property('BucketEncryption', 'ServerSideEncryptionConfiguration'));
  return others.length === 0 ? rule : undefined;
};

const algorithmOf = (bucket: Case): string => flat(at(encryptionRule(bucket), 'ServerSideEncryptionByDefault', 'SSEAlgorithm'));
const keyOf = (bucket: Case): string => flat(at(encryptionRule(bucket), 'ServerSideEncryptionByDefault', 'KMSMasterKeyID'));

/** Only a construct of ours promises these: what a plain bucket denies is its own affair. */
const deniesPut = (bucket: Case, ...conditions: Condition[]): string | undefined => {
  const { bucketStatements: statements, bucketArns } = bucket;
  if (!statements) return undefined; // said of the policy itself
  const resources = [bucketArns.map((arn) => `${arn}/*`)];
  return denies(statements, { actions: ['s3:PutObject'], resources, conditions: exactly(...conditions) }) ? undefined : 'no such denial';
};

const given = (key: string): Condition => condition('Null', key, 'false');

export const S3_ENCRYPTION: readonly Check[] = [
  {
    id: 'DataWorks-S3-DefaultKey',
    type,
    rule: 'Objects are encrypted by the key that the construct was given.',
    consequence: 'They would be readable for whoever may use another key, or for everybody who may read the bucket.',
    fix: 'pass the key to the construct, and leave bucketEncryption as it wrote it',
    controls: CONTROLS.encryption,
    covers: ['S3DefaultEncryptionKMS'],
    fault: (bucket) => {
      const algorithm = algorithmOf(bucket);
      const key = keyOf(bucket);
      const found = `${algorithm || 'no algorithm'} with ${key || 'no key'}`;
      const { encryption } = bucket.intent.bucket ?? {};
      if (!encryption) return algorithm.startsWith('aws:kms') && !['', 'alias/aws/s3'].includes(key) ? undefined : found;
      if (!encryption.key) return algorithm === 'AES256' ? undefined : found;
      return algorithm === 'aws:kms' && key === flat(bucket.written(encryption.key.keyArn)) ? undefined : found;
    },
  },
  {
    id: 'DataWorks-S3-BucketKey',
    type,
    rule: 'A bucket that is encrypted by a KMS key has a bucket key.',
    consequence: 'Every object would cost a request to KMS, up to a hundred times as many.',
    fix: 'leave bucketKeyEnabled as the construct wrote it',
    controls: CONTROLS.encryption,
    fault: (bucket) => {
      if (!algorithmOf(bucket).startsWith('aws:kms') || at(encryptionRule(bucket), 'BucketKeyEnabled') === true) return undefined;
      return `BucketKeyEnabled ${flat(at(encryptionRule(bucket), 'BucketKeyEnabled')) || 'not given'}`;
    },
  },
  {
    id: 'DataWorks-S3-CustomerProvidedKeys',
    type,
    rule: 'Encryption by keys that a request brings along (SSE-C) is blocked.',
    consequence: 'Somebody with write access could encrypt the data by a key that only he has, and ask for a ransom.',
    fix: 'leave blockedEncryptionTypes as the construct wrote it',
    controls: CONTROLS.encryption,
    fault: (bucket) => {
      const blocked = list(at(encryptionRule(bucket), 'BlockedEncryptionTypes', 'EncryptionType')).map(flat);
      return blocked.includes('SSE-C') ? undefined : `blocked: ${blocked.join(', ') || 'none'}`;
    },
  },
  {
    id: 'DataWorks-S3-OtherAlgorithm',
    type,
    rule: 'A request that asks for another algorithm than the bucket’s is denied.',
    consequence: 'Objects could be written that the key of the bucket does not protect.',
    fix: 'leave the statement DenyOtherAlgorithm as the construct wrote it',
    controls: CONTROLS.encryption,
    fault: (bucket) => {
      const { encryption } = bucket.intent.bucket ?? {};
      if (!encryption) return undefined;
      return deniesPut(bucket, given(ALGORITHM), condition('StringNotEquals', ALGORITHM, encryption.key ? 'aws:kms' : 'AES256'));
    },
  },
  {
    id: 'DataWorks-S3-OtherKey',
    type,
    rule: 'A request that names another key than those of the construct is denied.',
    consequence: 'Objects could be written by a key of a stranger, who then decides who reads them.',
    fix: 'pass additionalKeys to the construct, and leave the statement DenyOtherKey as it wrote it',
    controls: CONTROLS.encryption,
    fault: (bucket) => {
      const { key, additionalKeys = [] } = bucket.intent.bucket?.encryption ?? {};
      if (!key) return undefined;
      const arns = [key, ...additionalKeys].map(({ keyArn }) => flat(bucket.written(keyArn)));
      return deniesPut(bucket, given(KEY_ID), condition('ArnNotEquals', KEY_ID, ...arns));
    },
  },
  {
    id: 'DataWorks-S3-UnnamedKey',
    type,
    rule: 'A request that asks for KMS and names no key is denied.',
    consequence: 'S3 would take the key that AWS manages, whose policy nobody can limit.',
    fix: 'leave the statement DenyUnnamedKey as the construct wrote it',
    controls: CONTROLS.encryption,
    fault: (bucket) =>
      bucket.intent.bucket?.encryption.key &&
      deniesPut(bucket, condition('StringEquals', ALGORITHM, 'aws:kms'), condition('Null', KEY_ID, 'true')),
  },
];
