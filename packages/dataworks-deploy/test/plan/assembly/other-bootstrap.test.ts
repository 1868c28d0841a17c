/** Stacks that name something of another CDK bootstrap than that of the environment. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  App,
  CliCredentialsStackSynthesizer,
  DefaultStackSynthesizer,
  LegacyStackSynthesizer,
  Stack,
  type IStackSynthesizer,
} from 'aws-cdk-lib/core';
import { assemblyWith, deployedWith, draftOf, TARGET, type StackSource } from '../../support/plans';

const QUALIFIER = 'dataworks';
const HERE = `${TARGET.account}-${TARGET.region}`;
const role = (name: string) => `arn:\${AWS::Partition}:iam::${TARGET.account}:role/${name}`;

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'dataworks-bootstrap-'));
});
afterEach(() => {
  rmSync(outdir, { recursive: true });
});

/** An application that the CDK synthesises, of stacks with these synthesizers. */
function synthesised(stacks: Readonly<Record<string, IStackSynthesizer | undefined>>): string {
  const app = new App({ outdir, analyticsReporting: false, treeMetadata: false });
  const env = { account: TARGET.account, region: TARGET.region };
  for (const [id, synthesizer] of Object.entries(stacks)) new Stack(app, id, { env, synthesizer });
  app.synth();
  return outdir;
}

const planned = async (assembly: string, qualifier?: string) => {
  const asked: string[] = [];
  const lookup = deployedWith({});
  const lookupIn: typeof lookup = (region) => lookup(asked[asked.push(region) - 1]);
  const { plan } = await draftOf(assembly, lookupIn, { qualifier }).catch((error: unknown) => {
    expect(asked).toEqual([]); // the roles that would be asked for are not those of the environment
    throw error;
  });
  return plan.stacks.map(({ name }) => name);
};

test('an application that knows nothing of a qualifier: each of its stacks is named, and nothing is read before', async () => {
  const assembly = synthesised({ one: undefined, two: new DefaultStackSynthesizer({ qualifier: QUALIFIER }), three: undefined });
  await expect(planned(assembly, QUALIFIER)).rejects.toMatchObject({
    code: 'DW3244',
    received: ['one', 'three'].map((name) => `${name} is made for \`hnb659fds\` (cdk-hnb659fds-deploy-role-${HERE})`).join(', '),
    allowed: expect.stringMatching(/^`dataworks`, /) as string,
    fix: expect.stringContaining('`@aws-cdk/core:bootstrapQualifier` in the context of cdk.json') as string,
  });
});

test('a plan that is made again, of a bundle that is there, judges nothing of it: dataworks.json may be another one by now', async () => {
  expect(await planned(synthesised({ one: undefined }))).toEqual(['one']);
});

test.each<[string, () => IStackSynthesizer]>([
  ['the qualifier of the environment', () => new DefaultStackSynthesizer({ qualifier: QUALIFIER })],
  ['no bootstrap', () => new LegacyStackSynthesizer()],
  [
    'the credentials of whoever applies',
    () => new CliCredentialsStackSynthesizer({ fileAssetsBucketName: 'ours', imageAssetsRepositoryName: 'ours' }),
  ],
  [
    'names of its own',
    () =>
      new DefaultStackSynthesizer({
        deployRoleArn: role('deployer'),
        cloudFormationExecutionRole: role('cdk-execution'),
        lookupRoleArn: role('cdk-team-lookup'),
        fileAssetPublishingRoleArn: role('team-file-publishing-role'),
        fileAssetsBucketName: 'cdk-team-assets',
        bootstrapStackVersionSsmParameter: '/team/bootstrap/version',
      }),
  ],
])('stacks with %s are planned', async (_what, synthesizer) => {
  expect(await planned(synthesised({ one: synthesizer() }), QUALIFIER)).toEqual(['one']);
});

describe('one name is enough:', () => {
  const published = (destination: object): Partial<StackSource> => ({
    files: { other: { source: { path: 'file', packaging: 'file' }, destinations: { here: destination } } },
  });
  const image = (destination: object): Partial<StackSource> => ({
    images: { image: { source: { directory: 'folder' }, destinations: { here: destination } } },
  });
  const plain = { bucketName: 'ours', objectKey: 'other', region: TARGET.region };
  test.each<[string, string, Partial<StackSource>]>([
    ['the deploy role', `cdk-other-deploy-role-${HERE}`, { properties: { assumeRoleArn: role(`cdk-other-deploy-role-${HERE}`) } }],
    [
      'the execution role',
      `cdk-other-cfn-exec-role-${HERE}`,
      { properties: { cloudFormationExecutionRoleArn: role(`cdk-other-cfn-exec-role-${HERE}`) } },
    ],
    ['the lookup role', `cdk-other-lookup-role-${HERE}`, { properties: { lookupRole: { arn: role(`cdk-other-lookup-role-${HERE}`) } } }],
    [
      'a publishing role',
      `cdk-other-file-publishing-role-${HERE}`,
      published({ ...plain, assumeRoleArn: role(`cdk-other-file-publishing-role-${HERE}`) }),
    ],
    [
      'the publishing role of an image',
      `cdk-other-image-publishing-role-${HERE}`,
      image({ repositoryName: 'ours', imageTag: 'tag', assumeRoleArn: role(`cdk-other-image-publishing-role-${HERE}`) }),
    ],
    ['the bucket of an asset', `cdk-other-assets-${HERE}`, published({ ...plain, bucketName: `cdk-other-assets-${HERE}` })],
    [
      'the repository',
      `cdk-other-container-assets-${HERE}`,
      image({ repositoryName: `cdk-other-container-assets-${HERE}`, imageTag: 'tag' }),
    ],
    [
      'the parameter with its version',
      '/cdk-bootstrap/other/version',
      {
        template: {
          Resources: {},
          Parameters: { BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/other/version' } },
        },
      },
    ],
  ])('%s', async (_what, name, source) => {
    const assembly = assemblyWith(
      { lake: { template: { Resources: {} }, ...source } },
      { file: 'content', 'folder/Dockerfile': 'FROM scratch' },
    );
    await expect(planned(assembly, QUALIFIER)).rejects.toMatchObject({ code: 'DW3244', received: `lake is made for \`other\` (${name})` });
  });
});

test('what is of two others is told of each', async () => {
  const properties = {
    assumeRoleArn: role(`cdk-one-deploy-role-${HERE}`),
    cloudFormationExecutionRoleArn: role(`cdk-two-cfn-exec-role-${HERE}`),
  };
  await expect(planned(assemblyWith({ lake: { template: { Resources: {} }, properties } }), QUALIFIER)).rejects.toMatchObject({
    received: expect.stringMatching(/`one` \(.*\), lake is made for `two` \(/) as string,
  });
});
