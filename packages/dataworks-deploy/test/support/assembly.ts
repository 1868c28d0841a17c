/** Cloud assemblies of small applications, synthesised by the CDK. */
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
