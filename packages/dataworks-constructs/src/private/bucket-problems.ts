import { CfnBucket, type IBucket, type ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Stack, Token, type Duration } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { at, flat } from '../checks/json';
import type { BucketOptions, RestrictedPrefix } from '../hardened-bucket';
import { lifecycleChoices } from '../lifecycle';
import type { ObjectEncryption } from '../object-encryption';
import type { Versioning } from '../versioning';
import type { Problem } from './errors';
import { archiveProblems, daysOf, lifecycleProblems } from './lifecycle-problems';
import { REFUSALS } from './refusals';
import { isLocked, replicationProblems } from './replication';

/**
 * What S3 would reject of a bucket in the stack of `scope`, or silently not do.
 *
 * @param encryption undefined: by a key that is not there yet
 */
export function bucketProblems(scope: IConstruct, options: BucketOptions, encryption: ObjectEncryption | undefined): Problem[] {
  const { bucketName, archiveTiers = {}, objectLock, restrictedPrefixes = [], replicateTo } = options;
  const lifecycle = lifecycleChoices(options);
  return [
    ...(bucketName?._problems() ?? []),
    ...keyProblems(scope, encryption),
    ...lifecycleProblems(lifecycle),
    ...archiveProblems(archiveTiers),
    ...objectLockProblems(objectLock, lifecycle.versioning, lifecycle.retention),
    ...restrictedPrefixes.flatMap(restrictionProblems),
    ...(replicateTo
      ? replicationProblems(scope, encryption, { versioning: lifecycle.versioning, locked: objectLock !== undefined }, replicateTo)
      : []),
  ];
}

function keyProblems(scope: IConstruct, encryption: ObjectEncryption | undefined): Problem[] {
  const { region } = Stack.of(scope);
  return (encryption?._keys() ?? [])
    .filter((key) => elsewhere(region, key.env.region))
    .map((key) => ({ ...REFUSALS.keyElsewhere, received: `${key.node.path} in ${key.env.region}, for a bucket in ${region}` }));
}

const elsewhere = (mine: string, theirs: string): boolean => !Token.isUnresolved(mine) && !Token.isUnresolved(theirs) && mine !== theirs;

function objectLockProblems(lock: ObjectLockRetention | undefined, versioning: Versioning, retention: Duration | undefined): Problem[] {
  if (!lock) return [];
  const { noncurrentExpiration } = versioning;
  const tooShort = Object.entries({ retention, versioning: noncurrentExpiration }).filter(
    ([, period]) => period !== undefined && daysOf(period) < daysOf(lock.duration),
  );
  return [
    ...(versioning.enabled ? [] : [{ ...REFUSALS.objectLockWithoutVersions, received: 'Versioning.disabled()' }]),
    ...tooShort.map(([prop, period]) => ({
      ...REFUSALS.deletesLockedObjects,
      received: `${prop}: ${period!.toHumanString()}, locked for ${lock.duration.toHumanString()}`,
    })),
  ];
}

/** Of one account, and more than everybody in it. */
const OWNER = /^arn:[^:*?]+:iam::[^:*?]+:(root$|(role|user)\/[^*?])/;

function restrictionProblems({ prefix, principalArns }: RestrictedPrefix): Problem[] {
  const owned = principalArns.length > 0 && principalArns.every((arn) => Token.isUnresolved(arn) || OWNER.test(arn));
  if ((Token.isUnresolved(prefix) || /[^/]\/$/.test(prefix)) && owned) return [];
  return [{ ...REFUSALS.restrictedPrefix, received: JSON.stringify({ prefix, principalArns }) }];
}

/** What is wrong with where the access log of a bucket in the stack of `scope` goes. */
export function logTargetProblems(scope: IConstruct, logs: IBucket | undefined, prefix: string | undefined): Problem[] {
  if (!logs) return prefix === undefined ? [] : [{ ...REFUSALS.logsPrefixAlone, received: `accessLogsPrefix ${JSON.stringify(prefix)}` }];
  const { account, region } = Stack.of(scope);
  const resource = resourceOf(logs);
  return [
    ...(elsewhere(account, logs.env.account) || elsewhere(region, logs.env.region)
      ? [{ ...REFUSALS.logBucketElsewhere, received: `${logs.node.path} in ${logs.env.account}, ${logs.env.region}` }]
      : []),
    ...(resource ? deliveryProblems(resource) : [{ ...REFUSALS.unchangeableLogBucket, received: logs.node.path }]),
  ];
}

/** What the app has as the bucket: the resource of the construct, or the one that it is a view of. Nothing of an imported bucket. */
function resourceOf({ node }: IBucket): CfnBucket | undefined {
  return [node.defaultChild, node.scope].find((construct): construct is CfnBucket => CfnBucket.isCfnBucket(construct));
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html */
function deliveryProblems(logs: CfnBucket): Problem[] {
  const encryption: unknown = Stack.of(logs).resolve(logs.bucketEncryption);
  const algorithm = flat(at(encryption, 'serverSideEncryptionConfiguration', 0, 'serverSideEncryptionByDefault', 'sseAlgorithm'));
  const path = logs.node.scope!.node.path;
  return [
    ...(algorithm.startsWith('aws:kms') ? [{ ...REFUSALS.unusableLogBucket, received: `${path}, encrypted by ${algorithm}` }] : []),
    ...(isLocked(logs) ? [{ ...REFUSALS.lockedLogBucket, received: `${path} with object lock` }] : []),
  ];
}
