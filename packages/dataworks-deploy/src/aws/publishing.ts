import { AssetManifest, AssetPublishing, DefaultAwsClient, EventType, type IPublishProgressListener } from '@aws-cdk/cdk-assets-lib';

export interface PublishRequest {
  /** Manifest of a stack's assets. */
  readonly manifest: string;
  /** Ids of those that are needed. */
  readonly ids: ReadonlySet<string>;
  /** Where the caller is, for destinations that name no region. */
  readonly region: string;
  readonly tell: (line: string) => void;
}

/**
 * Upload the assets of a stack, each by the publishing role that its manifest names.
 *
 * A file that is there under the same name is written over: the name is a hash, but nothing proves that the content is what was hashed.
 * An image that is there is not: a repository takes a tag once, and no build gives the same image twice.
 *
 * Throws an error with what every asset that could not be published says.
 */
export async function publishAssets({ manifest, ids, region, tell }: PublishRequest): Promise<void> {
  const { publishing, entries } = publishingOf({ manifest, ids, region }, tell);
  for (const entry of entries) {
    const force = entry.type === 'file';
    if (!force) tell(`Build the image ${entry.id.assetId}, unless it is published`); // it takes its time
    if (await publishing.buildEntry(entry)) await publishing.publishEntry(entry, { force, allowCrossAccount: false });
  }
  if (publishing.hasFailures) {
    throw new Error(publishing.failures.map(({ asset, error }) => `${asset.displayName(false)}: ${error.message}`).join('; '));
  }
}

/** Ids of the images that are not published, as far as it can be seen. */
export async function missingImages(request: Omit<PublishRequest, 'tell'>): Promise<string[]> {
  const { publishing, entries } = publishingOf(request, () => {});
  const isPublished = await Promise.all(entries.map((entry) => publishing.isEntryPublished(entry)));
  return entries.filter((_, index) => !isPublished[index]).map(({ id }) => id.assetId);
}

function publishingOf({ manifest, ids, region }: Omit<PublishRequest, 'tell'>, tell: PublishRequest['tell']) {
  process.env.AWS_REGION ??= region; // the library takes it from nowhere else
  const assets = AssetManifest.fromFile(manifest);
  const progressListener: IPublishProgressListener = {
    onPublishEvent: (type, { message }) => {
      if (type === EventType.UPLOAD) tell(message); // what is built tells of a temporary folder
    },
  };
  const publishing = new AssetPublishing(assets, {
    aws: new DefaultAwsClient(),
    progressListener,
    throwOnError: false,
    subprocessOutputDestination: 'ignore',
  });
  return { publishing, entries: assets.entries.filter(({ id }) => ids.has(id.assetId)) };
}
