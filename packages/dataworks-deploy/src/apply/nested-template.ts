import type { PlannedAsset, PlannedStack } from '../plan/plan';
import { nestedAsset } from '../plan/template/nested-templates';

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
    const outline = JSON.parse(found) as Outline;
    const asset: PlannedAsset | undefined = nestedAsset(outline.Resources?.[logicalId]?.Properties?.TemplateURL, assets);
    found = asset && text(asset.path);
  }
  return found;
}
