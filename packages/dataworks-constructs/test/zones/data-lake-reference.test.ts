import { Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { App, CfnParameter, Stack } from 'aws-cdk-lib/core';
import { DataLakeZones, Zone, type GrantableBucket } from '../../src';
import { flat } from '../../src/checks/json';

/** A lake, and another stack that grants a role of its own the raw zone. */
function lakeAndUser() {
  const app = new App();
  const lake = new Stack(app, 'Lake');
  new DataLakeZones(lake, 'Lake', { project: 'p', environment: 'e', owner: 'o', parameterPrefix: '/p/e/lake', outputs: true });
  const user = new Stack(app, 'User');
  const found = DataLakeZones.fromParameters(user, 'Lake', { prefix: '/p/e/lake' });
  found.zone(Zone.RAW).grantRead(new Role(user, 'Reader', { assumedBy: new AccountRootPrincipal() }));
  return { lake: Template.fromStack(lake), user: Template.fromStack(user), found };
}

interface SsmParameter {
  readonly Type: string;
  readonly Default: string;
}

const ssmParameters = (template: Template) =>
  Object.values(template.findParameters('*') as Record<string, SsmParameter>).filter(({ Type }) => Type.startsWith('AWS::SSM::'));

test('what the user reads is what the lake writes', () => {
  const { lake, user } = lakeAndUser();
  const written = Object.values(lake.findResources('AWS::SSM::Parameter') as Record<string, { Properties: { Name: string } }>);
  const read = ssmParameters(user).map(({ Default }) => Default);
  expect(read.filter((name) => !name.startsWith('/cdk-bootstrap/')).sort()).toEqual(['/p/e/lake/raw/bucket-name', '/p/e/lake/raw/key-arn']);
  expect(written.map(({ Properties }) => Properties.Name)).toEqual(
    expect.arrayContaining(['/p/e/lake/raw/bucket-name', '/p/e/lake/raw/key-arn']),
  );
});

test('nothing ties the stacks together', () => {
  const { lake, user } = lakeAndUser();
  for (const template of [lake, user]) {
    const text = JSON.stringify(template.toJSON());
    expect(text).not.toContain('Fn::ImportValue');
    expect(text).not.toContain('"Export"');
  }
});

describe.each<[string, (zone: GrantableBucket, role: Role) => unknown]>([
  ['grantRead', (zone, role) => zone.grantRead(role)],
  ['grantRead of a prefix', (zone, role) => zone.grantRead(role, 'team-a/*')],
  ['grantWrite of a prefix', (zone, role) => zone.grantWrite(role, 'team-a/*')],
  ['grantReadWrite of a prefix', (zone, role) => zone.grantReadWrite(role, 'team-a/*')],
  ['grantDelete of a prefix', (zone, role) => zone.grantDelete(role, 'team-a/*')],
])('%s', (_name, grant) => {
  /** The role's policy, in which the bucket is `BUCKET` and the key `KEY`, however they are named. */
  const policyOf = (zoneOf: (stack: Stack) => GrantableBucket) => {
    const stack = new Stack(new App(), 'Stack');
    grant(zoneOf(stack), new Role(stack, 'Reader', { assumedBy: new AccountRootPrincipal() }));
    const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy') as Record<string, { Properties: object }>);
    const { Statement } = (policy.Properties as { PolicyDocument: { Statement: Array<{ Resource: unknown }> } }).PolicyDocument;
    return Statement.map(({ Resource, ...statement }) => ({
      ...statement,
      Resource: flat(Resource)
        .replace(/^<Lakeraw[0-9A-F]{8}\.Arn>|^arn:<AWS::Partition>:s3:::<SsmParameterValuepelakerawbucketname\w+>/, 'BUCKET')
        .replace(/^<LakeKey[0-9A-F]{8}\.Arn>$|^<SsmParameterValuepelakerawkeyarn\w+>$/, 'KEY'),
    }));
  };

  test('gives what the zone itself would give, where it was made', () => {
    const own = policyOf((stack) => new DataLakeZones(stack, 'Lake', { project: 'p', environment: 'e', owner: 'o' }).rawZone);
    const found = policyOf((stack) => DataLakeZones.fromParameters(stack, 'Lake', { prefix: '/p/e/lake' }).zone(Zone.RAW));
    expect(found).toEqual(own);
    expect(found.map(({ Resource }) => Resource)).toEqual(expect.arrayContaining([expect.stringMatching(/^BUCKET\/(team-a\/)?\*$/)]));
  });
});

test('a zone is imported once, and the key of the lake on demand', () => {
  const { found } = lakeAndUser();
  expect(found.zone(Zone.of('raw'))).toBe(found.zone(Zone.RAW));
  expect(found.key).toBe(found.key);
});

test('zones whose ids resemble those of keys can be read together', () => {
  const stack = new Stack(new App(), 'User');
  const found = DataLakeZones.fromParameters(stack, 'Lake', { prefix: '/lake' });
  const ids = ['raw', 'raw-key', 'key', 'lake-key'];
  for (const id of ids) found.zone(Zone.of(id));
  expect(found.key).toBeDefined();
  expect(ssmParameters(Template.fromStack(stack)).map(({ Default }) => Default)).toEqual(
    expect.arrayContaining(['/lake/key-arn', ...ids.flatMap((id) => [`/lake/${id}/bucket-name`, `/lake/${id}/key-arn`])]),
  );
});

test('so can they be written together', () => {
  const stack = new Stack(new App(), 'Lake');
  const zones = ['raw', 'raw-key', 'key-arn', 'key', 'parameters', 'access-logs-bucket-name'].map((id) => Zone.of(id));
  new DataLakeZones(stack, 'Lake', { project: 'p', environment: 'e', owner: 'o', parameterPrefix: '/lake', outputs: true, zones });
  const names = Object.values(
    Template.fromStack(stack).findResources('AWS::SSM::Parameter') as Record<string, { Properties: { Name: string } }>,
  ).map(({ Properties }) => Properties.Name);
  expect(new Set(names).size).toBe(2 + 3 * zones.length);
});

test('the prefix may be a token', () => {
  const stack = new Stack(new App(), 'Lake');
  const parameterPrefix = new CfnParameter(stack, 'Prefix').valueAsString;
  new DataLakeZones(stack, 'Lake', { project: 'p', environment: 'e', owner: 'o', parameterPrefix, zones: [Zone.RAW] });
  Template.fromStack(stack).hasResourceProperties('AWS::SSM::Parameter', { Name: { 'Fn::Join': ['', [{ Ref: 'Prefix' }, '/key-arn']] } });
});
