import { posix } from 'node:path';
import type { PlannedAsset } from '../plan';
import type { StackTemplate } from './stack-template';

export const NESTED_STACK = 'AWS::CloudFormation::Stack';

/** Logical ids of the nested stacks of a template. */
export function nestedStacksIn({ Resources }: StackTemplate): string[] {
  return Object.keys(Resources).filter((name) => Resources[name].Type === NESTED_STACK);
}

/**
 * The asset that an URL of a template names, by the last part of its place: that begins with the hash of what it is, so no template can
 * lead to itself. Undefined when it is not in the assembly.
 */
export function nestedAsset(url: unknown, assets: readonly PlannedAsset[]): PlannedAsset | undefined {
  const text = JSON.stringify(url ?? '');
  return assets.find(
    ({ type, destinations }) => type === 'template' && destinations.some(({ location }) => text.includes(posix.basename(location))),
  );
}

/** The template behind an URL. Undefined when it is not in the assembly. */
export function nestedTemplate(
  url: unknown,
  { assets }: { readonly assets: readonly PlannedAsset[] },
  templates: ReadonlyMap<string, StackTemplate>,
): StackTemplate | undefined {
  const asset = nestedAsset(url, assets);
  return asset && templates.get(asset.path);
}
