import { Key } from 'aws-cdk-lib/aws-kms';
import { DataWorksBucket } from '../../src';
import {
  administrator,
  anonymous,
  evaluate,
  FULL_ACCESS,
  putObject,
  request,
  role,
  service,
  type DeployedPolicies,
  type EncryptionHeaders,
  type Principal,
} from '../support/iam';
import { ACCOUNT, OTHER_ACCOUNT, REGION, synth } from '../support/synth';
import { proves, type Row } from '../support/truth-table';

const keyArn = (id: string) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`;

/** A data bucket whose requests may name one more key. Its policy allows nothing: whoever gets in does so by IAM. */
const template = synth((stack) => {
  new DataWorksBucket(stack, 'Data', {
    key: Key.fromKeyArn(stack, 'Own', keyArn('own')),
    additionalKeys: [Key.fromKeyArn(stack, 'Additional', keyArn('additional'))],
  });
});

const ADMINISTRATOR = administrator(ACCOUNT);
const DEPLOYMENT = role(ACCOUNT, `cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}`, { identity: [FULL_ACCESS] });

function rows(policies: DeployedPolicies): readonly Row[] {
  const bucket = policies.logicalId('AWS::S3::Bucket');
  const arn = policies.arn(bucket);
  const policy = policies.bucketPolicy(bucket);
  type Circumstances = Partial<Parameters<typeof putObject>[0]>;
  const put =
    (encryption?: EncryptionHeaders, how: Circumstances = {}) =>
    () =>
      evaluate(putObject({ principal: ADMINISTRATOR, object: `${arn}/a/b`, account: ACCOUNT, encryption, ...how }), policy);
  const call =
    (action: string, resource: string, how: Circumstances = {}) =>
    () =>
      evaluate(request({ principal: ADMINISTRATOR, action, resource, account: ACCOUNT, ...how }), policy);
  const get = (how: Circumstances = {}) => call('s3:GetObject', `${arn}/a/b`, how);
  const as = (principal: Principal) => get({ principal });

  return [
    ['PUT that names no encryption', 'allow', "the bucket's default encryption applies", put()],
    [
      "PUT with aws:kms and the bucket's key",
      'allow',
      'it is what would happen anyway',
      put({ algorithm: 'aws:kms', keyId: keyArn('own') }),
    ],
    ['PUT with aws:kms and an additional key', 'allow', 'it is listed', put({ algorithm: 'aws:kms', keyId: keyArn('additional') })],
    [
      'PUT with aws:kms and another key of the account',
      'explicitDeny',
      'DenyOtherKey',
      put({ algorithm: 'aws:kms', keyId: keyArn('foreign') }),
    ],
    [
      'PUT with aws:kms and a key of another account',
      'explicitDeny',
      'whoever owns it could lock us out',
      put({ algorithm: 'aws:kms', keyId: keyArn('own').replace(ACCOUNT, OTHER_ACCOUNT) }),
    ],
    [
      "PUT with aws:kms and the bucket's key by its id",
      'explicitDeny',
      'only ARNs are compared',
      put({ algorithm: 'aws:kms', keyId: 'own' }),
    ],
    ['PUT with aws:kms and no key', 'explicitDeny', 'S3 would take the key that AWS manages', put({ algorithm: 'aws:kms' })],
    ['PUT with AES256', 'explicitDeny', 'DenyOtherAlgorithm', put({ algorithm: 'AES256' })],
    [
      "PUT with aws:kms:dsse and the bucket's key",
      'explicitDeny',
      'DenyOtherAlgorithm',
      put({ algorithm: 'aws:kms:dsse', keyId: keyArn('own') }),
    ],
    ['PUT with AES256 by the deployment', 'explicitDeny', 'there is no exception', put({ algorithm: 'AES256' }, { principal: DEPLOYMENT })],

    ['GET over plain HTTP', 'explicitDeny', 'TLS only', get({ tls: 'none' })],
    ['GET over TLS 1.0', 'explicitDeny', 'TLS 1.2 or newer', get({ tls: '1.0' })],
    ['GET over TLS 1.1', 'explicitDeny', 'TLS 1.2 or newer', get({ tls: '1.1' })],
    ['GET over TLS 1.2', 'allow', 'new enough', get({ tls: '1.2' })],
    ['GET over TLS 1.3', 'allow', 'new enough', get({ tls: '1.3' })],
    ['GET over TLS of a version that S3 is not told', 'allow', 'a call from within AWS', get({ tls: 'unstated' })],
    ['listing over plain HTTP', 'explicitDeny', 'the bucket itself is protected too', call('s3:ListBucket', arn, { tls: 'none' })],
    ['listing over TLS 1.1', 'explicitDeny', 'the bucket itself is protected too', call('s3:ListBucket', arn, { tls: '1.1' })],
    ['listing over TLS 1.2', 'allow', 'new enough', call('s3:ListBucket', arn, { tls: '1.2' })],

    ['GET from a VPC', 'allow', 'no network is preferred', get({ from: { vpc: 'vpc-1', endpoint: 'vpce-1', ip: '10.0.0.1' } })],
    ['GET by Athena for an administrator', 'allow', 'no service is kept out', get({ via: ['athena.amazonaws.com'] })],
    ['GET by a role without rights', 'implicitDeny', 'the bucket grants nothing', as(role(ACCOUNT, 'nobody'))],
    ['GET without a signature', 'implicitDeny', 'nothing is public', as(anonymous())],
    ['GET by an administrator of another account', 'implicitDeny', 'his account has no say here', as(administrator(OTHER_ACCOUNT))],
    ['PUT by S3 Inventory', 'implicitDeny', 'no service is let in unasked', put(undefined, { principal: service('s3.amazonaws.com') })],

    [
      'PutBucketPolicy by the deployment',
      'allow',
      'a policy must stay mendable',
      call('s3:PutBucketPolicy', arn, { principal: DEPLOYMENT }),
    ],
    ['DeleteBucketPolicy by an administrator', 'allow', 'a policy must stay mendable', call('s3:DeleteBucketPolicy', arn)],
    [
      'PutLifecycleConfiguration by the deployment',
      'allow',
      'updates go on',
      call('s3:PutLifecycleConfiguration', arn, { principal: DEPLOYMENT }),
    ],
    ['DELETE by an administrator', 'allow', 'what IAM allows and no denial is about', call('s3:DeleteObject', `${arn}/a/b`)],
    [
      'replication into the bucket',
      'allow',
      'the denials are about PutObject, and replicas carry the headers of their rule',
      call('s3:ReplicateObject', `${arn}/a/b`),
    ],
  ];
}

describe('the policy of a data bucket', () => {
  proves(template, rows, () => true);
});
