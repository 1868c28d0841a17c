import { Key } from 'aws-cdk-lib/aws-kms';
import { App, Stack } from 'aws-cdk-lib/core';
import { AccessLogsBucket, DataWorksBucket } from '../../src';
import {
  administrator,
  anonymous,
  deliverAccessLog,
  evaluate,
  putObject,
  request,
  role,
  service,
  type DeployedPolicies,
  type EncryptionHeaders,
} from '../support/iam';
import { ACCOUNT, OTHER_ACCOUNT, REGION, rendered, synth } from '../support/synth';
import { proves, type Row } from '../support/truth-table';

const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/own`;
const keyOf = (stack: Stack) => Key.fromKeyArn(stack, 'Key', KEY);
const OBJECT = '111122223333/eu-west-1/data/2026/11/24/2026-11-24-10-00-00-ABCDEF';

const ownStack = synth((stack) => {
  const logs = new AccessLogsBucket(stack, 'Logs');
  new DataWorksBucket(stack, 'Data', { key: keyOf(stack), accessLogs: logs, accessLogsPrefix: 'data/' });
});

/** A log bucket that serves a bucket of another stack. */
function otherStack() {
  const app = new App();
  const stack = new Stack(app, 'Logs');
  const logs = new AccessLogsBucket(stack, 'Logs');
  const other = new Stack(app, 'Data');
  new DataWorksBucket(other, 'Data', { key: keyOf(other), accessLogs: logs, accessLogsPrefix: 'data/' });
  return rendered(stack);
}

/** What holds for every log bucket; `source` is the bucket that logs to it below `data/`. */
function rows(source: string, asks: ReturnType<typeof questions>): readonly Row[] {
  const { arn, delivery, put, call } = asks;
  const encrypted = (encryption: EncryptionHeaders) => put({ encryption });
  const delivered = { arn: source, account: ACCOUNT };
  const logging = service('logging.s3.amazonaws.com', delivered);

  return [
    ['delivery for the data bucket', 'allow', 'it is what the bucket is for', delivery(source)],
    ['delivery over TLS of an unstated version', 'allow', 'S3 delivers from within AWS', put({ principal: logging, tls: 'unstated' })],
    [
      'delivery with AES256',
      'allow',
      "it is the bucket's own encryption",
      put({ principal: logging, encryption: { algorithm: 'AES256' } }),
    ],
    ['delivery for the data bucket, from another account', 'implicitDeny', 'names are free once deleted', delivery(source, OTHER_ACCOUNT)],
    ['delivery outside of the prefix', 'implicitDeny', 'it would pass for the log of another bucket', delivery(source, ACCOUNT, 'raw/')],
    ['delivery for a queue', 'implicitDeny', 'only buckets have access logs', delivery(`arn:aws:sqs:${REGION}:${ACCOUNT}:queue`)],
    [
      'delivery that states no source',
      'implicitDeny',
      'the service could act for a stranger',
      put({ principal: service('logging.s3.amazonaws.com') }),
    ],
    [
      'PUT by CloudTrail for the data bucket',
      'implicitDeny',
      'another service',
      put({ principal: service('cloudtrail.amazonaws.com', delivered) }),
    ],
    ['PUT without a signature', 'implicitDeny', 'nothing is public', put({ principal: anonymous() })],
    [
      'PUT by an administrator of another account',
      'implicitDeny',
      'his account has no say here',
      put({ principal: administrator(OTHER_ACCOUNT) }),
    ],
    ['GET by the logging service', 'implicitDeny', 'it only writes', call({ principal: logging })],
    ['GET by a role without rights', 'implicitDeny', 'the bucket grants nothing', call({ principal: role(ACCOUNT, 'nobody') })],

    ['PUT that names no encryption', 'allow', 'SSE-S3 applies', put({})],
    ['PUT with AES256', 'allow', 'it is what would happen anyway', encrypted({ algorithm: 'AES256' })],
    ['PUT with aws:kms', 'explicitDeny', 'DenyOtherAlgorithm', encrypted({ algorithm: 'aws:kms', keyId: KEY })],
    ['PUT with aws:kms:dsse', 'explicitDeny', 'DenyOtherAlgorithm', encrypted({ algorithm: 'aws:kms:dsse' })],

    ['GET over plain HTTP', 'explicitDeny', 'TLS only', call({ tls: 'none' })],
    ['GET over TLS 1.1', 'explicitDeny', 'TLS 1.2 or newer', call({ tls: '1.1' })],
    ['GET over TLS 1.2', 'allow', 'new enough', call({ tls: '1.2' })],
    ['listing over plain HTTP', 'explicitDeny', 'TLS only', call({ action: 's3:ListBucket', resource: arn, tls: 'none' })],
    ['listing over TLS 1.1', 'explicitDeny', 'TLS 1.2 or newer', call({ action: 's3:ListBucket', resource: arn, tls: '1.1' })],
    ['PutBucketPolicy by an administrator', 'allow', 'a policy must stay mendable', call({ action: 's3:PutBucketPolicy', resource: arn })],
  ];
}

function questions(policies: DeployedPolicies) {
  const logs = policies.logicalId('AWS::S3::Bucket', 'Logs');
  const arn = policies.arn(logs);
  const policy = policies.bucketPolicy(logs);
  const object = `${arn}/data/${OBJECT}`;
  return {
    arn,
    delivery:
      (source: string, account = ACCOUNT, prefix = 'data/') =>
      () =>
        evaluate(deliverAccessLog({ source: { arn: source, account }, object: `${arn}/${prefix}${OBJECT}`, account: ACCOUNT }), policy),
    put: (how: Partial<Parameters<typeof putObject>[0]>) => () =>
      evaluate(putObject({ principal: administrator(ACCOUNT), object, account: ACCOUNT, ...how }), policy),
    call: (how: Partial<Parameters<typeof request>[0]>) => () =>
      evaluate(request({ principal: administrator(ACCOUNT), action: 's3:GetObject', resource: object, account: ACCOUNT, ...how }), policy),
  };
}

const OTHER_BUCKET = 'arn:aws:s3:::other';

describe('the policy of a log bucket', () => {
  const table = (policies: DeployedPolicies): readonly Row[] => {
    const asks = questions(policies);
    return [
      ...rows(policies.arn(policies.logicalId('AWS::S3::Bucket', 'Data')), asks),
      ['delivery for another bucket', 'implicitDeny', 'that bucket has not asked', asks.delivery(OTHER_BUCKET)],
    ];
  };
  proves(ownStack, table, ({ logicalId }) => logicalId.startsWith('Logs'));
});

describe('the policy of a log bucket that serves another stack', () => {
  const table = (policies: DeployedPolicies): readonly Row[] => {
    const asks = questions(policies);
    return [
      ...rows('arn:aws:s3:::data', asks),
      ['delivery for another bucket of the account', 'allow', 'the two stacks may not name each other', asks.delivery(OTHER_BUCKET)],
    ];
  };
  proves(otherStack(), table, () => true);
});
