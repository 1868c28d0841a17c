import { parseConfiguration } from '@dataworks/deploy';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Stack, Stage, type App } from 'aws-cdk-lib/core';
import { AssetManifestArtifact, type CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { createApp } from '../src/app';

const lakeOf = (app: App, environment: string) => (app.node.findChild(environment) as Stage).node.findChild('lake') as Stack;

/** The lake of dev, in an app whose only other environment is production. */
function devOf(changes: object, shared: Record<string, string> = {}): Template {
  const configuration = parseConfiguration(
    JSON.stringify({
      project: { name: 'sales', owner: 'team', tags: shared },
      environments: [
        { name: 'dev', account: '111111111111', region: 'eu-central-1', ...changes },
        { name: 'prod', account: '222222222222', region: 'eu-central-1', production: true },
      ],
    }),
  );
  return Template.fromStack(lakeOf(createApp({}, configuration), 'dev'));
}

/** Most types list tags, SSM parameters map them. */
interface Tagged {
  readonly Properties: { readonly Tags: Record<string, string> | Array<{ Key: string; Value: string }> };
}

const TAGGED = ['AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::SSM::Parameter'];
const bucketOf = (zone: string) => ({ Tags: Match.arrayWith([{ Key: 'zone', Value: zone }]) });

test.each([
  ['dev', '111111111111', false],
  ['test', '222222222222', false],
  ['prod', '333333333333', true],
])("our %s has its lake, in its account, with production's protection where it is due", (environment, account, terminationProtection) => {
  const stack = lakeOf(createApp(), environment);
  expect(stack.stackName).toBe(`dataworks-${environment}-lake`);
  expect(stack.account).toBe(account);
  expect(stack.terminationProtection).toBe(terminationProtection);
  Template.fromStack(stack).resourceCountIs('AWS::S3::Bucket', 14);
});

test('one environment alone is made when the context names it, and it is the same', () => {
  const one = createApp({ context: { 'dataworks:environment': 'test' } });
  expect(one.node.children.filter(Stage.isStage).map(({ node }) => node.id)).toEqual(['test']);
  expect(Template.fromStack(lakeOf(one, 'test')).toJSON()).toEqual(Template.fromStack(lakeOf(createApp(), 'test')).toJSON());
});

test('an environment that dataworks.json does not have is refused', () => {
  expect(() => createApp({ context: { 'dataworks:environment': 'tset' } })).toThrow(
    'Context dataworks:environment: there is no "tset" in dataworks.json, but dev, test, prod.',
  );
});

test.each(TAGGED)('tags of the project and of the environment are on every %s, and the environment has the last word', (type) => {
  const resources = devOf({ tags: { team: 'b', stage: '1' } }, { team: 'a', 'cost-center': '42' }).findResources(type);
  expect(Object.keys(resources)).not.toHaveLength(0);
  for (const { Properties } of Object.values(resources) as Tagged[]) {
    const tags = Properties.Tags;
    const given = Array.isArray(tags) ? Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])) : tags;
    expect(given).toMatchObject({ team: 'b', stage: '1', 'cost-center': '42', project: 'sales', environment: 'dev', owner: 'team' });
  }
});

test('what dataworks.json changes about a zone reaches its bucket, and no other', () => {
  const lake = devOf({ zones: { domain: { retentionDays: 400 } } });
  const rule = { LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ ExpirationInDays: 400 })]) } };
  lake.hasResourceProperties('AWS::S3::Bucket', { ...bucketOf('domain'), ...rule });
  lake.resourcePropertiesCountIs('AWS::S3::Bucket', rule, 1);
});

test.each([
  ['nothing', {}, 'RetainExceptOnCreate'],
  ['retain', { removalPolicy: 'retain' }, 'RetainExceptOnCreate'],
  ['destroy', { removalPolicy: 'destroy' }, 'Delete'],
])('removalPolicy of an environment: with %s, key and buckets have the deletion policy of it', (_name, changes, policy) => {
  const lake = devOf(changes);
  lake.allResources('AWS::S3::Bucket', { DeletionPolicy: policy });
  lake.allResources('AWS::KMS::Key', { DeletionPolicy: policy });
});

test('each stack publishes its own assets alone, by the roles with the qualifier of dataworks.json', () => {
  const dev = createApp().node.findChild('dev') as Stage;
  new Asset(new Stack(dev, 'beside'), 'Code', { path: __filename });
  const filesOf = ({ dependencies }: CloudFormationStackArtifact) =>
    dependencies.flatMap((one) => (one instanceof AssetManifestArtifact ? Object.values(one.contents.files ?? {}) : []));
  const published = dev
    .synth()
    .stacks.map((stack) => [stack.id, filesOf(stack).map(({ source }) => source.packaging), stack.assumeRoleArn]);
  const deployRole = expect.stringContaining('role/cdk-dataworks-deploy-role-') as string;
  expect(published).toEqual([
    [expect.stringMatching(/beside/), ['file', 'file'], deployRole],
    [expect.stringMatching(/lake/), ['file'], deployRole],
  ]);
});
