import { CDK_NAG } from './cdk-nag';
import { KMS } from './kms';
import { REPLICATION_ROLE } from './replication-role';
import { S3_ACCESS } from './s3-access';
import { S3_ENCRYPTION } from './s3-encryption';
import { S3_LIFECYCLE } from './s3-lifecycle';
import { S3_PROTECTION } from './s3-protection';
import type { Check } from '../check';

/** Every check, ours before cdk-nag's. The docs list them from here. */
export const CHECKS: readonly Check[] = [
  ...S3_ACCESS,
  ...S3_ENCRYPTION,
  ...S3_LIFECYCLE,
  ...S3_PROTECTION,
  ...KMS,
  ...REPLICATION_ROLE,
  ...CDK_NAG,
];
