import { AccountPrincipal, AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { BackendNames } from '../backend-names';

/**
 * By its account and a condition: S3 and KMS reject a policy that names a role which does not exist yet, as that of an
 * environment whose backend is made later.
 */
const isDeployer = (reader: BackendNames) => ({ ArnEquals: { 'aws:PrincipalArn': reader.roleArn(reader.deployerRole) } });

/** The deployer of a later environment has to see what was applied here before it. */
export function readRecord(bucket: IBucket, names: BackendNames, reader: BackendNames): PolicyStatement {
  return new PolicyStatement({
    sid: `ReadRecord${reader.environment}`,
    principals: [new AccountPrincipal(reader.account)],
    actions: ['s3:GetObject'],
    resources: [bucket.arnForObjects(names.recordKey)],
    conditions: isDeployer(reader),
  });
}

/** It reads through S3 only. */
export function readRecordThroughKey(names: BackendNames, reader: BackendNames): PolicyStatement {
  return new PolicyStatement({
    sid: `ReadRecord${reader.environment}`,
    principals: [new AccountPrincipal(reader.account)],
    actions: ['kms:Decrypt'],
    resources: ['*'], // in a key policy, the key
    conditions: { ...isDeployer(reader), StringEquals: { 'kms:ViaService': `s3.${names.region}.${urlSuffix(names)}` } },
  });
}

/**
 * Nobody else from another account comes in, whatever is added to the policy later.
 *
 * AWS services have no account: those that call by themselves, like S3's own deliveries, are exempt.
 */
export function denyOtherAccounts(bucket: IBucket, names: BackendNames, readers: readonly BackendNames[]): PolicyStatement {
  return new PolicyStatement({
    sid: 'DenyOtherAccounts',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['s3:*'],
    resources: [bucket.bucketArn, bucket.arnForObjects('*')],
    conditions: {
      StringNotEquals: { 'aws:PrincipalAccount': names.account },
      ...(readers.length > 0 && { ArnNotEquals: { 'aws:PrincipalArn': readers.map((reader) => reader.roleArn(reader.deployerRole)) } }),
      BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
    },
  });
}

/**
 * An access point, which any deployment can make, has an ARN of its own: denials by the ARN of the bucket, as the permissions
 * boundary has them, would not be asked.
 */
export function denyAccessPoints(bucket: IBucket): PolicyStatement {
  return new PolicyStatement({
    sid: 'DenyAccessPoints',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['s3:*'],
    resources: [bucket.bucketArn, bucket.arnForObjects('*')],
    conditions: { Null: { 's3:DataAccessPointArn': 'false' } },
  });
}

/** Of the hosts of AWS's services, as `kms:ViaService` names them. */
export const urlSuffix = ({ partition }: BackendNames): string => (partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com');
