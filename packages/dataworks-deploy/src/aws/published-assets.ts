import { roleCredentials } from './role-credentials';
import { Buckets } from './s3';
import type { AssetDestination } from '../plan/plan';

/** Content of what is published at a place in a bucket, read by the role that publishes; undefined when there is nothing. */
export async function publishedContent(
  { location, roleArn }: AssetDestination,
  region: string,
  { account, caller }: { readonly account: string; readonly caller: string },
): Promise<Buffer | undefined> {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(location)!;
  const buckets = new Buckets(region, account, roleCredentials(region, roleArn, caller));
  try {
    const content = await buckets.bytes(bucket, key);
    return content && Buffer.from(content);
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchBucket') return undefined; // whoever publishes there says so
    throw error;
  }
}
