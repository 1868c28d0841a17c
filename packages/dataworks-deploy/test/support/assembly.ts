/** Cloud assemblies of small applications, synthesised by the CDK. */
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { App, CfnResource, DefaultStackSynthesizer, Stack, Tags } from 'aws-cdk-lib/core';
import { REGION } from './command-line';

export interface SmallStack {
  /** Name of the stack. */
  readonly name: string;
  /** Values of the SSM parameters `/<name>/<key>` that it makes. */
  readonly values: Readonly<Record<string, string>>;
  /** Further resources: type and properties by logical id. */
  readonly resources?: Readonly<Record<string, readonly [type: string, properties: Readonly<Record<string, unknown>>]>>;
  readonly after?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly terminationProtection?: boolean;
}

/** Synthesise an application for one account into a folder. */
export function synthesiseSmall(outdir: string, account: string, stacks: readonly SmallStack[]): void {
  const app = new App({ outdir, analyticsReporting: false, treeMetadata: false });
  const made = new Map<string, Stack>();
  for (const { name, values, resources = {}, after, tags = {}, terminationProtection } of stacks) {
    const stack = new Stack(app, name, {
      env: { account, region: REGION },
      synthesizer: new DefaultStackSynthesizer({ qualifier: 'dataworks' }),
      terminationProtection,
    });
    for (const [key, Value] of Object.entries(values)) {
      new CfnResource(stack, key, { type: 'AWS::SSM::Parameter', properties: { Type: 'String', Name: `/${name}/${key}`, Value } });
    }
    for (const [id, [type, properties]] of Object.entries(resources)) new CfnResource(stack, id, { type, properties });
    for (const [key, value] of Object.entries(tags)) Tags.of(stack).add(key, value);
    if (after !== undefined) stack.addStackDependency(made.get(after)!);
    made.set(name, stack);
  }
  app.synth();
}

/** An application that knows nothing of DataWorks: a folder that is published, and a stack that waits for an export and a parameter of another one. */
export function synthesiseForeign(outdir: string, account: string, content: string): void {
  const app = new App({ outdir });
  const props = () => ({ env: { account, region: REGION }, synthesizer: new DefaultStackSynthesizer({ qualifier: 'dataworks' }) });
  const base = new Stack(app, 'foreign-base', props());
  const setting = new StringParameter(base, 'Setting', { parameterName: '/foreign/setting', stringValue: 'one' });
  const user = new Stack(app, 'foreign-user', props());
  const { s3ObjectUrl } = new Asset(user, 'Content', { path: content });
  new StringParameter(user, 'Place', { parameterName: '/foreign/place', stringValue: s3ObjectUrl });
  new StringParameter(user, 'Copy', {
    parameterName: '/foreign/copy',
    stringValue: StringParameter.valueForStringParameter(user, '/foreign/setting'),
  });
  new StringParameter(user, 'Other', { parameterName: '/foreign/other', stringValue: setting.parameterName });
  user.addStackDependency(base);
  app.synth();
}
