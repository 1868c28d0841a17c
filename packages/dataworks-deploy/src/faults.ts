/** What can keep a command from its work. The docs list it from here. */
export interface FaultKind {
  /** Stable: `DW21xx` here, `DW3xxx` in the rooms of lock, plan and apply. */
  readonly code: string;
  /** What is wrong, as a sentence. */
  readonly what: string;
  readonly allowed: string;
  readonly fix: string;
  /** How the command ends; 1 by default. */
  readonly exitCode?: number;
}

/** Exit codes that say more than "failed". */
export const EXIT = { refused: 4, locked: 5, failed: 6, unclear: 7 } as const;

export const kind = (code: string, what: string, allowed: string, fix: string, exitCode?: number): FaultKind => ({
  code,
  what,
  allowed,
  fix,
  ...(exitCode !== undefined && { exitCode }),
});

export const FAULTS = {
  // Input
  noConfiguration: kind(
    'DW2100',
    'There is no dataworks.json.',
    'a file of that name in this directory or above it, or packages/dataworks-app/dataworks.json there',
    'go to the project, or name the file with --config',
  ),
  unknownEnvironment: kind(
    'DW2101',
    'dataworks.json has no such environment.',
    'the name of one of its environments',
    'correct the name, or add the environment to dataworks.json',
  ),
  noTerminal: kind(
    'DW2102',
    'There is a question, and no terminal to ask it on.',
    'a terminal, or --yes',
    'read the changes above, then run the command again with --yes',
  ),
  notConfirmed: kind('DW2103', 'The question was not answered with yes.', 'the answer that the question names', 'run the command again'),

  // Credentials
  credentialsMissing: kind(
    'DW2104',
    'There are no AWS credentials.',
    "credentials for the environment's account, of the identity that the command is for: the plan role, the deployer, or an administrator",
    'sign in (aws sso login), then set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  ),
  credentialsExpired: kind(
    'DW2105',
    'The AWS credentials have expired.',
    'credentials that are valid now',
    'sign in again (aws sso login), then run the command again',
  ),
  credentialsRejected: kind(
    'DW2106',
    'AWS does not know these credentials.',
    'a valid access key with its secret and, when temporary, its session token',
    'unset what is left of an earlier session (AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN), then sign in again',
  ),
  wrongAccount: kind(
    'DW2107',
    'The AWS credentials are of another account than the environment.',
    "credentials of the environment's account",
    'set AWS_PROFILE to a profile of that account, or correct `account` in dataworks.json',
  ),
  regionNotEnabled: kind(
    'DW2108',
    'The region is not enabled in this account.',
    'a region that the account has enabled',
    'enable it (aws account enable-region --region-name <region>) and wait until it is, or correct `region` in dataworks.json',
  ),
  missingPermission: kind(
    'DW2109',
    'AWS denied an action.',
    'the identity that the command is for: an administrator for bootstrap and doctor, the plan role for plan, the deployer for apply',
    'run it as that identity; when this is the one, allow it the action (also in its permissions boundary and in service control policies)',
  ),

  // AWS
  unreachable: kind(
    'DW2110',
    'AWS cannot be reached.',
    'a network in which the endpoint answers',
    'check network, proxy, AWS_ENDPOINT_URL and the name of the region, then run the command again: it goes on where it stopped',
  ),
  throttled: kind('DW2111', 'AWS throttles the account.', 'fewer requests', 'wait a minute, then run the command again'),
  bucketTaken: kind(
    'DW2112',
    'The name of the bucket belongs to another account.',
    'a name that is free, or a bucket of this account',
    'set `stateNameSuffix` in dataworks.json. Names of buckets are global: whoever takes one first owns it, and would receive the state that is written to it',
  ),
  bucketElsewhere: kind(
    'DW2113',
    'The bucket exists, in another region.',
    "the environment's region",
    'correct `region` in dataworks.json, or set `stateNameSuffix` for another bucket',
  ),
  tableUnfit: kind(
    'DW2114',
    'The table exists, and cannot hold locks.',
    'the key LockID, a string, and no sort key',
    'set `stateNameSuffix` in dataworks.json for another table, or delete this one when nobody uses it',
  ),
  foreignToolkit: kind(
    'DW2115',
    'There is a CDK bootstrap with this qualifier, which this command did not make. It would not be hardened but broken: its roles are trusted by the whole account and deploy with AdministratorAccess, and stacks that were deployed with it need it.',
    'no CDK bootstrap with the qualifier, or the one of this command',
    'set another `qualifier` in dataworks.json, or delete that stack when nothing is deployed with it',
  ),

  // CloudFormation
  templateTooLarge: kind(
    'DW2116',
    'The template is larger than CloudFormation takes without a bucket, and there is none yet.',
    'at most 51,200 bytes',
    'let fewer environments come `after` this one in dataworks.json, or shorten names',
  ),
  changeSetFailed: kind(
    'DW2117',
    'CloudFormation cannot make the change set.',
    'a change that CloudFormation accepts',
    'remove what the reason names, then run the command again. Nothing was changed',
  ),
  deploymentFailed: kind(
    'DW2118',
    'The deployment of a stack failed.',
    'a deployment without failed resources',
    'remove what the reason names, then run the command again: it clears what the failed one left',
  ),
  stackBusy: kind(
    'DW2119',
    'The stack is being changed by somebody else.',
    'one operation at a time',
    'wait until it has ended, then run the command again',
  ),
  stackUnclear: kind(
    'DW2120',
    'The stack is in a state that this command does not resolve.',
    'a stack that was deployed completely, or not at all',
    'resolve it in the CloudFormation console, then run the command again',
  ),
  notAsExpected: kind(
    'DW2121',
    'The stacks are deployed, and the account is not as expected.',
    'no findings',
    'do what each finding says, then run dataworks doctor',
  ),

  // Destruction
  productionKept: kind(
    'DW2122',
    'The backend of a production environment is not destroyed.',
    'an environment without `production` in dataworks.json',
    'none: its records prove what was deployed',
  ),
  stateInUse: kind(
    'DW2123',
    'The backend holds records, locks or state.',
    'an empty bucket and an empty table',
    'destroy what was deployed with it and remove the objects and items, when nobody needs them',
  ),

  // Files
  fileDiffers: kind(
    'DW2124',
    'The file exists with other content, and was left as it is.',
    'a new file, or one with exactly this content',
    'remove it, or name another one',
  ),
  outputLost: kind(
    'DW2125',
    'The result could not be written to stdout. What the command does beside it, it has done.',
    'a stdout that can be written to',
    'make room on its disk, or name another file; dataworks status shows what was applied',
  ),
  noScratch: kind(
    'DW2126',
    'Nothing can be written into the folder for temporary files.',
    'a folder that exists, can be written to, and has room',
    'set TMPDIR to another one, then run the command again',
  ),

  // Identities
  nobodyDeploys: kind(
    'DW2127',
    'Nobody could deploy to the environment.',
    '`circleci` and `repository`, or `administrators` of the environment',
    'add to dataworks.json who deploys: the project in CircleCI whose jobs do, or the role or user that does by hand',
  ),

  // Ours
  unexpected: kind(
    'DW2199',
    'This should not have happened: it is a defect of the command.',
    'none of its users sees this',
    'run the command again: whatever it had begun, it finishes. If it fails again, set DATAWORKS_DEBUG=1 and report the output at https://github.com/dataworks/dataworks/issues, without what is confidential in it',
  ),
} as const satisfies Readonly<Record<string, FaultKind>>;
