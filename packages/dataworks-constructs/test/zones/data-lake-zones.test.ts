import { Match, Template } from 'aws-cdk-lib/assertions';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { propertiesOf, ZONE_TABLE } from './zone-table';
import { DataLakeZones, type DataLakeZonesProps } from '../../src';

const lake = (props: Partial<DataLakeZonesProps> = {}): Template => {
  const stack = new Stack(new App(), 'Stack');
  new DataLakeZones(stack, 'Lake', {
    project: 'dataworks',
    environment: 'dev',
    owner: 'data-platform',
    parameterPrefix: '/dataworks/dev/lake',
    ...props,
  });
  return Template.fromStack(stack);
};

interface BucketResource {
  readonly DeletionPolicy: string;
  readonly UpdateReplacePolicy: string;
  readonly Properties: {
    readonly Tags: Array<{ Key: string; Value: string }>;
    readonly [property: string]: unknown;
  };
}

describe('the thirteen zones', () => {
  const template = lake();
  const buckets = Object.values(template.findResources('AWS::S3::Bucket')) as BucketResource[];
  const tagOf = (bucket: BucketResource, key: string) => bucket.Properties.Tags.find(({ Key }) => Key === key)?.Value;
  const bucketOf = (zone: string) => buckets.find((bucket) => tagOf(bucket, 'zone') === zone)!;

  test('thirteen zones and the log bucket', () => {
    expect(buckets).toHaveLength(14);
  });

  test.each(ZONE_TABLE)('$zone', (row) => {
    const { Properties: properties, ...policies } = bucketOf(row.zone);
    const expected = propertiesOf(row);
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, properties[name]]))).toEqual(expected);
    expect(properties.LoggingConfiguration).toMatchObject({
      LogFilePrefix: `${row.zone}/`,
      TargetObjectKeyFormat: { PartitionedPrefix: { PartitionDateSource: 'EventTime' } },
    });
    expect(properties.BucketEncryption).toMatchObject({
      ServerSideEncryptionConfiguration: [
        {
          BucketKeyEnabled: true,
          BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
          ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' },
        },
      ],
    });
    expect(policies).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });

  test('every bucket refuses plain HTTP and TLS below 1.2', () => {
    const policies = Object.values(template.findResources('AWS::S3::BucketPolicy'));
    expect(policies).toHaveLength(14);
    for (const { Properties } of policies as Array<{ Properties: Record<string, unknown> }>) {
      expect(Properties.PolicyDocument).toMatchObject({
        Statement: expect.arrayContaining([
          expect.objectContaining({
            Effect: 'Deny',
            Action: 's3:*',
            Principal: { AWS: '*' },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
          expect.objectContaining({
            Effect: 'Deny',
            Action: 's3:*',
            Principal: { AWS: '*' },
            Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } },
          }),
        ]),
      });
    }
  });

  test('one key, which rotates, and its alias', () => {
    template.resourceCountIs('AWS::KMS::Key', 1);
    template.hasResource('AWS::KMS::Key', {
      Properties: { EnableKeyRotation: true, RotationPeriodInDays: 365, PendingWindowInDays: 30, KeySpec: 'SYMMETRIC_DEFAULT' },
      DeletionPolicy: 'RetainExceptOnCreate',
    });
    template.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/dataworks/dev/lake' });
  });

  test('names and ARNs of buckets, key and log bucket are published as parameters', () => {
    template.resourceCountIs('AWS::SSM::Parameter', 41);
    template.hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/dataworks/dev/lake/raw/bucket-name',
      Tags: Match.objectLike({ zone: 'raw' }),
    });
    template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/dataworks/dev/lake/key-arn' });
  });
});

test('only the log service may deliver, for one bucket and from one account', () => {
  const policies = Object.values(lake().findResources('AWS::S3::BucketPolicy')) as Array<{
    Properties: { PolicyDocument: { Statement: Array<Record<string, unknown>> } };
  }>;
  const deliveries = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement).filter(({ Effect }) => Effect === 'Allow');
  expect(deliveries).toHaveLength(13);
  for (const statement of deliveries) {
    expect(statement).toMatchObject({
      Action: 's3:PutObject',
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Condition: { ArnLike: { 'aws:SourceArn': expect.anything() }, StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
  }
});

test('all problems are reported at once, with code, path, value and fix', () => {
  const act = () => lake({ overrides: { rawe: {}, bronze: {} }, removalPolicy: RemovalPolicy.DESTROY, parameterPrefix: 'lake/' });
  expect(act).toThrow(/DW1021 at Stack\/Lake: .*"rawe".*\n.*DW1021.*"bronze".*\n.*DW1022.*DESTROY.*\n.*DW1023.*"lake\/"/);
});

test('an override changes one zone and nothing else', () => {
  const overridden = lake({ overrides: { domain: { events: true } } }).toJSON() as { Resources: Record<string, unknown> };
  const plain = lake().toJSON() as { Resources: Record<string, unknown> };
  const changed = Object.keys(plain.Resources).filter(
    (id) => JSON.stringify(plain.Resources[id]) !== JSON.stringify(overridden.Resources[id]),
  );
  expect(changed).toEqual([expect.stringMatching(/^Lakedomain[0-9A-F]{8}$/)]);
});
