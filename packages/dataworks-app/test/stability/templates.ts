import { Stage } from 'aws-cdk-lib/core';
import type { Template } from '../../../dataworks-constructs/test/stability/every-option';
import { createApp } from '../../src/app';

/** The template of every stack of the app, by the name that the stack has in its account. */
export function appTemplates(): Record<string, Template> {
  const stages = createApp().node.children.filter((child) => Stage.isStage(child));
  const stacks = stages.flatMap((stage) => stage.synth().stacks);
  return Object.fromEntries(stacks.map(({ stackName, template }) => [stackName, template as Template]));
}
