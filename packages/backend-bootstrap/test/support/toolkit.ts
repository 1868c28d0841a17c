import { App } from 'aws-cdk-lib/core';
import { NAMING } from './deployments';
import type { Template } from '../../../dataworks-constructs/test/support/iam';
import { ACCOUNT, REGION, rendered } from '../../../dataworks-constructs/test/support/synth';
import { ToolkitStack, type ToolkitStackProps } from '../../src';

export const toolkitStack = (props: Partial<ToolkitStackProps> = {}): ToolkitStack =>
  new ToolkitStack(new App(), 'Toolkit', { ...NAMING, env: { account: ACCOUNT, region: REGION }, production: false, ...props });

export const toolkitTemplate = (): Template => rendered(toolkitStack());

/** The same, with every policy that is written into a role as a resource of its own, so that its parts can be left out. */
export function unfolded(template: Template): Template {
  const resources = Object.entries(template.Resources).flatMap(([logicalId, resource]) => {
    const { Policies = [], ...others } = (resource!.Properties ?? {}) as { readonly Policies?: readonly object[] };
    const policies = Policies.map((policy): [string, object] => [
      `${logicalId}Policy`,
      { Type: 'AWS::IAM::Policy', Properties: { ...policy, Roles: [{ Ref: logicalId }] } },
    ]);
    return [[logicalId, { ...resource, Properties: others }], ...policies];
  });
  return { ...template, Resources: Object.fromEntries(resources) as Template['Resources'] };
}
