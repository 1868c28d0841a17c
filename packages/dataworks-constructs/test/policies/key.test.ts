import { AccountRootPrincipal, ArnPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { EncryptionKey } from '../../src';
import {
  administrator,
  callKey,
  evaluate,
  FULL_ACCESS,
  role,
  service,
  useKeyThroughS3,
  user,
  type DeployedPolicies,
  type Principal,
} from '../support/iam';
import { ACCOUNT, OTHER_ACCOUNT, REGION, synth } from '../support/synth';
import { proves, type Row } from '../support/truth-table';

const TRAIL = `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/audit`;
const LOG_GROUP = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/dataworks/audit`;
const BUCKET = 'arn:aws:s3:::data';

/** What administrators are promised, typed by hand. */
const MANAGEMENT = [
  ...[
    'CancelKeyDeletion',
    'CreateAlias',
    'DeleteAlias',
    'DescribeKey',
    'DisableKey',
    'DisableKeyRotation',
    'EnableKey',
    'EnableKeyRotation',
  ],
  ...['GetKeyPolicy', 'GetKeyRotationStatus', 'ListGrants', 'ListKeyPolicies', 'ListKeyRotations', 'ListResourceTags', 'PutKeyPolicy'],
  ...['RevokeGrant', 'RotateKeyOnDemand', 'ScheduleKeyDeletion', 'TagResource', 'UntagResource', 'UpdateAlias', 'UpdateKeyDescription'],
];

/** Every way to use a key, or to let somebody use it. */
const USE = [
  ...['CreateGrant', 'Decrypt', 'DeriveSharedSecret', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyPair'],
  ...['GenerateDataKeyPairWithoutPlaintext', 'GenerateDataKeyWithoutPlaintext', 'GenerateMac', 'ReEncryptFrom', 'ReEncryptTo'],
  ...['Sign', 'Verify', 'VerifyMac'],
];

const template = (keyPolicyOnly: boolean) =>
  synth((stack) => {
    const key = new EncryptionKey(stack, 'Key', {
      alias: 'lake',
      administrators: [new ArnPrincipal(`arn:aws:iam::${ACCOUNT}:role/KeyAdmin`), new ArnPrincipal(`arn:aws:iam::${ACCOUNT}:user/ann`)],
      keyPolicyOnly,
    });
    key.grantDecryptThroughS3(new Role(stack, 'Reader', { roleName: 'reader', assumedBy: new AccountRootPrincipal() }));
    key.grantEncryptDecryptThroughS3(new ArnPrincipal(`arn:aws:iam::${OTHER_ACCOUNT}:role/partner`));
    key.grantCloudTrail(TRAIL);
    key.grantLogGroup(LOG_GROUP);
  });

/** IAM lets them do everything: what they cannot do, the key policy keeps from them. */
const KEY_ADMIN = role(ACCOUNT, 'KeyAdmin', { identity: [FULL_ACCESS] });
const DEPLOYMENT_NAME = `cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}`;
const DEPLOYMENT = role(ACCOUNT, DEPLOYMENT_NAME, { identity: [FULL_ACCESS] });

type How = Partial<Omit<Parameters<typeof callKey>[0], 'key' | 'principal' | 'action'>>;

function questions(policies: DeployedPolicies) {
  const key = policies.logicalId('AWS::KMS::Key');
  const arn = policies.arn(key);
  const policy = policies.keyPolicy(key);
  return {
    direct:
      (principal: Principal, action: string, how: How = {}) =>
      () =>
        evaluate(callKey({ principal, action: `kms:${action}`, key: arn, ...how }), policy),
    throughS3:
      (principal: Principal, action: string, how: How = {}) =>
      () =>
        evaluate(useKeyThroughS3({ principal, action: `kms:${action}`, key: arn, encrypted: BUCKET, ...how }), policy),
  };
}

/** What holds whether or not IAM is asked. */
function rows({ direct, throughS3 }: ReturnType<typeof questions>): readonly Row[] {
  const partner = role(OTHER_ACCOUNT, 'partner', { identity: [FULL_ACCESS] });
  const trail = (how: { arn?: string; context?: string } = {}) =>
    direct(service('cloudtrail.amazonaws.com', { arn: how.arn ?? TRAIL, account: ACCOUNT }), 'GenerateDataKey', {
      encryptionContext: { 'aws:cloudtrail:arn': how.context ?? TRAIL },
    });
  const logs = (action: string, group?: string, region = REGION) =>
    direct(service(`logs.${region}.amazonaws.com`), action, group === undefined ? {} : { encryptionContext: { 'aws:logs:arn': group } });

  return [
    ...MANAGEMENT.map((action): Row => [
      `${action} by an administrator whom IAM allows nothing`,
      'allow',
      'he manages',
      direct(role(ACCOUNT, 'KeyAdmin'), action),
    ]),
    ...USE.map((action): Row => [
      `${action} by an administrator with kms:* in IAM`,
      'explicitDeny',
      'he does not use',
      direct(KEY_ADMIN, action),
    ]),
    ['Decrypt through S3 by an administrator', 'explicitDeny', 'by no way', throughS3(KEY_ADMIN, 'Decrypt')],
    [
      'Decrypt by a user who administers',
      'explicitDeny',
      'users too',
      direct(user(ACCOUNT, 'ann', { identity: [FULL_ACCESS] }), 'Decrypt'),
    ],
    ['ScheduleKeyDeletion by a user who administers', 'allow', 'users too', direct(user(ACCOUNT, 'ann'), 'ScheduleKeyDeletion')],

    ['Decrypt through S3 by a partner role', 'allow', 'it is granted', throughS3(partner, 'Decrypt')],
    ['GenerateDataKey through S3 by a partner role', 'allow', 'it is granted', throughS3(partner, 'GenerateDataKey')],
    ['Decrypt by a call of the partner role', 'implicitDeny', 'only through S3', direct(partner, 'Decrypt')],
    [
      'Decrypt through another service by the partner role',
      'implicitDeny',
      'only through S3',
      direct(partner, 'Decrypt', { context: { 'kms:ViaService': `secretsmanager.${REGION}.amazonaws.com` } }),
    ],
    [
      'Decrypt through S3 of another region by the partner role',
      'implicitDeny',
      'the bucket is here',
      throughS3(partner, 'Decrypt', { context: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } }),
    ],
    ['Encrypt through S3 by the partner role', 'implicitDeny', 'S3 needs data keys only', throughS3(partner, 'Encrypt')],
    ['CreateGrant through S3 by the partner role', 'implicitDeny', 'use is not handed on', throughS3(partner, 'CreateGrant')],
    [
      'Decrypt through S3 by another role of that account',
      'implicitDeny',
      'it is not named',
      throughS3(administrator(OTHER_ACCOUNT), 'Decrypt'),
    ],

    ['GenerateDataKey by CloudTrail for the trail', 'allow', 'it encrypts its files', trail()],
    ['GenerateDataKey by CloudTrail for another trail', 'implicitDeny', 'aws:SourceArn', trail({ arn: `${TRAIL}2` })],
    [
      'GenerateDataKey by CloudTrail for a trail of another account',
      'implicitDeny',
      'the encryption context',
      trail({ context: TRAIL.replace(ACCOUNT, OTHER_ACCOUNT) }),
    ],
    [
      'DescribeKey by CloudTrail for the trail',
      'allow',
      'it checks the key first',
      direct(service('cloudtrail.amazonaws.com', { arn: TRAIL }), 'DescribeKey'),
    ],
    [
      'DescribeKey by CloudTrail for another trail',
      'implicitDeny',
      'aws:SourceArn',
      direct(service('cloudtrail.amazonaws.com', { arn: `${TRAIL}2` }), 'DescribeKey'),
    ],
    [
      'Decrypt by CloudTrail for the trail',
      'implicitDeny',
      'it does not read its files',
      direct(service('cloudtrail.amazonaws.com', { arn: TRAIL }), 'Decrypt', { encryptionContext: { 'aws:cloudtrail:arn': TRAIL } }),
    ],

    ...['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom'].map((action): Row => [
      `${action} by CloudWatch Logs for the log group`,
      'allow',
      'it reads and writes',
      logs(action, LOG_GROUP),
    ]),
    ['Decrypt by CloudWatch Logs for another log group', 'implicitDeny', 'the encryption context', logs('Decrypt', `${LOG_GROUP}2`)],
    [
      'Decrypt by CloudWatch Logs for that log group of another account',
      'implicitDeny',
      'the encryption context',
      logs('Decrypt', LOG_GROUP.replace(ACCOUNT, OTHER_ACCOUNT)),
    ],
    ['Decrypt by CloudWatch Logs without a context', 'implicitDeny', 'the encryption context', logs('Decrypt')],
    ['Decrypt by CloudWatch Logs of another region', 'implicitDeny', 'another principal', logs('Decrypt', LOG_GROUP, 'us-east-1')],
    [
      'Decrypt by another service for the log group',
      'implicitDeny',
      'another principal',
      direct(service('sns.amazonaws.com'), 'Decrypt', { encryptionContext: { 'aws:logs:arn': LOG_GROUP } }),
    ],
    [
      'Decrypt by an administrator of another account',
      'implicitDeny',
      'his IAM has no say',
      direct(administrator(OTHER_ACCOUNT), 'Decrypt'),
    ],
    [
      'PutKeyPolicy by an administrator of another account',
      'implicitDeny',
      'the same',
      direct(administrator(OTHER_ACCOUNT), 'PutKeyPolicy'),
    ],
  ];
}

/** KMS tells the account of whoever calls, which is that of the principal that the statement names. */
const isRedundant = (name: string) => name.endsWith('kms:CallerAccount');

describe('the policy of a key that leaves the use to IAM', () => {
  const table = (policies: DeployedPolicies): readonly Row[] => {
    const { direct, throughS3 } = questions(policies);
    const reader = role(ACCOUNT, 'reader', policies.identityPolicies(policies.logicalId('AWS::IAM::Role')));
    return [
      ...rows({ direct, throughS3 }),
      ['Decrypt by a role with that right in IAM', 'allow', 'IAM decides', direct(administrator(ACCOUNT), 'Decrypt')],
      ['Decrypt by a role without', 'implicitDeny', 'IAM decides', direct(role(ACCOUNT, 'nobody'), 'Decrypt')],
      ['Decrypt through S3 by the granted role', 'allow', 'the grant lies in its own policy', throughS3(reader, 'Decrypt')],
      ['Decrypt by a call of the granted role', 'implicitDeny', 'only through S3', direct(reader, 'Decrypt')],
      ['PutKeyPolicy by the deployment', 'allow', 'IAM lets it', direct(DEPLOYMENT, 'PutKeyPolicy')],
    ];
  };
  proves(template(false), table, ({ name }) => !isRedundant(name));
});

describe('the policy of a key that decides alone', () => {
  const table = (policies: DeployedPolicies): readonly Row[] => {
    const { direct, throughS3 } = questions(policies);
    const reader = role(ACCOUNT, 'reader', policies.identityPolicies(policies.logicalId('AWS::IAM::Role')));
    const everybody = administrator(ACCOUNT);
    return [
      ...rows({ direct, throughS3 }),
      ...['Decrypt', 'GenerateDataKey', 'CreateGrant', 'PutKeyPolicy', 'ScheduleKeyDeletion', 'DescribeKey'].map((action): Row => [
        `${action} by a role with kms:* in IAM`,
        'implicitDeny',
        'IAM alone grants nothing',
        direct(everybody, action),
      ]),
      ['Decrypt through S3 by a role with kms:* in IAM', 'implicitDeny', 'IAM alone grants nothing', throughS3(everybody, 'Decrypt')],
      ...MANAGEMENT.map((action): Row => [
        `${action} by the deployment`,
        'allow',
        'CreateKey fails without',
        direct(role(ACCOUNT, DEPLOYMENT_NAME), action),
      ]),
      ...['Decrypt', 'GenerateDataKey', 'CreateGrant'].map((action): Row => [
        `${action} by the deployment`,
        'implicitDeny',
        'it manages and does not use',
        direct(DEPLOYMENT, action),
      ]),
      ['Decrypt through S3 by the granted role', 'allow', 'the grant lies in the key policy', throughS3(reader, 'Decrypt')],
      ['Decrypt by a call of the granted role', 'implicitDeny', 'only through S3', direct(reader, 'Decrypt')],
      ['GenerateDataKey through S3 by the granted role', 'implicitDeny', 'it reads only', throughS3(reader, 'GenerateDataKey')],
    ];
  };
  // The policy of the role itself counts for nothing here.
  proves(template(true), table, ({ logicalId, name }) => logicalId.startsWith('Key') && !isRedundant(name));
});
