/** An application of two stacks with what takes every role of a deployment: an asset, a parameter that one makes and the other reads, a role. */
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { App, DefaultStackSynthesizer, PermissionsBoundary, Stack, Stage } from 'aws-cdk-lib/core';
import { REGION } from './command-line';

export interface LinkedApp {
  /** Also the name of its stage. */
  readonly environment: string;
  readonly account: string;
  /** Folder that is published. */
  readonly content: string;
  /** Name of the parameter that the second stack reads; by default the one that the first makes. */
  readonly reads?: string;
}

/** Synthesise it into a folder. Its stacks are `dataworks-<environment>-base` and `dataworks-<environment>-user`. */
export function synthesiseLinked(
  outdir: string,
  { environment, account, content, reads = `/dataworks/${environment}/setting` }: LinkedApp,
): void {
  const app = new App({ outdir, analyticsReporting: false, treeMetadata: false });
  const stage = new Stage(app, environment, {
    env: { account, region: REGION },
    permissionsBoundary: PermissionsBoundary.fromName(`dataworks-${environment}-boundary`),
  });
  const stack = (name: string) =>
    new Stack(stage, name, {
      stackName: `dataworks-${environment}-${name}`,
      synthesizer: new DefaultStackSynthesizer({ qualifier: 'dataworks' }),
    });
  const prefix = `/dataworks/${environment}`;
  const base = stack('base');
  const user = stack('user');
  new StringParameter(base, 'Setting', { parameterName: `${prefix}/setting`, stringValue: 'one' });
  const { s3ObjectUrl } = new Asset(user, 'Content', { path: content });
  new StringParameter(user, 'Place', { parameterName: `${prefix}/place`, stringValue: s3ObjectUrl });
  new StringParameter(user, 'Copy', {
    parameterName: `${prefix}/copy`,
    stringValue: StringParameter.valueForStringParameter(user, reads),
  });
  new Role(user, 'Reader', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  user.addStackDependency(base);
  app.synth();
}
