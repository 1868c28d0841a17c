import { AccountRootPrincipal, Effect, PolicyStatement, type Grant, type IGrantable, type IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/**
 * What an administrator of a key may do: everything but use it, and let others use it.
 *
 * A list of our own: CDK's contains `kms:Create*`, and with it CreateGrant, by which an administrator could give
 * himself the use of the key.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-administrators
 */
const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:DisableKeyRotation',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListKeyRotations',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:RotateKeyOnDemand',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
];

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html */
export const CRYPTOGRAPHY_AND_GRANTS = [
  'kms:CreateGrant',
  'kms:Decrypt',
  'kms:DeriveSharedSecret',
  'kms:Encrypt',
  'kms:GenerateDataKey*',
  'kms:GenerateMac',
  'kms:ReEncrypt*',
  'kms:Sign',
  'kms:Verify',
  'kms:VerifyMac',
];

const onThisKey = (sid: string, effect: Effect, principals: IPrincipal[], actions: string[]): PolicyStatement =>
  new PolicyStatement({ sid, effect, principals, actions, resources: ['*'] }); // in a key policy, `*` is the key

/** IAM policies of the account decide who may use the key, as for a key made in the console. */
export const accountDelegation = (): PolicyStatement =>
  onThisKey('AccountDelegation', Effect.ALLOW, [new AccountRootPrincipal()], ['kms:*']);

/** CreateKey is refused by KMS when its caller could not change the policy afterwards. */
export const deployment = (roles: IPrincipal[]): PolicyStatement => onThisKey('Deployment', Effect.ALLOW, roles, ADMINISTRATION);

/** Separation of duties: those who manage the key cannot use it, whatever their IAM policies say. */
export function administration(administrators: IPrincipal[]): PolicyStatement[] {
  return [
    onThisKey('Administration', Effect.ALLOW, administrators, ADMINISTRATION),
    onThisKey('AdministratorsUseNothing', Effect.DENY, administrators, CRYPTOGRAPHY_AND_GRANTS),
  ];
}

/**
 * Let a principal use a key, but only for objects in S3: not by a call to KMS of its own, and not from another account.
 *
 * @param scope where the bucket is: its region is the service's
 */
export function grantThroughS3(scope: IConstruct, key: IKey, grantee: IGrantable, actions: string[]): Grant {
  const { region, urlSuffix, account } = Stack.of(scope);
  const grant = key.grant(grantee, ...actions);
  addConditions(grant, {
    StringEquals: {
      'kms:ViaService': `s3.${region}.${urlSuffix}`,
      'kms:CallerAccount': grantee.grantPrincipal.principalAccount ?? account,
    },
  });
  return grant;
}

/** Narrow a grant down, wherever it was written. CDK's own `conditions` are lost when a grant goes into a resource's policy. */
export function addConditions(grant: Grant, conditions: Record<string, unknown>): void {
  for (const statement of [...grant.principalStatements, ...grant.resourceStatements]) statement.addConditions(conditions);
}
