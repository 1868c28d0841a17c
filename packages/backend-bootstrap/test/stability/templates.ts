import { App } from 'aws-cdk-lib/core';
import type { Template } from '../../../dataworks-constructs/test/stability/every-option';
import { rendered } from '../../../dataworks-constructs/test/support/synth';
import { BackendStack, ToolkitStack } from '../../src';
import { PROPS } from '../support/backend';

/** The template of every stack that an environment has, by its name in the account. */
export function backendTemplates(app = new App()): Record<string, Template> {
  const { env, project, environment, production } = PROPS;
  const stacks = [new BackendStack(app, 'Backend', PROPS), new ToolkitStack(app, 'Toolkit', { env, project, environment, production })];
  return Object.fromEntries(stacks.map((stack) => [stack.stackName, rendered(stack) as Template]));
}
