import { Key } from 'aws-cdk-lib/aws-kms';
import { DataWorksBucket } from '../../src';
import {
  assumeRole,
  administrator,
  callKey,
  evaluate,
  request,
  role,
  service,
  useKeyThroughS3,
  type DeployedPolicies,
} from '../support/iam';
import { ACCOUNT, REGION, synth } from '../support/synth';
import { proves, type Row } from '../support/truth-table';

const keyArn = (id: string) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`;

const template = synth((stack) => {
  const key = (id: string) => Key.fromKeyArn(stack, id, keyArn(id));
  const destination = new DataWorksBucket(stack, 'Destination', { key: key('there') });
  new DataWorksBucket(stack, 'Source', { key: key('here'), additionalKeys: [key('secret')], replicateTo: destination });
});

/** The policies of imported keys are not ours; that of a key made in the console leaves the use to IAM. */
const DELEGATES = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }],
};

function rows(policies: DeployedPolicies): readonly Row[] {
  const replicator = policies.logicalId('AWS::IAM::Role');
  const principal = role(ACCOUNT, policies.ref(replicator), policies.identityPolicies(replicator));
  const [source, destination] = ['Source', 'Destination'].map((id) => policies.logicalId('AWS::S3::Bucket', id));
  const call = (action: string, bucket: string, name?: string) => () =>
    evaluate(
      request({
        principal,
        action: `s3:${action}`,
        resource: `${policies.arn(bucket)}${name === undefined ? '' : `/${name}`}`,
        account: ACCOUNT,
      }),
      policies.bucketPolicy(bucket),
    );
  const throughS3 = (action: string, key: string) => () =>
    evaluate(useKeyThroughS3({ principal, action: `kms:${action}`, key: keyArn(key), encrypted: policies.arn(source) }), DELEGATES);
  const direct = (action: string, key: string) => () =>
    evaluate(callKey({ principal, action: `kms:${action}`, key: keyArn(key) }), DELEGATES);
  const assumed = (by: Parameters<typeof assumeRole>[0]['principal']) => () =>
    evaluate(assumeRole({ principal: by, role: policies.arn(replicator) }), policies.trustPolicy(replicator));

  return [
    ['S3 assumes the role', 'allow', 'it replicates', assumed(service('s3.amazonaws.com'))],
    ['S3 Batch Operations assumes the role', 'implicitDeny', 'another service', assumed(service('batchoperations.s3.amazonaws.com'))],
    ['a role without rights assumes the role', 'implicitDeny', 'another principal', assumed(role(ACCOUNT, 'nobody'))],
    ['an administrator assumes the role', 'implicitDeny', 'the role does not trust the account', assumed(administrator(ACCOUNT))],

    ['GetReplicationConfiguration of the source', 'allow', 'S3 asks', call('GetReplicationConfiguration', source)],
    ['ListBucket of the source', 'allow', 'S3 asks', call('ListBucket', source)],
    ['GetObjectVersionForReplication from the source', 'allow', 'S3 reads', call('GetObjectVersionForReplication', source, 'x')],
    ['GetObjectVersionAcl from the source', 'allow', 'S3 reads', call('GetObjectVersionAcl', source, 'x')],
    ['GetObjectVersionTagging from the source', 'allow', 'S3 reads', call('GetObjectVersionTagging', source, 'x')],
    ['ReplicateObject to the destination', 'allow', 'S3 writes', call('ReplicateObject', destination, 'x')],
    ['ReplicateTags to the destination', 'allow', 'S3 writes', call('ReplicateTags', destination, 'x')],
    ['ReplicateDelete to the destination', 'allow', 'S3 asks, though no marker is copied', call('ReplicateDelete', destination, 'x')],
    ['Decrypt with the key of the source', 'allow', 'S3 reads', throughS3('Decrypt', 'here')],
    ['Decrypt with an additional key of the source', 'allow', 'what it encrypts is copied too', throughS3('Decrypt', 'secret')],
    ['Encrypt with the key of the destination', 'allow', 'S3 writes', throughS3('Encrypt', 'there')],
    ['GenerateDataKey with the key of the destination', 'allow', 'a bucket key needs it', throughS3('GenerateDataKey', 'there')],

    ['GetObject from the source', 'implicitDeny', 'the role replicates, and no more', call('GetObject', source, 'x')],
    ['PutObject to the destination', 'implicitDeny', 'the role replicates, and no more', call('PutObject', destination, 'x')],
    ['DeleteObject from the destination', 'implicitDeny', 'the role replicates, and no more', call('DeleteObject', destination, 'x')],
    ['ReplicateObject to the source', 'implicitDeny', 'one way', call('ReplicateObject', source, 'x')],
    [
      'GetObjectVersionForReplication from the destination',
      'implicitDeny',
      'one way',
      call('GetObjectVersionForReplication', destination, 'x'),
    ],
    ['Decrypt with the key of the destination', 'implicitDeny', 'one way', throughS3('Decrypt', 'there')],
    ['Decrypt by a call of the role', 'implicitDeny', 'only through S3', direct('Decrypt', 'here')],
    ['Decrypt with the additional key by a call of the role', 'implicitDeny', 'only through S3', direct('Decrypt', 'secret')],
    ['Encrypt by a call of the role', 'implicitDeny', 'only through S3', direct('Encrypt', 'there')],
  ];
}

describe('the replication role', () => {
  // kms:CallerAccount is the account of the role itself.
  proves(template, rows, ({ logicalId, name }) => logicalId.includes('ReplicationRole') && !name.endsWith('kms:CallerAccount'));
});
