import { AccountRootPrincipal, Effect, PolicyStatement, type Grant, type IGrantable, type IPrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnKey, type IKey } from 'aws-cdk-lib/aws-kms';
import { Resource, Stack } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import { actingFor, callerAccount, grantUnder, isService, type Conditions } from './conditional-grants';
import { refuse, type Problem } from './errors';
import { REFUSALS } from './refusals';

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
 * Let a principal use a key, but only for objects in S3: not by a call to KMS of its own.
 *
 * Not by `key.grant`: that writes no conditions, and lets the whole account in where a role depends on the key's stack.
 *
 * @param scope where the bucket is: its region is the service's
 */
export function grantThroughS3(scope: IConstruct, key: IKey, grantee: IGrantable, actions: string[]): Grant {
  refuse(scope, decidesAlone(key) ? granteeProblems(key, grantee) : []);
  const options = { grantee, actions, resource: key, resourceArns: [key.keyArn], resourceSelfArns: ['*'] };
  return grantUnder(throughS3(scope, grantee), options, decidesAlone(key));
}

/** How CDK sees a key through its L1 resource: its policy lets no IAM policy decide. `EncryptionKey` makes such ones with `keyPolicyOnly`. */
export const decidesAlone = (key: IKey): boolean => CfnKey.isCfnKey(key.node.scope);

/** The grant is written into the policies of both, so each of their stacks would need the other first. */
function granteeProblems(key: IKey, { grantPrincipal }: IGrantable): Problem[] {
  const elsewhere =
    Construct.isConstruct(grantPrincipal) && Resource.isOwnedResource(grantPrincipal) && Stack.of(grantPrincipal) !== Stack.of(key);
  return elsewhere ? [{ ...REFUSALS.granteeElsewhere, received: `${grantPrincipal.node.path}, and the key ${key.node.path}` }] : [];
}

function throughS3(scope: IConstruct, grantee: IGrantable): Conditions {
  const { region, urlSuffix, account } = Stack.of(scope);
  if (isService(grantee)) return actingFor(account, grantee); // S3 passes on for which account a service acts, and no more
  const caller = callerAccount(account, grantee);
  return {
    StringEquals: { 'kms:ViaService': `s3.${region}.${urlSuffix}`, ...(caller !== undefined && { 'kms:CallerAccount': caller }) },
  };
}
