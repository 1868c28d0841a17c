import { AccountRootPrincipal, ArnPrincipal, OrganizationPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { DataWorksBucket, EncryptionKey } from '../../src';
import {
  callKey,
  evaluate,
  FULL_ACCESS,
  request,
  role,
  service,
  useKeyThroughS3,
  type DeployedPolicies,
  type Principal,
} from '../support/iam';
import { ACCOUNT, OTHER_ACCOUNT, synth } from '../support/synth';
import { proves, type Row } from '../support/truth-table';

const template = synth((stack) => {
  const key = new EncryptionKey(stack, 'Key', { alias: 'lake' });
  const data = new DataWorksBucket(stack, 'Data', { key: key.key });
  const newRole = (id: string) => new Role(stack, id, { roleName: id.toLowerCase(), assumedBy: new AccountRootPrincipal() });
  data.grantRead(newRole('Reader'), 'team-a/*');
  data.grantWrite(newRole('Writer'), 'team-a/*');
  data.grantReadWrite(newRole('Editor'));
  data.grantDelete(newRole('Eraser'), 'team-a/*');
  // Whose account the stack does not know: the grant is written to both sides.
  data.grantRead(Role.fromRoleArn(stack, 'Imported', `arn:aws:iam::${ACCOUNT}:role/imported`), 'team-a/*');
  data.grantRead(new ArnPrincipal(`arn:aws:iam::${OTHER_ACCOUNT}:role/partner`), 'team-a/*');
  data.grantRead(new OrganizationPrincipal('o-aa111bb222'), 'team-a/*');
  data.grantReadWrite(new ServicePrincipal('transfer.amazonaws.com'), 'team-a/*');
  data.grantRead(
    new ServicePrincipal('cloudfront.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceArn': 'arn:aws:cloudfront::1:distribution/E1' } },
    }),
    'team-a/*',
  );
});

const READ = ['GetObject', 'GetObjectTagging', 'GetObjectVersion', 'GetObjectVersionTagging'];
const WRITE = ['AbortMultipartUpload', 'ListMultipartUploadParts', 'PutObject', 'PutObjectTagging'];
const LIST = ['ListBucket', 'ListBucketVersions'];

