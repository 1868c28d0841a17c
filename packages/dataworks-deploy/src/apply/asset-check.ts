import { isSameAsset } from './asset-content';
import { APPLY_FAULTS } from './faults';
import { hasWork, needsPublishing } from './stack-deployment';
import { Fault } from '../fault';
import type { AssetDestination, PlannedAsset, PlannedStack } from '../plan/plan';

/** What the check asks of the account and of this machine. */
export interface AssetServices {
  /** Content of a file of the bundle. */
  readonly own: (file: string) => Buffer;
  /** What is published at a place of a region; undefined when nothing is. */
  readonly published: (destination: AssetDestination, region: string) => Promise<Buffer | undefined>;
  /** Ids of those images of a stack that are not published yet. */
  readonly missingImages: (stack: PlannedStack, ids: ReadonlySet<string>) => Promise<readonly string[]>;
  readonly canBuildImages: () => Promise<boolean>;
}

/**
 * Ask before anything is changed whether the assets of a plan can be what is deployed.
 *
 * An asset whose name was made of something else than its content would leave what refers to it as it is, and the old content in use:
 * therefore also those of stacks in which nothing changes. Throws DW3314 for what is published with other content, DW3326 for images
 * that would have to be built where nothing builds images.
 */
export async function checkAssets(stacks: readonly PlannedStack[], services: AssetServices): Promise<void> {
  const problems: string[] = [];
  for (const stack of stacks) {
    // One after the other: an asset may be large.
    for (const asset of stack.assets.filter((one) => needsPublishing(stack, one, services.own(stack.template.file).length))) {
      problems.push(...(await differing(asset, stack, services)));
    }
  }
  if (problems.length > 0) throw new Fault(APPLY_FAULTS.otherAsset, { received: [...new Set(problems)].join('; ') });
  await refuseUnbuildable(stacks.filter(hasWork), services);
}

async function differing(asset: PlannedAsset, { region }: PlannedStack, { own, published }: AssetServices): Promise<string[]> {
  if (asset.type === 'image') return [];
  const found = asset.destinations.map(async (destination) => {
    const content = await published(destination, destination.region ?? region);
    if (content === undefined || (await isSameAsset(asset, content, () => own(asset.path)))) return [];
    return [`${destination.location}, which is not ${asset.path}`];
  });
  return (await Promise.all(found)).flat();
}

async function refuseUnbuildable(stacks: readonly PlannedStack[], { missingImages, canBuildImages }: AssetServices): Promise<void> {
  const missing: string[] = [];
  for (const stack of stacks) {
    const images = stack.assets.filter(({ type }) => type === 'image').map(({ id }) => id);
    if (images.length > 0) missing.push(...(await missingImages(stack, new Set(images))).map((id) => `${stack.name}: ${id}`));
  }
  if (missing.length > 0 && !(await canBuildImages())) throw new Fault(APPLY_FAULTS.noImageBuilder, { received: missing.join('; ') });
}
