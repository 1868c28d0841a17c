/** What the constructs refuse at synthesis, because AWS would reject it later, or destroy data. The docs list them from here. */
export interface Refusal {
  /** Stable: `DW1xxx`. */
  readonly code: string;
  /** What is wrong, as a sentence. */
  readonly what: string;
  readonly allowed: string;
  readonly fix: string;
}

const refusal = (code: string, what: string, allowed: string, fix: string): Refusal => ({ code, what, allowed, fix });

export const REFUSALS = {
  // Keys
  aliasForm: refusal(
    'DW1001',
    'KMS would reject the alias.',
    "1 to 250 letters, digits, '/', '_' and '-', not beginning with 'alias/' or 'aws/'",
    "name it like 'dataworks/dev/lake'",
  ),
  rotationPeriod: refusal(
    'DW1002',
    'KMS would reject rotationPeriod.',
    'whole days, 90 to 2560',
    'pass Duration.days(…) within the range, or leave it out',
  ),
  pendingWindow: refusal(
    'DW1003',
    'KMS would reject pendingWindow.',
    'whole days, 7 to 30',
    'pass Duration.days(…) within the range, or leave it out',
  ),
  aliasTaken: refusal(
    'DW1004',
    'Another key of the same account and region has this alias; the second one would fail to deploy.',
    'an alias of its own',
    'name them apart, or use one key for both',
  ),
  notAnAdministrator: refusal(
    'DW1005',
    'Administrators are denied the use of the key: that must hit them always, and nobody else.',
    'roles and users, each by its ARN, without conditions',
    'name the roles that manage keys',
  ),
  noAdministrator: refusal(
    'DW1006',
    'With keyPolicyOnly, a key without administrators could never be managed again.',
    'at least one role or user',
    'pass administrators, or leave keyPolicyOnly out',
  ),
  noDeploymentRole: refusal(
    'DW1007',
    'With keyPolicyOnly, the role that deploys the key must stand in its policy, and the synthesizer of this stack does not name it.',
    'the role by which CloudFormation creates the key',
    'pass deploymentRole',
  ),
  granteeElsewhere: refusal(
    'DW1008',
    "With keyPolicyOnly, the key's policy has to name the grantee, whose own policy has to name the key: CloudFormation could create neither of the two stacks first.",
    "a role of the key's stack, or the ARN of one that is deployed before it",
    "grant it to new ArnPrincipal('arn:…:role/…'), make the role in the key's stack, or leave keyPolicyOnly out",
  ),

  // Buckets
  wholeDays: refusal('DW1011', 'S3 counts lifecycles in days.', 'whole days, at least 1 (0 for a transition)', 'pass Duration.days(…)'),
  infrequentAccessTooEarly: refusal(
    'DW1012',
    'S3 would reject the transition: objects stay 30 days in S3 Standard before they move to Standard-IA or One Zone-IA.',
    '30 days or more',
    'move them later, or to Intelligent-Tiering',
  ),
  transitionOrder: refusal(
    'DW1013',
    'S3 would reject the transitions: objects move to colder classes only, each later than the one before, and stay 30 days in an infrequent-access class.',
    'STANDARD_IA, INTELLIGENT_TIERING, ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE in this order, with growing ages; from ONEZONE_IA not to GLACIER_IR',
    'leave out or move the transition',
  ),
  expiresBeforeTransition: refusal(
    'DW1014',
    'S3 would reject the rule: objects are deleted before they have moved.',
    'a retention longer than the age of the last transition',
    'keep them longer, or leave out the transition',
  ),
  noncurrentExpiresBeforeTransition: refusal(
    'DW1015',
    'S3 would reject the rule: noncurrent versions are deleted before they have moved.',
    'an expiration later than the last noncurrent transition',
    'keep them longer, or leave out the transition',
  ),
  archiveTier: refusal(
    'DW1016',
    'S3 would reject the archive tier of Intelligent-Tiering.',
    'whole days without access: archive 90 to 730, deep archive 180 to 730, and deep archive later than archive',
    'pass Duration.days(…) within the range',
  ),
  bucketNameForm: refusal(
    'DW1017',
    'S3 would reject the bucket name, or TLS would not fit it.',
    '3 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit, without a prefix or suffix that S3 reserves',
    'rename it, or leave bucketName out: CloudFormation makes one',
  ),
  bucketNameTooLong: refusal(
    'DW1018',
    'S3 would reject the name in the region with the longest name.',
    'a prefix of at most 31 characters: the account, the region and -an follow',
    'shorten the prefix',
  ),
  keepNewest: refusal(
    'DW1019',
    'S3 would reject the number of noncurrent versions to keep.',
    'a whole number, 1 to 100',
    'pass a number within the range, or leave it out',
  ),

  noReason: refusal('DW1020', 'A reason has to be stated: it ends in the acknowledgement of a finding.', 'a sentence', 'say why'),

  // Zones
  unknownZone: refusal('DW1021', 'The lake has no such zone.', 'the ids of the zones of this lake', 'correct the id, or add the zone'),
  destroysData: refusal(
    'DW1022',
    'Data is deleted with its stack only outside production, and only where that is said.',
    'removalPolicy: DESTROY together with production: false, in an environment that is not named like production',
    'leave removalPolicy out, or say production: false',
  ),
  parameterPrefix: refusal(
    'DW1023',
    'SSM would reject the parameters.',
    "a path like '/dataworks/dev/lake', of at most 13 levels and 800 characters",
    "begin with '/', do not end with it, and not with /aws or /ssm",
  ),
  zoneId: refusal(
    'DW1024',
    'Not the id of a zone.',
    '1 to 32 lower-case letters, digits and single hyphens, beginning with a letter; not access-logs, under which the log bucket is found',
    "name it like 'sandbox'",
  ),
  zoneTwice: refusal('DW1025', 'The lake has this zone twice.', 'each zone once', 'leave one out'),
  noZones: refusal('DW1029', 'A lake without zones.', 'at least one zone', 'name its zones, or leave zones out: it has all thirteen'),
  tagValue: refusal(
    'DW1026',
    'AWS would reject the tag, or it would say nothing.',
    "1 to 256 letters, digits, spaces and '_.:/=+-@', not beginning with 'aws:'",
    "write it without other characters, like 'R and D'",
  ),
  parametersTaken: refusal(
    'DW1027',
    'Another lake of the same account and region writes its parameters there; the second one would fail to deploy.',
    'a parameterPrefix of its own',
    'name them apart',
  ),
  nothingGranted: refusal(
    'DW1028',
    'Nothing would be granted: policies of a lake that was found by its parameters cannot be changed here, and the grantee has none of its own.',
    'a role, user or group of this app, or a role of this account by Role.fromRoleArn(…)',
    'let the owner of the lake grant it, by the zone of his DataLakeZones',
  ),

  emptyPattern: refusal(
    'DW1030',
    'No object has an empty key: nothing would be granted.',
    "a pattern like 'team-a/*'",
    'name the objects, or leave keyPattern out to grant all of them',
  ),

  // Buckets with more than storage
  objectLockWithoutVersions: refusal(
    'DW1031',
    'S3 would reject the object lock: it needs versions.',
    'a versioned bucket',
    'leave versioning out, or pass Versioning.expiringAfter(…)',
  ),
  replicationWithoutVersions: refusal(
    'DW1032',
    'S3 would reject the replication: it needs versions in both buckets.',
    'a versioned bucket, replicated to a versioned bucket',
    'leave versioning out of both',
  ),
  deletesLockedObjects: refusal(
    'DW1033',
    'The object lock keeps every version longer than the lifecycle would: the deletion would fail day after day.',
    'retention and noncurrent expiration not shorter than the object lock',
    'keep objects longer, or lock them for a shorter time',
  ),
  unchangeableLogBucket: refusal(
    'DW1034',
    'The policy of this log bucket cannot be changed here, so S3 would deliver no log, and say nothing.',
    'the construct of a log bucket of this app',
    'pass the AccessLogsBucket itself, not an imported bucket',
  ),
  logBucketElsewhere: refusal(
    'DW1035',
    'S3 delivers access logs only within an account and region.',
    'a log bucket in the account and region of the bucket',
    'make one there; a central archive goes by replication',
  ),
  restrictedPrefix: refusal(
    'DW1036',
    'Not a prefix with owners.',
    "a prefix that ends with '/', and at least one ARN of a role or user in IAM, of one account and more than a wildcard (the ARN of an STS session matches nothing)",
    "write it like 'team-a/', and name who may touch it",
  ),
  unusableLogBucket: refusal(
    'DW1038',
    'S3 delivers access logs only to buckets that encrypt with its own keys (SSE-S3), and would say nothing.',
    'a log bucket without a KMS key',
    'pass an AccessLogsBucket',
  ),
  lockedLogBucket: refusal(
    'DW1043',
    'S3 delivers access logs to no bucket with object lock, and would say nothing.',
    'a log bucket without object lock',
    'pass an AccessLogsBucket, and replicate it to where logs are locked',
  ),
  logsPrefixAlone: refusal(
    'DW1039',
    'A prefix for access logs, and no bucket that receives them.',
    'both or neither',
    'pass the log bucket, or leave the prefix out',
  ),
  replicaNotEncrypted: refusal(
    'DW1040',
    'S3 would reject the replication: objects that a KMS key encrypts are copied only to where another does.',
    'a destination that is encrypted by a key',
    'give the destination a key',
  ),
  replicaRestricted: refusal(
    'DW1041',
    'The destination denies parts of itself to everybody but the principals that it names, and S3 would copy nothing there, silently.',
    'a destination without restrictedPrefixes',
    'restrict the prefixes of the source, and grant nobody the destination',
  ),
  replicationKeyElsewhere: refusal(
    'DW1042',
    "The policy of a key with keyPolicyOnly has to name the role that replicates, whose stack needs the key's: CloudFormation could create neither first.",
    'keys with keyPolicyOnly in the stack of the bucket that is replicated',
    'make buckets and keys in one stack, or leave keyPolicyOnly out of this key and restrict its use by administrators and grants',
  ),
  keyElsewhere: refusal(
    'DW1045',
    "S3 would reject the key: it encrypts by keys of the bucket's own region.",
    "keys in the bucket's region",
    'make a key there',
  ),
  noKey: refusal(
    'DW1046',
    "No key was given, and without one the bucket would be encrypted by S3's own.",
    'a customer managed key',
    'pass the key of an EncryptionKey, or say ObjectEncryption.s3Managed(reason)',
  ),
  replicaNotLocked: refusal(
    'DW1044',
    'S3 copies objects of a bucket with object lock only to another one with object lock.',
    'object lock in both buckets',
    'pass objectLock to the destination too',
  ),
  replicationElsewhere: refusal(
    'DW1037',
    'The replica would belong to another account, which has to agree first.',
    'a bucket of the same account',
    'use the L2 bucket for replication between accounts',
  ),

  // Checks
  cdkNagMissing: refusal(
    'DW1051',
    'The security checks run rules of cdk-nag, which cannot be loaded.',
    'cdk-nag 3',
    "install it: npm install 'cdk-nag@^3.0.2'",
  ),
} as const;
