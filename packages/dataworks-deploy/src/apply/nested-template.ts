import { posix } from 'node:path';
import type { PlannedAsset, PlannedStack } from '../plan/plan';

interface Outline {
  readonly Resources?: Readonly<Record<string, { readonly Properties?: { readonly TemplateURL?: unknown } } | undefined>>;
}

/**
 * Text of the template of a nested stack: the asset that the resource names. Undefined when it is none of the bundle.
 *
 * @param nested logical ids that lead to it, outermost first
 * @param text of a file of the bundle
 */
export function nestedTemplate(
  { template, assets }: Pick<PlannedStack, 'template' | 'assets'>,
  nested: readonly string[],
  text: (file: string) => string,
): string | undefined {
  let found: string | undefined = text(template.file);
  for (const logicalId of nested) {
    if (found === undefined) return undefined;
    const url: string = JSON.stringify((JSON.parse(found) as Outline).Resources?.[logicalId]?.Properties?.TemplateURL ?? '');
    const names = (location: string): boolean => url.includes(posix.basename(location));
    const asset: PlannedAsset | undefined = assets.find(
      ({ type, destinations }) => type === 'template' && destinations.some(({ location }) => names(location)),
    );
    found = asset && text(asset.path);
  }
  return found;
}
