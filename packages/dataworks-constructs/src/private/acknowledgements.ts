import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Validations } from 'aws-cdk-lib/core';
import type { ObjectEncryption } from '../object-encryption';
import type { Versioning } from '../versioning';

/** Findings of cdk-nag's packs that are decisions of ours, said on the one resource they are about. */
export function acknowledgeDecisions(bucket: Bucket, encryption: ObjectEncryption, versioning: Versioning): void {
  const resource = Validations.of(bucket.node.defaultChild!);
  // Bare ids: the prefixed form leaks to the whole app before aws-cdk-lib 2.273.
  resource.acknowledge({
    id: 'NIST.800.53.R5-S3BucketReplicationEnabled',
    reason: 'Replication doubles the storage bill and is a decision per data set; S3 itself keeps every object in three availability zones',
  });
  if (encryption.reason) resource.acknowledge({ id: 'NIST.800.53.R5-S3DefaultEncryptionKMS', reason: encryption.reason });
  if (!versioning.enabled) {
    resource.acknowledge({
      id: 'NIST.800.53.R5-S3BucketVersioningEnabled',
      reason: 'Holds copies in transit only, which the zones before and after it can make again',
    });
  }
}
