import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { NAMES } from './support/deployments';
import { toolkitTemplate } from './support/toolkit';
import { DIFFERENCES, type Difference } from '../src/private/toolkit-differences';

/** What `cdk bootstrap` of the pinned command line deploys. */
const STOCK = parse(
  readFileSync(join(dirname(require.resolve('aws-cdk/package.json')), 'lib/api/bootstrap/bootstrap-template.yaml'), 'utf8'),
) as CloudFormation;
const OURS = toolkitTemplate() as CloudFormation;

interface CloudFormation {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Json } | undefined>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown } | undefined>>;
  readonly Parameters: Readonly<Record<string, { readonly Default: string } | undefined>>;
}

type Json = Readonly<Record<string, unknown>>;
interface Statement {
  readonly Sid?: string;
  readonly Action: string | readonly string[];
}
interface Policy {
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };
}

const SEVERAL: ReadonlyArray<[string, Difference]> = Object.values(DIFFERENCES).flatMap((list: readonly Difference[]) =>
  list.map((difference): [string, Difference] => [difference.where, difference]),
);

const left = (list: readonly Difference[], where?: string): string[] =>
  list.filter((difference) => where === undefined || difference.where === where).flatMap(({ without }) => [...without]);

/** A role of the contract, by the beginning of its logical id. */
function role(template: CloudFormation, id: string): Json {
  const [found] = Object.entries(template.Resources).filter(
    ([logicalId, resource]) => resource!.Type === 'AWS::IAM::Role' && logicalId.replace(/^Toolkit/, '').startsWith(id),
  );
  return found[1]!.Properties;
}

function actionsOf(template: CloudFormation, id: string): string[] {
  const attached = template.Resources[`${id}DefaultPolicy`]?.Properties as unknown as Policy | undefined;
  const inline = (role(template, id).Policies ?? []) as readonly Policy[];
  const statements = [...inline, ...(attached ? [attached] : [])].flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  const allowing = statements.filter((statement) => (statement as unknown as Json).Effect === 'Allow');
  return [...new Set(allowing.flatMap(({ Action }) => Action))].sort();
}

/** What the stock template's texts become for this account, region and qualifier. */
function plain(value: unknown): string {
  const text = typeof value === 'string' ? value : (value as { readonly 'Fn::Sub': string })['Fn::Sub'];
  return text
    .replaceAll('${Qualifier}', NAMES.qualifier)
    .replaceAll('${AWS::AccountId}', NAMES.account)
    .replaceAll('${AWS::Region}', NAMES.region);
}

/** Of a choice between the default and a name by parameter, the default. */
const byDefault = (value: unknown): string => plain((value as { readonly 'Fn::If': readonly unknown[] })['Fn::If'][2]);

const one = (template: CloudFormation, type: string): Json =>
  Object.values(template.Resources).find((resource) => resource!.Type === type)!.Properties;

const ASSUMED = ['FilePublishingRole', 'ImagePublishingRole', 'LookupRole', 'DeploymentActionRole'] as const;
const ROLES = [...ASSUMED, 'CloudFormationExecutionRole'] as const;

test('the version is that of the stock template', () => {
  expect(OURS.Outputs.BootstrapVersion!.Value).toBe(STOCK.Outputs.BootstrapVersion!.Value);
  expect(one(OURS, 'AWS::SSM::Parameter')).toMatchObject({
    Name: plain(one(STOCK, 'AWS::SSM::Parameter').Name),
    Value: one(STOCK, 'AWS::SSM::Parameter').Value,
    Type: 'String',
  });
});

test('another variant: the cdk command does not overwrite it', () => {
  const { Default } = OURS.Parameters.BootstrapVariant!;
  expect(Default).not.toBe(STOCK.Parameters.BootstrapVariant!.Default);
  expect(Default.length).toBeGreaterThan(0);
});

test('the parameters, but for those that the differences name', () => {
  const expected = Object.keys(STOCK.Parameters).filter((name) => !left(DIFFERENCES.parameters).includes(name));
  expect(Object.keys(OURS.Parameters)).toEqual(expected);
});

test('the outputs, but for those that the differences name', () => {
  const expected = Object.keys(STOCK.Outputs).filter((name) => !left(DIFFERENCES.outputs).includes(name));
  expect(Object.keys(OURS.Outputs).sort()).toEqual(expected.sort());
});

test('a resource for each of the stock template, but for those that the differences name', () => {
  const types = (template: CloudFormation, except: readonly string[]) =>
    Object.entries(template.Resources)
      .filter(([logicalId]) => !except.includes(logicalId))
      .map(([, resource]) => resource!.Type)
      .sort();
  expect(types(OURS, [])).toEqual(types(STOCK, left(DIFFERENCES.resources)));
});

test.each(ROLES)('%s has the name and the tag of the stock template', (id) => {
  const stock = role(STOCK, id);
  const ours = role(OURS, id);
  expect(ours.RoleName).toBe(plain(stock.RoleName));
  expect(ours.Tags).toEqual(expect.arrayContaining((stock.Tags ?? []) as unknown[]));
});

test('bucket and repository have the names of the stock template', () => {
  expect(one(OURS, 'AWS::S3::Bucket').BucketName).toBe(byDefault(one(STOCK, 'AWS::S3::Bucket').BucketName));
  expect(one(OURS, 'AWS::ECR::Repository').RepositoryName).toBe(byDefault(one(STOCK, 'AWS::ECR::Repository').RepositoryName));
});

test.each(['FilePublishingRole', 'ImagePublishingRole', 'DeploymentActionRole'])(
  '%s may call what the stock one may, but for what the differences name',
  (id) => {
    const missing = actionsOf(STOCK, id).filter((action) => !actionsOf(OURS, id).includes(action));
    expect(missing).toEqual(left(DIFFERENCES.actions, id).sort());
  },
);

test.each(ROLES)('%s has no policy of AWS; the stock one has those that the differences name', (id) => {
  const names = [JSON.stringify(role(STOCK, id).ManagedPolicyArns ?? [])].flatMap((text) =>
    [...text.matchAll(/iam::aws:policy\/(\w+)/g)].map(([, name]) => name),
  );
  expect(names).toEqual(left(DIFFERENCES.managedPolicies, id));
  expect(JSON.stringify(role(OURS, id).ManagedPolicyArns ?? [])).not.toContain('iam::aws:policy');
});

test.each(ASSUMED)('%s of the stock template trusts the whole account; ours, roles', (id) => {
  const trust = (template: CloudFormation) => JSON.stringify(role(template, id).AssumeRolePolicyDocument);
  expect(trust(STOCK)).toContain('"Principal":{"AWS":{"Ref":"AWS::AccountId"}}');
  expect(trust(OURS)).toContain('aws:PrincipalArn');
});

test('the repository lets in whom the stock one lets in, but for those that the differences name', () => {
  const sids = (template: CloudFormation) =>
    (one(template, 'AWS::ECR::Repository').RepositoryPolicyText as Policy['PolicyDocument']).Statement.map(({ Sid }) => Sid!);
  expect(sids(OURS)).toEqual(sids(STOCK).filter((sid) => !left(DIFFERENCES.resources).includes(sid)));
});

test.each(SEVERAL)('the difference of %s is one, with a reason', (_where, { without, reason }) => {
  const stock = JSON.stringify(STOCK);
  for (const part of without.filter((name) => !/ /.test(name))) expect(stock).toContain(part);
  expect(reason.length).toBeGreaterThan(5);
});
