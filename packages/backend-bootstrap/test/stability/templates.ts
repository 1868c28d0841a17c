import { App } from 'aws-cdk-lib/core';
import type { Template } from '../../../dataworks-constructs/test/stability/every-option';
import { rendered } from '../../../dataworks-constructs/test/support/synth';
import { ToolkitStack } from '../../src';
import { backendStack, PROPS } from '../support/backend';

/** The template of every stack that an environment has, by its name in the account. */
export function backendTemplates(): Record<string, Template> {
  const { env, project, environment, production } = PROPS;
  const toolkit = new ToolkitStack(new App(), 'Toolkit', { env, project, environment, production });
  const stacks = [backendStack(), toolkit];
  return Object.fromEntries(stacks.map((stack) => [stack.stackName, rendered(stack) as Template]));
}
