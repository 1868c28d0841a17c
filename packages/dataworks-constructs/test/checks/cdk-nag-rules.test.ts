import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { App, Stack, type CfnResource } from 'aws-cdk-lib/core';
import { fixture } from './fixture';
import { synthesised } from './validated';
import { typed } from '../../src/checks/cdk-nag-rules';

const TYPES = ['AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy'];

test('what cdk-nag judges has the properties that CDK itself makes of the template', () => {
  const { app } = fixture();
  const { templateFullPath, template } = app.synth().getStackByName('Stack');
  const stack = new Stack(new App(), 'Included');
  const included = new CfnInclude(stack, 'Template', { templateFile: templateFullPath });
  const { Resources } = template as { Resources: Record<string, { Type: string; Properties: object }> };
  const judged = Object.entries(Resources).filter(([, { Type }]) => TYPES.includes(Type));

  expect(new Set(judged.map(([, { Type }]) => Type))).toEqual(new Set(TYPES));
  for (const [logicalId, { Properties }] of judged) {
    const l1 = included.getResource(logicalId) as CfnResource & Record<string, unknown>;
    const ours = typed(Properties) as Record<string, unknown>;
    const theirs = Object.fromEntries(Object.keys(ours).map((name) => [name, name === 'tags' ? ours.tags : l1[name]])); // L1s keep tags elsewhere
    expect(stack.resolve(theirs)).toEqual(stack.resolve(ours));
  }
});

test('without cdk-nag the synthesis fails, and says what to install', () => {
  jest.isolateModules(() => {
    jest.doMock('node:module', () => ({
      createRequire: () => (path: string) => {
        throw new Error(`Cannot find module '${path}'\nRequire stack: …`);
      },
    }));
    const { fixture: withoutNag } = jest.requireActual<{ fixture: typeof fixture }>('./fixture');
    const { error } = synthesised(withoutNag().app);
    expect(error).toMatch(/DW1051 at Stack\/.*Cannot find module 'cdk-nag\/lib\/rules\/.*npm install 'cdk-nag@\^3\.0\.2'/);
    expect(error).not.toContain('Require stack');
  });
});
