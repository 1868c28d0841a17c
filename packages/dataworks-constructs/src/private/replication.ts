import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { BucketProps, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Stack, Token } from 'aws-cdk-lib/core';
import type { Construct, IConstruct } from 'constructs';
import { acknowledge, acknowledgeEveryObject, DECISIONS } from './acknowledgements';
import type { Problem } from './errors';
import { decidesAlone, grantThroughS3 } from './key-policy';
import { REFUSALS } from './refusals';
import { intend } from '../checks/intents';
import type { HardenedBucket } from '../hardened-bucket';
import type { ObjectEncryption } from '../object-encryption';
import type { Versioning } from '../versioning';

/** Whether versions of the bucket can be locked. */
export const isLocked = ({ objectLockEnabled }: CfnBucket): boolean => objectLockEnabled !== undefined && objectLockEnabled !== false;

/**
 * What S3 would reject, or silently not do, or CloudFormation could not create.
 *
 * @param encryption of the source; undefined: by a key that is not there yet
 */
export function replicationProblems(
  scope: IConstruct,
  encryption: ObjectEncryption | undefined,
  { versioning, locked }: { readonly versioning: Versioning; readonly locked: boolean },
  destination: HardenedBucket,
): Problem[] {
  const here = Stack.of(scope).account;
  const there = destination.bucket.env.account;
  const elsewhere = !Token.isUnresolved(here) && !Token.isUnresolved(there) && here !== there;
  const encrypted = encryption === undefined || encryption.key !== undefined;
  const replicaKeys = destination.encryption.key ? [destination.encryption.key] : [];
  const tiedElsewhere = [...(encryption?._keys() ?? []), ...replicaKeys].filter(
    (key) => decidesAlone(key) && Stack.of(key) !== Stack.of(scope),
  );
  return [
    ...(versioning.enabled && destination.versioning.enabled
      ? []
      : [
          {
            ...REFUSALS.replicationWithoutVersions,
            received: `${versioning.enabled ? destination.node.path : 'this bucket'} without versions`,
          },
        ]),
    ...(elsewhere ? [{ ...REFUSALS.replicationElsewhere, received: `${destination.node.path} in ${there}` }] : []),
    ...(encrypted && !destination.encryption.key
      ? [{ ...REFUSALS.replicaNotEncrypted, received: `${destination.node.path}, encrypted by S3's own keys` }]
      : []),
    ...(destination.restrictedPrefixes.length > 0
      ? [
          {
            ...REFUSALS.replicaRestricted,
            received: `${destination.node.path}, which restricts ${destination.restrictedPrefixes.join(', ')}`,
          },
        ]
      : []),
    ...(locked && !isLocked(destination.bucket.node.defaultChild as CfnBucket)
      ? [{ ...REFUSALS.replicaNotLocked, received: `${destination.node.path} without object lock` }]
      : []),
    ...tiedElsewhere.map((key) => ({
      ...REFUSALS.replicationKeyElsewhere,
      received: `${key.node.path}, replicated from ${Stack.of(scope).node.path}`,
    })),
  ];
}

/** One rule for the whole bucket, and a role of its own: CDK's may do more than S3 asks for, and its name depends on feature flags. */
export function replicationProps(scope: Construct, { bucket, encryption }: HardenedBucket) {
  const role = new Role(scope, 'ReplicationRole', {
    assumedBy: new ServicePrincipal('s3.amazonaws.com'),
    description: `Replicates objects to ${bucket.node.path}`,
  });
  const rule = {
    id: 'replicate-everything',
    priority: 1,
    destination: bucket,
    kmsKey: encryption.key,
    sseKmsEncryptedObjects: encryption.key !== undefined, // S3 wants the key of the replica with it
    deleteMarkerReplication: false, // a deletion here must not delete the copy there
  };
  return { replicationRole: role, replicationRules: [rule] } satisfies Partial<BucketProps>;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html */
export function grantReplication(role: Role, source: HardenedBucket, destination: HardenedBucket): void {
  const allow = (actions: string[], resource: string): void => {
    role.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [resource] }));
  };
  allow(['s3:GetReplicationConfiguration', 's3:ListBucket'], source.bucket.bucketArn);
  allow(['s3:GetObjectVersionAcl', 's3:GetObjectVersionForReplication', 's3:GetObjectVersionTagging'], source.bucket.arnForObjects('*'));
  allow(['s3:ReplicateDelete', 's3:ReplicateObject', 's3:ReplicateTags'], destination.bucket.arnForObjects('*'));
  intend(role, { replication: true });
  const policy = role.node.findChild('DefaultPolicy').node.defaultChild!;
  acknowledge(policy, DECISIONS.inlinePolicy);
  acknowledgeEveryObject(
    policy,
    [source, destination].map(({ bucket }) => bucket.arnForObjects('*')),
  );
  for (const key of source.encryption._keys()) grantThroughS3(source, key, role, ['kms:Decrypt']);
  if (destination.encryption.key) grantThroughS3(destination, destination.encryption.key, role, ['kms:Encrypt', 'kms:GenerateDataKey']);
}
