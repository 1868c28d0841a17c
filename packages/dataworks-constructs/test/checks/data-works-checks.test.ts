import { Bucket, EventType, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { App, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { fixture } from './fixture';
import { findingsOf, synthesised } from './validated';
import { AccessLogsBucket, DataLakeZones, DataWorksBucket, DataWorksChecks, EncryptionKey, Versioning, Zone } from '../../src';

const lakeIn = (scope: Construct): DataLakeZones =>
  new DataLakeZones(scope, 'Lake', { project: 'dataworks', environment: 'dev', owner: 'data-platform', zones: [Zone.RAW] });

/** Let SSE-C through: found by one check alone. */
const tamper = ({ node }: Bucket): void => {
  (node.defaultChild as CfnBucket).addPropertyDeletionOverride(
    'BucketEncryption.ServerSideEncryptionConfiguration.0.BlockedEncryptionTypes',
  );
};

describe('what a finding says', () => {
  const { app, ours } = fixture();
  tamper(ours.l2);
  const { error, violations } = synthesised(app);
  const [finding] = violations;

  test('id, construct path, logical id, rule, what was found, consequence and fix', () => {
    expect(violations).toHaveLength(1);
    expect(finding).toMatchObject({
      ruleName: 'DataWorks-S3-CustomerProvidedKeys',
      description: expect.stringMatching(/SSE-C\) is blocked\. Found: blocked: none\. .*ransom\.$/),
      suggestedFix: expect.stringContaining("acknowledge({ id: 'DataWorks-S3-CustomerProvidedKeys', reason: '…' })"),
      violatingConstructs: [
        { constructPath: 'Stack/Lake/raw/Resource/Resource', cloudFormationResource: { logicalId: expect.any(String) } },
      ],
    });
    for (const part of ['DataWorks-S3-CustomerProvidedKeys', 'Stack/Lake/raw/Resource/Resource', 'Suggested fix']) {
      expect(error).toContain(part);
    }
  });

  test('the controls that it is about', () => {
    expect(finding.ruleMetadata).toMatchObject({
      'NIST 800-53 r5': expect.stringContaining('SC-28'),
      'PCI DSS v4.0.1': '3.5.1',
      HIPAA: expect.stringContaining('164.312'),
    });
  });
});

describe('wherever the construct is', () => {
  test('in a stage', () => {
    const app = new App();
    tamper(lakeIn(new Stack(new Stage(app, 'Dev'), 'Lake')).rawZone.bucket);
    expect(synthesised(app).findings).toEqual(['DataWorks-S3-CustomerProvidedKeys at Dev/Lake/Lake/raw/Resource/Resource']);
  });

  test('in several environments at once', () => {
    const app = new App();
    for (const region of ['eu-central-1', 'us-east-1', undefined]) {
      tamper(lakeIn(new Stack(app, region ?? 'Anywhere', region ? { env: { account: '111111111111', region } } : {})).rawZone.bucket);
    }
    expect(synthesised(app).findings).toEqual(
      ['Anywhere', 'eu-central-1', 'us-east-1'].map((stack) => `DataWorks-S3-CustomerProvidedKeys at ${stack}/Lake/raw/Resource/Resource`),
    );
  });

  test('in a nested stack', () => {
    const app = new App();
    tamper(lakeIn(new NestedStack(new Stack(app, 'Outer'), 'Inner')).rawZone.bucket);
    expect(synthesised(app).findings).toEqual(['DataWorks-S3-CustomerProvidedKeys at Outer/Inner/Lake/raw/Resource/Resource']);
  });

  test('with key and logs in other stacks', () => {
    const app = new App();
    const { key } = new EncryptionKey(new Stack(app, 'Keys'), 'Key', { alias: 'a' });
    const accessLogs = new AccessLogsBucket(new Stack(app, 'Logs'), 'Logs');
    const { bucket } = new DataWorksBucket(new Stack(app, 'Data'), 'Data', { key, accessLogs });
    const untouched = synthesised(app);
    expect({ error: untouched.error, findings: untouched.findings }).toEqual({ error: undefined, findings: [] });
    const again = new App();
    const other = new EncryptionKey(new Stack(again, 'Keys'), 'Key', { alias: 'a' });
    tamper(new DataWorksBucket(new Stack(again, 'Data'), 'Data', { key: other.key }).bucket);
    expect(synthesised(again).findings).toEqual([`DataWorks-S3-CustomerProvidedKeys at ${bucket.node.path}/Resource`]);
  });

  test('below a lake, a bucket of another kind counts as part of it', () => {
    const app = new App();
    new Bucket(lakeIn(new Stack(app, 'Stack')), 'Extra');
    expect(synthesised(app).findings).toContain('DataWorks-S3-PublicAccessBlock at Stack/Lake/Extra/Resource');
  });
});

test('notifications of an imported bucket add to its own, and take no events away', () => {
  const { app, ours } = fixture();
  const { stack } = ours.l2;
  Bucket.fromBucketName(stack, 'Imported', ours.l2.bucketName).addEventNotification(
    EventType.OBJECT_CREATED,
    new SqsDestination(new Queue(stack, 'Queue')),
  );
  expect(synthesised(app).findings).toEqual([]);
});

describe('an acknowledged finding', () => {
  test.each(['DataWorks-S3-CustomerProvidedKeys', 'DataWorksChecks::DataWorks-S3-CustomerProvidedKeys'])(
    'passes, and stands in the report with its reason: %s',
    (id) => {
      const { app, ours } = fixture();
      tamper(ours.l2);
      Validations.of(ours.l2).acknowledge({ id, reason: 'a partner brings his keys' });
      const { error, findings, acknowledged } = synthesised(app);
      expect({ error, findings }).toEqual({ error: undefined, findings: [] });
      const [violation] = acknowledged.filter(({ ruleName }) => ruleName.endsWith('CustomerProvidedKeys'));
      expect(violation.ruleMetadata).toMatchObject({ acknowledged: 'a partner brings his keys' });
      expect(findingsOf([violation])).toEqual(['DataWorks-S3-CustomerProvidedKeys at Stack/Lake/raw/Resource/Resource']);
    },
  );

  test.each(['DataWorks-S3-CustomerProvidedKeys', 'DataWorksChecks::DataWorks-S3-CustomerProvidedKeys'])(
    'of one bucket does not speak for another: %s',
    (id) => {
      const app = new App();
      const stack = new Stack(app, 'Stack');
      const { key } = new EncryptionKey(stack, 'Key', { alias: 'a' });
      for (const name of ['One', 'Other']) tamper(new DataWorksBucket(stack, name, { key }).bucket);
      Validations.of(stack.node.findChild('One')).acknowledge({ id, reason: 'a partner brings his keys' });
      const { error, findings } = synthesised(app);
      expect(findings).toEqual(['DataWorks-S3-CustomerProvidedKeys at Stack/Other/Resource/Resource']);
      expect(error).toContain('Stack/Other');
    },
  );

  test('two buckets each keep their own reason', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const { key } = new EncryptionKey(stack, 'Key', { alias: 'a' });
    new DataWorksBucket(stack, 'One', { key, versioning: Versioning.keepingAll('evidence') });
    new DataWorksBucket(stack, 'Other', { key, versioning: Versioning.keepingAll('schemas') });
    const { findings, acknowledged } = synthesised(app);
    expect(findings).toEqual([]);
    expect(acknowledged.map((violation) => [...findingsOf([violation]), violation.ruleMetadata?.acknowledged])).toEqual([
      ['DataWorks-S3-NoncurrentExpiry at Stack/One/Resource/Resource', 'evidence'],
      ['DataWorks-S3-NoncurrentExpiry at Stack/Other/Resource/Resource', 'schemas'],
    ]);
  });
});

describe('for a whole app', () => {
  test('every bucket and key is judged, each of ours once', () => {
    const { app, ours, neighbour } = fixture();
    tamper(ours.l2);
    tamper(neighbour.l2);
    Validations.of(app).addPlugins(new DataWorksChecks());
    const { findings, violations } = synthesised(app);
    expect(findings).toContain('DataWorks-S3-CustomerProvidedKeys at Stack/Plain/Resource');
    expect(findings).toContain('DataWorks-S3-PublicAccessBlock at Stack/PlainLogs/Resource');
    const ofOurs = violations.filter(({ violatingConstructs }) => violatingConstructs[0].constructPath.startsWith('Stack/Lake'));
    expect(ofOurs).toHaveLength(1);
  });

  test('a bucket that is as it should be has no finding', () => {
    const { app } = fixture();
    Validations.of(app).addPlugins(new DataWorksChecks());
    expect(synthesised(app).findings.filter((finding) => finding.includes('Stack/Plain/'))).toEqual([]);
  });
});
