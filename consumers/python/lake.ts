import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { StorageClass } from 'aws-cdk-lib/aws-s3';
import { App, Duration, Stack, Tags } from 'aws-cdk-lib/core';
import { BucketName, DataClassification, DataLakeZones, DataWorksBucket, EncryptionKey, Versioning, Zone } from '@dataworks/constructs';

/** The same as lake.py, which must give the same template. */
export function lake(): unknown {
  const app = new App();
  const stack = new Stack(app, 'Lake', { env: { account: '111111111111', region: 'eu-central-1' } });
  Tags.of(stack).add('cost-center', '4711');
  const key = new EncryptionKey(stack, 'SecretKey', { alias: 'dataworks/dev/secret', pendingWindow: Duration.days(7) });
  const sandbox = Zone.of('sandbox');
  const zones = new DataLakeZones(stack, 'Lake', {
    project: 'dataworks',
    environment: 'dev',
    owner: 'data-platform',
    zones: [Zone.RAW, Zone.TEMP_RELOAD, sandbox],
    overrides: {
      raw: {
        key: key.key,
        versioning: Versioning.expiringAfter(Duration.days(60), { keepNewest: 2 }),
        transitions: [{ storageClass: StorageClass.GLACIER, after: Duration.days(90) }],
      },
      sandbox: { classification: DataClassification.INTERNAL, events: true },
    },
    accessLogsRetention: Duration.days(30),
    parameterPrefix: '/dataworks/dev/lake',
    outputs: true,
  });
  const alone = new DataWorksBucket(stack, 'Alone', {
    key: zones.key,
    accessLogs: zones.accessLogs,
    bucketName: BucketName.accountRegional('dataworks-alone'),
  });
  const analyst = new Role(stack, 'Analyst', { assumedBy: new AccountPrincipal('111111111111') });
  zones.rawZone.grantRead(analyst, 'team-a/*');
  zones.zone(sandbox).grantReadWrite(analyst);
  alone.grantDelete(analyst);

  const reader = new Stack(app, 'Reader');
  const job = new Role(reader, 'Job', { assumedBy: new AccountPrincipal('111111111111') });
  DataLakeZones.fromParameters(reader, 'Lake', { prefix: '/dataworks/dev/lake' }).zone(Zone.RAW).grantRead(job);

  return Object.fromEntries(app.synth().stacks.map(({ stackName, template }) => [stackName, template as unknown]));
}
