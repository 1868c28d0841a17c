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
  /** Whether the repository of an image may give its tag to another one. */
  readonly hasMutableTags: (destination: AssetDestination, region: string) => Promise<boolean>;
  /** Ids of those images of a stack that are not published yet. */
  readonly missingImages: (stack: PlannedStack, ids: ReadonlySet<string>) => Promise<readonly string[]>;
  readonly canBuildImages: () => Promise<boolean>;
}

/**
 * Ask before anything is changed whether the assets of a plan can be what is deployed.
 *
 * An asset whose name was made of something else than its content would leave what refers to it as it is, and the old content in use:
 * therefore also those of stacks in which nothing changes. No two builds give the same image: the tag, a hash of its source, stands for it,
 * and a repository that gives a tag once.
 *
 * Throws DW3314 for what is published with other content, DW3315 for images in a repository where a tag may be given again, DW3326 for
 * images that would have to be built where nothing builds images.
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
  await checkImages(stacks.filter(hasWork), services);
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

async function checkImages(stacks: readonly PlannedStack[], services: AssetServices): Promise<void> {
  const missing: string[] = [];
  const mutable = new Set<string>();
  for (const stack of stacks) {
    const images = stack.assets.filter(({ type }) => type === 'image');
    if (images.length === 0) continue;
    for (const destination of images.flatMap(({ destinations }) => destinations)) {
      const { region = stack.region, location } = destination;
      if (await services.hasMutableTags(destination, region)) mutable.add(`${location} in ${region}`);
    }
    const ids = await services.missingImages(stack, new Set(images.map(({ id }) => id)));
    missing.push(...ids.map((id) => `${stack.name}: ${id}`));
  }
  if (mutable.size > 0) throw new Fault(APPLY_FAULTS.mutableTags, { received: [...mutable].join('; ') });
  if (missing.length > 0 && !(await services.canBuildImages())) {
    throw new Fault(APPLY_FAULTS.noImageBuilder, { received: missing.join('; ') });
  }
}
