import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Template as DeployedTemplate } from './iam';

export const ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';
export const REGION = 'eu-west-1';

/** A stack of an app of its own. */
export function newStack(props?: StackProps): Stack {
  return new Stack(new App(), 'Stack', props);
}

/** What a stack deploys, as plain JSON. */
export function rendered(stack: Stack): DeployedTemplate {
  return Template.fromStack(stack).toJSON() as DeployedTemplate;
}

/** The template of a stack that `build` fills. */
export function synth(build: (stack: Stack) => void): DeployedTemplate {
  const stack = newStack();
  build(stack);
  return rendered(stack);
}

/** Every optional property, undefined: how jsii passes what other languages leave out. */
export type Nothing<Props> = Record<{ [Prop in keyof Props]-?: undefined extends Props[Prop] ? Prop : never }[keyof Props], undefined>;
