import type { Fault } from '../fault';

/** What `dataworks doctor` can find. The docs list it from here. */
export interface FindingKind {
  /** Stable: `DW22xx`. */
  readonly code: string;
  /** What is wrong, as a sentence. */
  readonly what: string;
  /** Why it matters. */
  readonly consequence: string;
}

const kind = (code: string, what: string, consequence: string): FindingKind => ({ code, what, consequence });

export const FINDINGS = {
  // Stacks
  stackMissing: kind('DW2201', 'The stack does not exist.', 'the environment cannot be deployed to'),
  stackUnfinished: kind('DW2202', 'The stack is not in a finished state.', 'parts of it may be missing'),
  stackOutdated: kind(
    'DW2203',
    'The stack was deployed from another template or with other tags.',
    'it lacks what this version of the command expects',
  ),
  stackUnprotected: kind(
    'DW2204',
    'Termination protection of the stack is off.',
    'one call deletes the roles and policies that guard the account',
  ),
  stackDrifted: kind('DW2205', "CloudFormation's last drift detection found changes.", 'resources are not what the template says'),
  toolkitForeign: kind('DW2206', 'The CDK bootstrap of the account is not the hardened one.', 'its roles are trusted by the whole account'),
  toolkitVersion: kind(
    'DW2207',
    'The version of the CDK bootstrap is not the expected one.',
    'the CDK refuses to deploy with one that is too old',
  ),

  // Buckets
  bucketMissing: kind('DW2210', 'The bucket does not exist.', 'there is nowhere to keep state'),
  bucketForeign: kind(
    'DW2211',
    'The bucket belongs to another account, or is in another region.',
    'state would go to a stranger, but every call names the account it expects',
  ),
  bucketVersioning: kind('DW2212', 'Versioning of the bucket is off.', 'what is overwritten or deleted is lost'),
  bucketPublicAccess: kind('DW2213', 'Public access to the bucket is not blocked completely.', 'a policy or an ACL can make it public'),
  bucketEncryption: kind(
    'DW2214',
    'The default encryption of the bucket is not the expected one.',
    'objects are encrypted by a key that others may hold',
  ),
  bucketOwnership: kind('DW2215', 'ACLs are in force on the bucket.', 'objects may belong to other accounts'),
  bucketPolicy: kind(
    'DW2216',
    'The policy of the bucket is not the expected one.',
    'unencrypted connections or strangers may be let in, or a deployer locked out',
  ),
  bucketLifecycle: kind(
    'DW2217',
    'The lifecycle rules of the bucket are not the expected ones.',
    'old versions pile up, or are deleted too early',
  ),
  bucketLogging: kind('DW2218', 'The access log of the bucket is not the expected one.', 'nobody sees who read the state'),
  bucketReplication: kind('DW2219', 'The bucket is replicated.', 'whoever has the other bucket has a copy of the state'),

  // Table
  tableMissing: kind('DW2220', 'The lock table does not exist.', 'nothing stops two applies at once'),
  tableKey: kind('DW2221', 'The key of the lock table is not the expected one.', 'neither Terraform nor this command can lock'),
  tableUnprotected: kind('DW2222', 'Deletion protection of the lock table is off.', 'one call deletes the locks'),
  tableUnrecoverable: kind('DW2223', 'Point-in-time recovery of the lock table is off.', 'the fencing counter cannot be restored'),
  tableEncryption: kind(
    'DW2224',
    'The encryption of the lock table is not the expected one.',
    'its key does not appear in the account, nor its use in the trail',
  ),
  tableBilling: kind('DW2225', 'The lock table is not paid per request.', 'it throttles, or costs while idle'),
  tablePolicy: kind('DW2226', 'The lock table has a policy of its own.', 'others than the roles of the account may take and release locks'),

  // Identities
  roleMissing: kind('DW2230', 'The role does not exist.', 'who needs it cannot work'),
  roleTrust: kind('DW2231', 'The trust policy of the role is not the expected one.', 'others than the intended may assume it'),
  rolePolicies: kind('DW2232', 'The policies of the role are not the expected ones.', 'it may do more, or less, than it should'),
  roleBoundary: kind('DW2233', 'The permissions boundary of the role is not the expected one.', 'nothing limits what its policies allow'),
  policyChanged: kind(
    'DW2234',
    'The managed policy is missing, or another version than the deployed one is in force.',
    'roles may do more, or less, than they should',
  ),
  providerMissing: kind('DW2235', 'There is no identity provider of the CircleCI organisation.', 'no job can assume a role'),
  providerAudience: kind(
    'DW2236',
    'The audiences of the identity provider are not the expected ones.',
    'jobs cannot assume roles, or tokens for others are accepted',
  ),

  // Parameters
  parameterWrong: kind('DW2240', 'The parameter is missing or has another value.', 'tools look in the wrong place'),

  // The lock: information
  lockHeld: kind('DW2250', 'The environment is locked.', 'an apply or a Terraform run is under way, or was interrupted'),
  lockHalfHeld: kind(
    'DW2251',
    'The two halves of the lock, the item and the object, do not have the same holder.',
    'a run is starting or ending, or was interrupted',
  ),
} as const satisfies Readonly<Record<string, FindingKind>>;

/** One thing that is not as it should be. */
export interface Finding extends FindingKind {
  /** Of what: a name or an ARN. */
  readonly subject: string;
  readonly found: string;
  readonly expected: string;
  /** What to do about it. */
  readonly fix: string;
  /** For information: no reason for an exit code. */
  readonly isNote: boolean;
}

/** What a command would say of it, as a finding. */
export function findingOf({ code, what, received, allowed, fix }: Fault, subject: string, consequence: string): Finding {
  return { code, what, subject, found: received, expected: allowed, consequence, fix, isNote: false };
}

export function paragraph({ code, what, subject, found, expected, consequence, fix, isNote }: Finding): string {
  return `${isNote ? 'Note ' : ''}${code} ${subject}: ${what} Found: ${found}. Expected: ${expected}. Consequence: ${consequence}. Fix: ${fix}`;
}
