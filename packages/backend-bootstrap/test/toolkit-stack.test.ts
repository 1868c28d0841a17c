import { App } from 'aws-cdk-lib/core';
import { ToolkitStack } from '../src';
import { LONGEST } from './support/backend';
import { ACCOUNT, NAMES, NAMING, REGION } from './support/deployments';
import { toolkitStack, toolkitTemplate } from './support/toolkit';

type Properties = Readonly<Record<string, unknown>>;

const resources = (type: string) => Object.values(toolkitTemplate().Resources).filter((resource) => resource!.Type === type);
const roles = (): Properties[] => resources('AWS::IAM::Role').map((resource) => resource!.Properties!);

function assembled(props: Parameters<typeof toolkitStack>[0] = {}) {
  const stack = toolkitStack(props);
  return (stack.node.root as App).synth().getStackArtifact(stack.artifactId);
}

test('needs neither an asset nor a bootstrap of a version', () => {
  const { assets, requiresBootstrapStackVersion, template } = assembled();
  expect({ assets, requiresBootstrapStackVersion }).toEqual({ assets: [], requiresBootstrapStackVersion: undefined });
  expect(template).not.toHaveProperty('Rules');
  expect(Object.keys((template as { readonly Parameters: object }).Parameters)).toEqual(['BootstrapVariant']);
});

test('with the longest names, fits into a call of CloudFormation, which takes 51,200 bytes', () => {
  const { project, environment, qualifier, env } = LONGEST;
  const { template } = assembled({ project, environment, qualifier, env });
  expect(Buffer.byteLength(JSON.stringify(template))).toBeLessThan(51_200);
});

test('is called after its qualifier, and protected against termination', () => {
  const { stackName, terminationProtection } = assembled();
  expect({ stackName, terminationProtection }).toEqual({ stackName: 'CDKToolkit-sales', terminationProtection: true });
});

test("CloudFormation's role has the execution policy and the boundary, and no policy else", () => {
  const [execution] = roles().filter(({ RoleName }) => RoleName === NAMES.cdkExecutionRole);
  expect(execution).toMatchObject({
    ManagedPolicyArns: [`arn:aws:iam::${ACCOUNT}:policy/sales-test-execution`],
    PermissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/sales-test-boundary`,
  });
  expect(execution).not.toHaveProperty('Policies');
});

test('no role has a policy of AWS', () => {
  expect(JSON.stringify(roles())).not.toContain(':iam::aws:policy/');
});

test('what deployed functions run from stays when the stack goes', () => {
  const kept = ['AWS::S3::Bucket', 'AWS::ECR::Repository'].flatMap(resources);
  expect(kept).toHaveLength(2);
  for (const resource of kept) {
    expect(resource).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  }
});

test('images are scanned, and never replaced under their tag', () => {
  const [repository] = resources('AWS::ECR::Repository');
  expect(repository!.Properties).toMatchObject({ ImageTagMutability: 'IMMUTABLE', ImageScanningConfiguration: { ScanOnPush: true } });
});

test('a stack without a place is refused, with everything else that is wrong', () => {
  const build = () => new ToolkitStack(new App(), 'Toolkit', { ...NAMING, environment: 'Test', production: false });
  expect(build).toThrow('DW2002');
  expect(build).toThrow('DW2007');
});

test('its roles carry the tags of the environment', () => {
  for (const { Tags } of roles()) {
    expect(Tags).toEqual(
      expect.arrayContaining([
        { Key: 'project', Value: 'sales' },
        { Key: 'environment', Value: 'test' },
        { Key: 'production', Value: 'false' },
      ]),
    );
  }
});

test('names its things by account and region', () => {
  expect(JSON.stringify(toolkitTemplate())).toContain(`cdk-sales-deploy-role-${ACCOUNT}-${REGION}`);
});
