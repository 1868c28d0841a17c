import { ArnPrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { App, CfnResource, Duration, Stack, Validations, type PolicyViolation } from 'aws-cdk-lib/core';
import { ACCOUNT, ADMINISTRATOR } from './fixture';
import { acknowledgedIn, allViolationsIn, PACKS } from './packs';
import { synthesised } from './validated';
import { AccessLogsBucket, DataLakeZones, DataWorksBucket, EncryptionKey, Versioning } from '../../src';
import { DECISIONS } from '../../src/private/acknowledgements';

/** The thirteen zones, and buckets and keys with every option, some of them with their partners in other stacks. */
function everything(): App {
  const app = new App();
  const env = { account: ACCOUNT, region: 'eu-central-1' };
  const stack = new Stack(app, 'Stack', { env });
  new DataLakeZones(stack, 'Lake', {
    project: 'dataworks',
    environment: 'dev',
    owner: 'data-platform',
    parameterPrefix: '/dataworks/dev/lake',
    outputs: true,
  });
  const administrators = [new ArnPrincipal(ADMINISTRATOR)];
  const accessLogs = new AccessLogsBucket(new Stack(app, 'Logs', { env }), 'Logs');
  const { key } = new EncryptionKey(stack, 'Key', { alias: 'strict', administrators, keyPolicyOnly: true });
  const elsewhere = new Stack(app, 'Replicas', { env });
  const { key: keyElsewhere } = new EncryptionKey(elsewhere, 'Key', { alias: 'replicas', administrators });
  const objectLock = ObjectLockRetention.compliance(Duration.days(30));
  const replicas = [
    new DataWorksBucket(stack, 'Replica', { key, accessLogs, objectLock }),
    new DataWorksBucket(elsewhere, 'Replica', { key: keyElsewhere, accessLogs, objectLock }),
  ];
  for (const [index, replicateTo] of replicas.entries()) {
    new DataWorksBucket(stack, `Vault${index}`, {
      key,
      accessLogs,
      accessLogsPrefix: `vault-${index}/`,
      versioning: Versioning.keepingAll('evidence'),
      objectLock,
      restrictedPrefixes: [{ prefix: 'team-a/', principalArns: [`arn:aws:iam::${ACCOUNT}:role/team-a`] }],
      archiveTiers: { archiveAfter: Duration.days(90) },
      replicateTo,
      events: true,
    });
  }
  return app;
}

const findingsOf = (violations: readonly PolicyViolation[]): string[] =>
  violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath = '' }) => `${ruleName} at ${constructPath}`),
  );

describe("a whole app of ours under cdk-nag's packs", () => {
  const app = everything();
  Validations.of(app).addPlugins(...PACKS.map((Pack) => new Pack(app)));

  test('has no finding', () => {
    const { error, findings } = synthesised(app);
    expect({ error, findings }).toEqual({ error: undefined, findings: [] });
  });

  test.each(PACKS)('%p did look: a bucket beside it is found', (Pack) => {
    const canary = everything();
    new Bucket(canary.node.findChild('Stack'), 'Canary');
    canary.synth();
    expect(
      findingsOf(new Pack(canary).validateScope(canary).violations).every((finding) => finding.endsWith('Stack/Canary/Resource')),
    ).toBe(true);
    expect(new Pack(canary).validateScope(canary).success).toBe(false);
  });

  test('every acknowledgement is needed somewhere', () => {
    const found = allViolationsIn(app).map(({ ruleName }) => ruleName);
    const said = acknowledgedIn(app).map(([, id]) => id);
    expect(new Set(said.filter((id) => !id.startsWith('DataWorks-')))).toEqual(new Set(found));
  });

  test('is said on a resource, with a reason, by a decision that the docs list', () => {
    const decided = new Set<string>(Object.values(DECISIONS).flatMap(({ ids }) => [...ids]));
    for (const [resource, id, reason] of acknowledgedIn(app)) {
      expect(CfnResource.isCfnResource(resource)).toBe(true);
      expect(reason.length).toBeGreaterThan(5);
      expect(decided).toContain(id.replace(/Resource::.*\//, 'Resource::…/'));
    }
  });
});
