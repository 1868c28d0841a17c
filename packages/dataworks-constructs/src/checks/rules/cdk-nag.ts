import { nagFault } from '../cdk-nag-rules';
import type { Check } from '../check';
import { CONTROLS, type Controls } from '../controls';

const BUCKET = 'AWS::S3::Bucket';
const KEY = 'AWS::KMS::Key';
const ROLE = 'AWS::IAM::Role';
const POLICY = 'AWS::IAM::Policy';

/** A rule of cdk-nag as a check. */
const nag = (
  service: string,
  nagRule: string,
  type: string,
  controls: Controls,
  rule: string,
  consequence: string,
  fix: string,
): Check => ({
  id: `DataWorks-${nagRule}`,
  type,
  rule,
  consequence,
  fix,
  controls,
  nagRule,
  fault: (resource) => nagFault(`${service}/${nagRule}`, resource),
});

const PUBLIC = 'A policy or an ACL that opens the bucket to everybody would be accepted, and would work.';
const FEWER_RIGHTS = 'Whoever takes the role could do anything with the service.';
const AS_WRITTEN = 'leave publicAccessBlockConfiguration as the construct wrote it';

/** cdk-nag's own rules for what the constructs make, except those that a lake breaks on purpose in each of its buckets. */
export const CDK_NAG: readonly Check[] = [
  nag(
    's3',
    'S3BucketLevelPublicAccessProhibited',
    BUCKET,
    CONTROLS.publicAccess,
    'Public access is blocked by the bucket.',
    PUBLIC,
    AS_WRITTEN,
  ),
  nag('s3', 'S3BucketPublicReadProhibited', BUCKET, CONTROLS.publicAccess, 'Public read access is blocked.', PUBLIC, AS_WRITTEN),
  nag('s3', 'S3BucketPublicWriteProhibited', BUCKET, CONTROLS.publicAccess, 'Public write access is blocked.', PUBLIC, AS_WRITTEN),
  nag(
    's3',
    'S3BucketSSLRequestsOnly',
    BUCKET,
    CONTROLS.tls,
    'Requests without TLS are denied.',
    'Data and signatures would travel readable.',
    'leave the statement with aws:SecureTransport as the construct wrote it',
  ),
  nag(
    's3',
    'S3BucketVersioningEnabled',
    BUCKET,
    CONTROLS.versioning,
    'The bucket is versioned.',
    'What is overwritten or deleted by mistake is lost.',
    'pass Versioning.expiringAfter(…) to the construct',
  ),
  nag(
    's3',
    'S3DefaultEncryptionKMS',
    BUCKET,
    CONTROLS.encryption,
    'The bucket is encrypted by a KMS key.',
    'Whoever may read an object may read it decrypted.',
    'pass a key to the construct',
  ),
  nag(
    's3',
    'S3WebBucketOAIAccess',
    BUCKET,
    CONTROLS.publicAccess,
    'The bucket is no website that is open to the world.',
    'Anybody on the internet could read what it serves.',
    'serve a website from a bucket of its own, through CloudFront',
  ),
  nag(
    'kms',
    'KMSBackingKeyRotationEnabled',
    KEY,
    CONTROLS.keyRotation,
    'The key rotates.',
    'All data for all time would depend on the same key material.',
    'leave enableKeyRotation as the construct wrote it',
  ),
  nag(
    'iam',
    'IAMNoManagedPolicies',
    ROLE,
    CONTROLS.leastPrivilege,
    'The role has no policies that AWS manages.',
    'AWS decides what they allow, today and tomorrow.',
    'name the rights one by one',
  ),
  nag(
    'iam',
    'IAMPolicyNoStatementsWithAdminAccess',
    POLICY,
    CONTROLS.leastPrivilege,
    'The policy does not allow everything on everything.',
    'Whoever takes the role could do anything in the account.',
    'name the rights one by one',
  ),
  nag(
    'iam',
    'IAMPolicyNoStatementsWithFullAccess',
    POLICY,
    CONTROLS.leastPrivilege,
    'The policy does not allow everything of a service.',
    FEWER_RIGHTS,
    'name the rights one by one',
  ),
];
