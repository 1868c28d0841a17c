import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { DataWorksBucket } from '../../src';
import {
  administrator,
  anonymous,
  evaluate,
  FULL_ACCESS,
  request,
  role,
  service,
  user,
  type DeployedPolicies,
  type Principal,
} from '../support/iam';
import { ACCOUNT, OTHER_ACCOUNT, REGION, synth } from '../support/synth';
import { proves, type Row } from '../support/truth-table';

const iam = (name: string) => `arn:aws:iam::${ACCOUNT}:${name}`;

const template = synth((stack) => {
  const key = Key.fromKeyArn(stack, 'Key', `arn:aws:kms:${REGION}:${ACCOUNT}:key/own`);
  const data = new DataWorksBucket(stack, 'Data', {
    key,
    restrictedPrefixes: [{ prefix: 'hr/', principalArns: [iam('role/hr'), iam('user/ann'), iam('role/hr-*')] }],
    replicateTo: new DataWorksBucket(stack, 'Replica', { key }),
  });
  data.grantRead(new ServicePrincipal('transfer.amazonaws.com'));
});

/** By IAM everybody here may do everything. */
const may = (name: string) => role(ACCOUNT, name, { identity: [FULL_ACCESS] });
const ADMINISTRATOR = administrator(ACCOUNT);
const DEPLOYMENT = may(`cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}`);

/** Whatever reads, writes, changes or deletes an object. */
const OBJECT_ACTIONS = [
  ...['AbortMultipartUpload', 'DeleteObject', 'DeleteObjectTagging', 'DeleteObjectVersion', 'GetObject', 'GetObjectAttributes'],
  ...['GetObjectTagging', 'GetObjectVersion', 'GetObjectVersionForReplication', 'ListMultipartUploadParts', 'PutObject', 'PutObjectAcl'],
  ...['PutObjectLegalHold', 'PutObjectRetention', 'PutObjectTagging', 'ReplicateObject', 'RestoreObject'],
];

function rows(policies: DeployedPolicies): readonly Row[] {
  const bucket = policies.logicalId('AWS::S3::Bucket', 'Data');
  const arn = policies.arn(bucket);
  const policy = policies.bucketPolicy(bucket);
  const object =
    (principal: Principal, action: string, name = 'hr/salaries', how: { via?: readonly string[] } = {}) =>
    () =>
      evaluate(request({ principal, action: `s3:${action}`, resource: `${arn}/${name}`, account: ACCOUNT, ...how }), policy);
  const onBucket = (principal: Principal, action: string) => () =>
    evaluate(request({ principal, action: `s3:${action}`, resource: arn, account: ACCOUNT }), policy);
  const replicator = policies.ref(policies.logicalId('AWS::IAM::Role'));
  const athena = { via: ['athena.amazonaws.com'] };
  const transfer = service('transfer.amazonaws.com', { account: ACCOUNT });

  return [
    ...OBJECT_ACTIONS.map((action): Row => [`${action} by a named role`, 'allow', 'it is named', object(may('hr'), action)]),
    ...OBJECT_ACTIONS.map((action): Row => [
      `${action} by an administrator`,
      'explicitDeny',
      'IAM does not count here',
      object(ADMINISTRATOR, action),
    ]),
    ['GetObject by a named user', 'allow', 'he is named', object(user(ACCOUNT, 'ann', { identity: [FULL_ACCESS] }), 'GetObject')],
    ['GetObject by another user', 'explicitDeny', 'he is not', object(user(ACCOUNT, 'bob', { identity: [FULL_ACCESS] }), 'GetObject')],
    ['GetObject by a role that a wildcard names', 'allow', 'as in ArnLike', object(may('hr-reports'), 'GetObject')],
    ['GetObject by a role whose name begins like a named one', 'explicitDeny', 'no wildcard there', object(may('hrx'), 'GetObject')],
    ['GetObject by a role of that name with a path', 'explicitDeny', 'it is another role', object(may('x/hr'), 'GetObject')],
    [
      'GetObject by a role of that name in another account',
      'explicitDeny',
      'it is another role',
      object(role(OTHER_ACCOUNT, 'hr', { identity: [FULL_ACCESS] }), 'GetObject'),
    ],
    [
      'GetObject by a named role whom IAM allows nothing',
      'implicitDeny',
      'to be named is no right',
      object(role(ACCOUNT, 'hr'), 'GetObject'),
    ],
    ['GetObject without a signature', 'explicitDeny', 'nobody is not named', object(anonymous(), 'GetObject')],

    ['GetObject elsewhere by an administrator', 'allow', 'the restriction ends there', object(ADMINISTRATOR, 'GetObject', 'sales/x')],
    ['GetObject of a key that begins alike', 'allow', 'the prefix ends with a slash', object(ADMINISTRATOR, 'GetObject', 'hr2/x')],
    ['GetObject deeper by an administrator', 'explicitDeny', 'all below the prefix', object(ADMINISTRATOR, 'GetObject', 'hr/a/b/c')],
    ['ListBucket by an administrator', 'allow', 'names are no objects', onBucket(ADMINISTRATOR, 'ListBucket')],

    ['GetObject by a service that is granted it', 'allow', 'services that act by themselves are exempt', object(transfer, 'GetObject')],
    [
      'GetObject by a service that is not',
      'implicitDeny',
      'to be exempt is no right',
      object(service('sns.amazonaws.com', { account: ACCOUNT }), 'GetObject'),
    ],
    ['GetObject by Athena for a named role', 'allow', 'a forward access session', object(may('hr'), 'GetObject', 'hr/x', athena)],
    [
      'GetObject by Athena for an administrator',
      'allow',
      'forward access sessions are exempt: there IAM and key policy alone decide',
      object(ADMINISTRATOR, 'GetObject', 'hr/x', athena),
    ],
    [
      'GetObject by Athena for a role without rights',
      'implicitDeny',
      'to be exempt is no right',
      object(role(ACCOUNT, 'nobody'), 'GetObject', 'hr/x', athena),
    ],
    [
      "GetObject by Macie's service-linked role",
      'explicitDeny',
      'it calls as a role, which is not named',
      object(may('aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie'), 'GetObject'),
    ],

    ['PutObject by the deployment', 'allow', 'it must stay able to work', object(DEPLOYMENT, 'PutObject')],
    ['DeleteObject by the deployment', 'allow', 'it must stay able to work', object(DEPLOYMENT, 'DeleteObject')],
    ['PutBucketPolicy by the deployment', 'allow', 'a policy must stay mendable', onBucket(DEPLOYMENT, 'PutBucketPolicy')],
    ['PutBucketPolicy by an administrator', 'allow', 'a policy must stay mendable', onBucket(ADMINISTRATOR, 'PutBucketPolicy')],
    [
      'GetObjectVersionForReplication by the replication role',
      'allow',
      'a copy of all is asked for',
      object(may(replicator), 'GetObjectVersionForReplication'),
    ],
  ];
}

describe('a restricted prefix', () => {
  proves(
    template,
    rows,
    ({ logicalId, statement }) => logicalId.startsWith('DataPolicy') && JSON.stringify(statement).includes('ArnNotLike'),
  );
});
