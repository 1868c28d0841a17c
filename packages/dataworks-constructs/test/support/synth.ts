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

/** The message with which `build` is refused, and the constructs that the stack has afterwards. */
export function refusalOf(build: (stack: Stack) => void): { readonly message: string; readonly resources: readonly string[] } {
  const stack = newStack();
  const before = resourcesOf(stack).length;
  try {
    build(stack);
  } catch (error) {
    return { message: (error as Error).message, resources: resourcesOf(stack).slice(before) };
  }
  throw new Error('Nothing was refused.');
}

function resourcesOf(stack: Stack): readonly string[] {
  return stack.node
    .findAll()
    .filter((construct) => 'cfnResourceType' in construct)
    .map(({ node }) => node.path);
}
