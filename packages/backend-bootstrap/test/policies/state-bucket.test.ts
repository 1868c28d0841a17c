import { EncryptionKey } from '@dataworks/constructs';
import {
  administrator,
  anonymous,
  evaluate,
  FULL_ACCESS,
  request,
  role,
  service,
  useKeyThroughS3,
  callKey,
  type DeployedPolicies,
  type Principal,
} from '../../../dataworks-constructs/test/support/iam';
import { synth } from '../../../dataworks-constructs/test/support/synth';
import { proves, type Row } from '../../../dataworks-constructs/test/support/truth-table';
import { StateBackend } from '../../src';
import { ACCOUNT, LATER_ACCOUNT, OTHER_ACCOUNT } from '../support/backend';
import { NAMES } from '../support/calls';

const template = synth((stack) => {
  const { key } = new EncryptionKey(stack, 'Key', { alias: 'state' });
  const recordReaders = [{ environment: 'prod', account: LATER_ACCOUNT }];
  new StateBackend(stack, 'State', { names: NAMES, recordReaders, encryptionKey: key });
});

function rows(policies: DeployedPolicies): readonly Row[] {
  const bucket = policies.logicalId('AWS::S3::Bucket');
  const key = policies.logicalId('AWS::KMS::Key');
  const arn = policies.arn(bucket);
  const bucketPolicy = policies.bucketPolicy(bucket);
  const keyPolicy = policies.keyPolicy(key);
  const call =
    (principal: Principal, action: string, path = '/dataworks-infra/record.json', context: Record<string, string> = {}) =>
    () =>
      evaluate(request({ principal, action: `s3:${action}`, resource: `${arn}${path}`, account: ACCOUNT, context }), bucketPolicy);
  const through = (principal: Principal, action: string) => () =>
    evaluate(useKeyThroughS3({ principal, action: `kms:${action}`, key: policies.arn(key), encrypted: arn }), keyPolicy);

  const withAllRights = (account: string, name: string) => role(account, name, { identity: [FULL_ACCESS] });
  const later = withAllRights(LATER_ACCOUNT, 'sales-prod-deployer');
  const itsPlan = withAllRights(LATER_ACCOUNT, 'sales-prod-plan');

  return [
    ['the next deployer reads the record', 'allow', 'promotion in order', call(later, 'GetObject')],
    [
      'the next deployer reads history',
      'implicitDeny',
      'the record says enough',
      call(later, 'GetObject', '/dataworks-infra/history/00000001.json'),
    ],
    [
      'the next deployer reads the state of a Terraform user',
      'implicitDeny',
      'it holds secrets',
      call(later, 'GetObject', '/network/terraform.tfstate'),
    ],
    ['the next deployer lists', 'implicitDeny', 'it knows the name', call(later, 'ListBucket', '')],
    ['the next deployer writes the record', 'implicitDeny', 'it belongs here', call(later, 'PutObject')],
    ['the next deployer deletes the record', 'implicitDeny', 'it belongs here', call(later, 'DeleteObject')],
    ['the plan role of the next environment', 'explicitDeny', 'any branch would', call(itsPlan, 'GetObject')],
    ['an administrator of the next account', 'explicitDeny', 'the deployer alone', call(administrator(LATER_ACCOUNT), 'GetObject')],
    [
      'a deployer of that name elsewhere',
      'explicitDeny',
      'another account',
      call(withAllRights(OTHER_ACCOUNT, 'sales-prod-deployer'), 'GetObject'),
    ],
    ['a stranger lists', 'explicitDeny', 'another account', call(administrator(OTHER_ACCOUNT), 'ListBucket', '')],
    ['anybody', 'explicitDeny', 'no account at all', call(anonymous(), 'GetObject')],
    ['an administrator of this account', 'allow', 'by IAM', call(administrator(ACCOUNT), 'GetObject')],
    ...(
      [
        ['reads', 'GetObject', undefined],
        ['lists', 'ListBucket', ''],
      ] as const
    ).map(([what, action, path]): Row => [
      `somebody of this account ${what} through an access point`,
      'explicitDeny',
      'the boundary names the bucket, not its access points',
      call(administrator(ACCOUNT), action, path, { 's3:DataAccessPointArn': `arn:aws:s3:eu-central-1:${ACCOUNT}:accesspoint/way-round` }),
    ]),
    [
      'a service by itself',
      'implicitDeny',
      'allowed by nothing, but a statement could',
      call(service('s3.amazonaws.com', { account: ACCOUNT }), 'GetObject'),
    ],

    ['the next deployer decrypts through S3', 'allow', 'to read the record', through(later, 'Decrypt')],
    ['the next deployer encrypts through S3', 'implicitDeny', 'it writes nothing here', through(later, 'GenerateDataKey')],
    [
      'the next deployer decrypts by a call',
      'implicitDeny',
      'only through S3',
      () => evaluate(callKey({ principal: later, action: 'kms:Decrypt', key: policies.arn(key) }), keyPolicy),
    ],
    ['the plan role of the next environment decrypts', 'implicitDeny', 'the deployer alone', through(itsPlan, 'Decrypt')],
  ];
}

/** Who reads the record stands in its permission and in the denial of everybody else. */
const twice = 'ReadRecordprod, ArnEquals aws:PrincipalArn';

describe('the state bucket, and its key, to other accounts', () => {
  proves(
    template,
    rows,
    ({ logicalId, name, statement }) =>
      /^(ReadRecord|DenyOtherAccounts|DenyAccessPoints)/.test(String(statement.Sid)) &&
      !(logicalId.startsWith('StateBucket') && name.endsWith(twice)),
  );
});