function rows(policies: DeployedPolicies): readonly Row[] {
  const bucket = policies.logicalId('AWS::S3::Bucket');
  const arn = policies.arn(bucket);
  const key = policies.logicalId('AWS::KMS::Key');
  const bucketPolicy = policies.bucketPolicy(bucket);
  const keyPolicy = policies.keyPolicy(key);
  const keyArn = policies.arn(key);
  const identity = (id: string) => policies.identityPolicies(policies.logicalId('AWS::IAM::Role', id)).identity;
  const reader = role(ACCOUNT, 'reader', { identity: identity('Reader') });
  const writer = role(ACCOUNT, 'writer', { identity: identity('Writer') });
  const editor = role(ACCOUNT, 'editor', { identity: identity('Editor') });
  const eraser = role(ACCOUNT, 'eraser', { identity: identity('Eraser') });
  const imported = role(ACCOUNT, 'imported', { identity: policies.attachedTo('imported') });

  const object =
    (principal: Principal, action: string, name = 'team-a/x') =>
    () =>
      evaluate(request({ principal, action: `s3:${action}`, resource: `${arn}/${name}`, account: ACCOUNT }), bucketPolicy);
  const list = (principal: Principal, action: string, prefix?: string) => () =>
    evaluate(
      request({
        principal,
        action: `s3:${action}`,
        resource: arn,
        account: ACCOUNT,
        context: prefix === undefined ? {} : { 's3:prefix': prefix },
      }),
      bucketPolicy,
    );
  const s3 = (principal: Principal, action: string) => () =>
    evaluate(useKeyThroughS3({ principal, action: `kms:${action}`, key: keyArn, encrypted: arn }), keyPolicy);
  const kms = (principal: Principal, action: string) => () =>
    evaluate(callKey({ principal, action: `kms:${action}`, key: keyArn }), keyPolicy);

  /** What a principal who may read `team-a/*` may do and may not. */
  const reads = (who: string, principal: Principal): readonly Row[] => [
    ...READ.map((action): Row => [`${action} below the prefix by ${who}`, 'allow', 'read', object(principal, action)]),
    ...READ.map((action): Row => [`${action} elsewhere by ${who}`, 'implicitDeny', 'the prefix', object(principal, action, 'team-b/x')]),
    ...LIST.map((action): Row => [`${action} below the prefix by ${who}`, 'allow', 'read', list(principal, action, 'team-a/')]),
    ...LIST.map((action): Row => [`${action} deeper by ${who}`, 'allow', 'read', list(principal, action, 'team-a/2026/')]),
    ...LIST.map((action): Row => [`${action} elsewhere by ${who}`, 'implicitDeny', 'the prefix', list(principal, action, 'team-b/')]),
    ...LIST.map((action): Row => [`${action} of all by ${who}`, 'implicitDeny', 'the prefix', list(principal, action)]),
    [`GetBucketLocation by ${who}`, 'allow', 'clients ask before they read', list(principal, 'GetBucketLocation')],
    ...WRITE.map((action): Row => [`${action} below the prefix by ${who}`, 'implicitDeny', 'he reads', object(principal, action)]),
    [`DeleteObject below the prefix by ${who}`, 'implicitDeny', 'he reads', object(principal, 'DeleteObject')],
    [`Decrypt through S3 by ${who}`, 'allow', 'read', s3(principal, 'Decrypt')],
    [`GenerateDataKey through S3 by ${who}`, 'implicitDeny', 'he reads', s3(principal, 'GenerateDataKey')],
    [`Decrypt by a call of ${who}`, 'implicitDeny', 'only through S3', kms(principal, 'Decrypt')],
  ];

  const partner = role(OTHER_ACCOUNT, 'partner', { identity: [FULL_ACCESS] });
  const member = (organization: string) => {
    const stranger = role('777788889999', 'member', { identity: [FULL_ACCESS] });
    return { ...stranger, keys: { ...stranger.keys, 'aws:PrincipalOrgID': organization } };
  };
  const transfer = (account?: string) => service('transfer.amazonaws.com', { account });
  const cloudFront = (distribution: string) =>
    service('cloudfront.amazonaws.com', { arn: `arn:aws:cloudfront::1:distribution/${distribution}`, account: OTHER_ACCOUNT });

  return [
    ...reads('the reader', reader),
    ...reads('an imported role', imported),
    ...reads('a role of another account', partner),
    ...reads('a member of the organization', member('o-aa111bb222')),

    [
      'GetObject by another role of that account',
      'implicitDeny',
      'not named',
      object(role(OTHER_ACCOUNT, 'x', { identity: [FULL_ACCESS] }), 'GetObject'),
    ],
    ['GetObject by a member of another organization', 'implicitDeny', 'not named', object(member('o-zz999zz999'), 'GetObject')],
    ['ListBucket by a member of another organization', 'implicitDeny', 'not named', list(member('o-zz999zz999'), 'ListBucket', 'team-a/')],
    [
      'GetBucketLocation by a member of another organization',
      'implicitDeny',
      'not named',
      list(member('o-zz999zz999'), 'GetBucketLocation'),
    ],
    ['Decrypt through S3 by a member of another organization', 'implicitDeny', 'not named', s3(member('o-zz999zz999'), 'Decrypt')],

    ...WRITE.map((action): Row => [`${action} below the prefix by the writer`, 'allow', 'write', object(writer, action)]),
    ...WRITE.map((action): Row => [`${action} elsewhere by the writer`, 'implicitDeny', 'the prefix', object(writer, action, 'team-b/x')]),
    ...READ.map((action): Row => [`${action} below the prefix by the writer`, 'implicitDeny', 'he writes', object(writer, action)]),
    ['DeleteObject below the prefix by the writer', 'implicitDeny', 'he writes', object(writer, 'DeleteObject')],
    ['ListBucket by the writer', 'implicitDeny', 'he writes', list(writer, 'ListBucket', 'team-a/')],
    ['GenerateDataKey through S3 by the writer', 'allow', 'write', s3(writer, 'GenerateDataKey')],
    ['Decrypt through S3 by the writer', 'allow', 'S3 joins the parts of an upload', s3(writer, 'Decrypt')],
    ['Decrypt by a call of the writer', 'implicitDeny', 'only through S3', kms(writer, 'Decrypt')],

    ...[...READ, ...WRITE].map((action): Row => [
      `${action} anywhere by the editor`,
      'allow',
      'read and write',
      object(editor, action, 'x'),
    ]),
    ...LIST.map((action): Row => [`${action} of all by the editor`, 'allow', 'read and write', list(editor, action)]),
    ['GetBucketLocation by the editor', 'allow', 'clients ask before they read', list(editor, 'GetBucketLocation')],
    ['DeleteObject by the editor', 'implicitDeny', 'deleting is a right of its own', object(editor, 'DeleteObject')],
    ...['Decrypt', 'GenerateDataKey'].map((action): Row => [
      `${action} through S3 by the editor`,
      'allow',
      'read and write',
      s3(editor, action),
    ]),
    ['Decrypt by a call of the editor', 'implicitDeny', 'only through S3', kms(editor, 'Decrypt')],

    ['DeleteObject below the prefix by the eraser', 'allow', 'delete', object(eraser, 'DeleteObject')],
    ['DeleteObject elsewhere by the eraser', 'implicitDeny', 'the prefix', object(eraser, 'DeleteObject', 'team-b/x')],
    ['DeleteObjectVersion by the eraser', 'implicitDeny', 'versions are what can be restored', object(eraser, 'DeleteObjectVersion')],
    ['Decrypt through S3 by the eraser', 'implicitDeny', 'deleting needs no key', s3(eraser, 'Decrypt')],

    ...[...READ, ...WRITE].map((action): Row => [
      `${action} by a service for the account`,
      'allow',
      'read and write',
      object(transfer(ACCOUNT), action),
    ]),
    ...LIST.map((action): Row => [`${action} by a service for the account`, 'allow', 'read', list(transfer(ACCOUNT), action, 'team-a/')]),
    ...LIST.map((action): Row => [
      `${action} of all by a service for the account`,
      'implicitDeny',
      'the prefix',
      list(transfer(ACCOUNT), action),
    ]),
    ['GetBucketLocation by a service for the account', 'allow', 'read', list(transfer(ACCOUNT), 'GetBucketLocation')],
    ['GetObject elsewhere by a service for the account', 'implicitDeny', 'the prefix', object(transfer(ACCOUNT), 'GetObject', 'team-b/x')],
    ...['Decrypt', 'GenerateDataKey'].map((action): Row => [
      `${action} by a service for the account`,
      'allow',
      'read and write',
      s3(transfer(ACCOUNT), action),
    ]),
    ...[OTHER_ACCOUNT, undefined].flatMap((account): Row[] => {
      const who = `a service for ${account === undefined ? 'nobody' : 'another account'}`;
      return [
        [`GetObject by ${who}`, 'implicitDeny', 'a confused deputy', object(transfer(account), 'GetObject')],
        [`ListBucket by ${who}`, 'implicitDeny', 'a confused deputy', list(transfer(account), 'ListBucket', 'team-a/')],
        [`GetBucketLocation by ${who}`, 'implicitDeny', 'a confused deputy', list(transfer(account), 'GetBucketLocation')],
        [`Decrypt by ${who}`, 'implicitDeny', 'a confused deputy', s3(transfer(account), 'Decrypt')],
      ];
    }),

    ...READ.map((action): Row => [
      `${action} by a service for the source it was granted for`,
      'allow',
      'read',
      object(cloudFront('E1'), action),
    ]),
    ...LIST.map((action): Row => [`${action} by it`, 'allow', 'read', list(cloudFront('E1'), action, 'team-a/')]),
    ['ListBucket of all by it', 'implicitDeny', 'the prefix', list(cloudFront('E1'), 'ListBucket')],
    ['GetBucketLocation by it', 'allow', 'read', list(cloudFront('E1'), 'GetBucketLocation')],
    ['Decrypt by it', 'allow', 'read', s3(cloudFront('E1'), 'Decrypt')],
    ['GetObject by it for another source', 'implicitDeny', 'a confused deputy', object(cloudFront('E2'), 'GetObject')],
    ['ListBucket by it for another source', 'implicitDeny', 'a confused deputy', list(cloudFront('E2'), 'ListBucket', 'team-a/')],
    ['GetBucketLocation by it for another source', 'implicitDeny', 'a confused deputy', list(cloudFront('E2'), 'GetBucketLocation')],
    ['Decrypt by it for another source', 'implicitDeny', 'a confused deputy', s3(cloudFront('E2'), 'Decrypt')],
  ];
}

/** Within an account the policy of the role or that of the resource is enough, so none of the two is needed but for its limits. */
const onBothSides = (statement: unknown, logicalId: string) => /imported/i.test(JSON.stringify([logicalId, statement]));

describe('grants', () => {
  proves(
    template,
    rows,
    ({ kind, name, logicalId, statement }) =>
      statement.Effect === 'Allow' &&
      !name.endsWith('kms:CallerAccount') && // the account of the principal that the statement names
      (kind === 'condition' || !onBothSides(statement, logicalId)),
  );
});
