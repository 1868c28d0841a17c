import type { Problem } from '@dataworks/constructs/lib/private/errors';
import type { Refusal } from '@dataworks/constructs/lib/private/refusals';
import { Token } from 'aws-cdk-lib/core';
import { ownRolePrefixes } from './own-identities';
import { REFUSALS } from './refusals';
import type { BackendNames, EnvironmentPlace } from '../backend-names';
import type { CircleCiProject } from '../circleci-identities';

/** IAM's limit. */
const LONGEST_ROLE_NAME = 64;

/** Of the 2,048 characters of a trust policy, what is left beside the rest of the deployer's. */
const LONGEST_ADMINISTRATORS = 1_200;

const ENVIRONMENT = /^[a-z][a-z0-9]{1,9}$/;
const ACCOUNT = /^\d{12}$/;
const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const KEY_ARN = /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/;

const unless = (holds: boolean, refusal: Refusal, received: string): Problem[] => (holds ? [] : [{ ...refusal, received }]);

/** What is wrong with the names of a backend, or with where it lies. */
export function nameProblems(names: BackendNames): Problem[] {
  const { project, environment, account, region, stateKey, qualifier } = names;
  const placed = ACCOUNT.test(account) && REGION.test(region);
  // The longest of them.
  const role = names.cdkImagePublishingRole;
  return [
    ...unless(/^[a-z][a-z0-9-]{0,18}[a-z0-9]$/.test(project), REFUSALS.projectForm, JSON.stringify(project)),
    ...unless(ENVIRONMENT.test(environment), REFUSALS.environmentForm, JSON.stringify(environment)),
    ...unless(
      /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(names.stateBucket),
      REFUSALS.stateBucketName,
      `${JSON.stringify(names.stateBucket)}, ${names.stateBucket.length} characters`,
    ),
    ...unless(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,127}$/.test(stateKey), REFUSALS.stateKeyForm, JSON.stringify(stateKey)),
    ...unless(/^[a-z0-9]{1,10}$/.test(qualifier), REFUSALS.qualifierForm, JSON.stringify(qualifier)),
    ...unless(placed, REFUSALS.placeUnknown, placed ? '' : `account ${known(account)}, region ${known(region)}`),
    ...(placed
      ? unless(role.length <= LONGEST_ROLE_NAME, REFUSALS.roleNameTooLong, `${JSON.stringify(role)}, ${role.length} characters`)
      : []),
  ];
}

/** @see https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
export function ownerProblems(owner: string): Problem[] {
  return unless(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u.test(owner), REFUSALS.owner, JSON.stringify(owner));
}

export function circleCiProblems({ organizationId, projectId, repository }: CircleCiProject): Problem[] {
  return [
    ...unless(UUID.test(organizationId), REFUSALS.circleCiId, `organizationId ${JSON.stringify(organizationId)}`),
    ...unless(UUID.test(projectId), REFUSALS.circleCiId, `projectId ${JSON.stringify(projectId)}`),
    // Neither `*` nor `?`: IAM would take them for wildcards.
    ...unless(/^[a-z0-9.-]+(\/[A-Za-z0-9_.-]+){2}$/.test(repository), REFUSALS.repositoryForm, JSON.stringify(repository)),
  ];
}

export function administratorProblems(names: BackendNames, administrators: readonly string[]): Problem[] {
  const { planRole, applyRole, deployerRole, cdkDeployRole, cdkFilePublishingRole, cdkImagePublishingRole } = names;
  const pipeline = [planRole, applyRole, deployerRole, cdkDeployRole, cdkFilePublishingRole, cdkImagePublishingRole].map(
    (role) => `role/${role}`,
  );
  const others = [names.cdkLookupRole, names.cdkExecutionRole].map((role) => `role/${role}`);
  const length = administrators.join('","').length;
  const each = administrators.flatMap((arn) => {
    const [, , , , account, resource = ''] = arn.split(':');
    const wellFormed = /^arn:[\w-]+:iam::\d{12}:(role|user)\/([\w+=,.@-]+\/)*[\w+=,.@*-]+$/.test(arn) && account === names.account;
    const isWorkload = ownRolePrefixes(names).some((prefix) => resource.startsWith(`role/${prefix}`));
    const matching = [...pipeline, ...others].filter((role) => matches(resource, role));
    return [
      ...unless(wellFormed, REFUSALS.administratorForm, JSON.stringify(arn)),
      ...(wellFormed
        ? unless(matching.length === 0, REFUSALS.administratorIsPipeline, `${JSON.stringify(arn)}, which matches ${matching.join(', ')}`)
        : []),
      ...unless(!wellFormed || matching.length > 0 || !isWorkload, REFUSALS.administratorIsWorkload, JSON.stringify(arn)),
    ];
  });
  return [
    ...each,
    ...unless(length <= LONGEST_ADMINISTRATORS, REFUSALS.tooManyAdministrators, `${administrators.length} of ${length} characters`),
  ];
}

/** @param role in which the other environment is named, like `after` */
export function placeProblems(names: BackendNames, role: string, { environment, account, encryptionKeyArn }: EnvironmentPlace): Problem[] {
  const wellFormed =
    ENVIRONMENT.test(environment) && ACCOUNT.test(account) && (encryptionKeyArn === undefined || KEY_ARN.test(encryptionKeyArn));
  const received = `${role}: ${JSON.stringify({ environment, account, encryptionKeyArn })}`;
  return [...unless(wellFormed, REFUSALS.otherPlace, received), ...unless(environment !== names.environment, REFUSALS.itself, received)];
}

const known = (value: string): string => (Token.isUnresolved(value) ? 'not known' : JSON.stringify(value));

/** As IAM matches: `*` stands for anything, slashes included. */
const matches = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*')}$`).test(text);
