import type { AssemblyStack } from '../assembly/assembly';
import type { DeployedState } from '../plan';
import { nestedStacksIn, nestedTemplate } from '../template/nested-templates';
import type { StackTemplate } from '../template/stack-template';

type Stack = Pick<AssemblyStack, 'assets' | 'capabilities' | 'template'> & { readonly deployed?: DeployedState };

/**
 * Whether something that is in no template of the assembly decides what a stack becomes: a transform of CloudFormation, or the template
 * of a nested stack that is fetched from elsewhere. Not of a template that is deployed already.
 *
 * @param templates of the assembly, by path in the bundle
 */
export function expands(stack: Stack, templates: ReadonlyMap<string, StackTemplate>): boolean {
  if (stack.template.hash === stack.deployed?.templateHash) return false;
  return stack.capabilities.includes('CAPABILITY_AUTO_EXPAND') || hasForeign(templates.get(stack.template.file)!, stack, templates);
}

function hasForeign(template: StackTemplate, stack: Stack, templates: ReadonlyMap<string, StackTemplate>): boolean {
  return nestedStacksIn(template).some((logicalId) => {
    const nested = nestedTemplate(template.Resources[logicalId].Properties?.TemplateURL, stack, templates);
    return nested === undefined || hasForeign(nested, stack, templates);
  });
}
