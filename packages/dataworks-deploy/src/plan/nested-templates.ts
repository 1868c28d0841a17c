import type { AssemblyStack } from './assembly';
import type { Json, StackTemplate } from './stack-template';

const NESTED_STACK = 'AWS::CloudFormation::Stack';

/** Logical ids of the nested stacks of a template. */
export function nestedStacksIn({ Resources }: StackTemplate): string[] {
  return Object.keys(Resources).filter((name) => Resources[name].Type === NESTED_STACK);
}

/** The template behind an URL: that of the asset whose place the URL names. Undefined when it is not in the assembly. */
export function nestedTemplate(
  url: Json | undefined,
  { assets }: Pick<AssemblyStack, 'assets'>,
  templates: ReadonlyMap<string, StackTemplate>,
): StackTemplate | undefined {
  const text = JSON.stringify(url ?? '');
  const asset = assets.find(
    ({ type, destinations }) =>
      type === 'template' && destinations.some(({ location }) => text.includes(location.split('/').slice(3).join('/'))),
  );
  return asset && templates.get(asset.path);
}
