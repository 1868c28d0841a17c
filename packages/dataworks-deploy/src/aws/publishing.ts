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

/** Thrown with what every asset that could not be published says. */
export class PublishingError extends Error {}

/** Which events of the publishing are worth a line. */
const TOLD: ReadonlySet<EventType> = new Set([EventType.UPLOAD, EventType.BUILD]);

/**
 * Upload the assets of a stack, each by the publishing role that its manifest names.
 *
 * What is there under the same name is written over: the name is a hash, but nothing proves that the content is what was hashed.
 */
export async function publishAssets({ manifest, ids, region, tell }: PublishRequest): Promise<void> {
  process.env.AWS_REGION ??= region; // the library takes it from nowhere else
  const assets = AssetManifest.fromFile(manifest);
  const progressListener: IPublishProgressListener = {
    onPublishEvent: (type, { message }) => {
      if (TOLD.has(type)) tell(message);
    },
  };
  const publishing = new AssetPublishing(assets, {
    aws: new DefaultAwsClient(),
    progressListener,
    throwOnError: false,
    subprocessOutputDestination: 'ignore',
  });
  for (const entry of assets.entries) {
    if (!ids.has(entry.id.assetId)) continue;
    if (await publishing.buildEntry(entry)) await publishing.publishEntry(entry, { force: true, allowCrossAccount: false });
  }
  if (publishing.hasFailures) {
    throw new PublishingError(publishing.failures.map(({ asset, error }) => `${asset.displayName(false)}: ${error.message}`).join('; '));
  }
}
