import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  type ListObjectVersionsCommandOutput,
  type ObjectIdentifier,
} from '@aws-sdk/client-s3';
import { clientSettings, raisesFaults, type Credentials } from './client-settings';

/** Who has a bucket's name. `denied`: a bucket of this account that these credentials may not look at. */
export type BucketHolder = 'nobody' | 'us' | 'us, elsewhere' | 'a stranger' | 'denied';

/** What the doctor compares, in the words of CloudFormation. */
export interface BucketSettings {
  readonly versioning?: string;
  readonly encryption?: string;
  readonly encryptionKey?: string;
  readonly publicAccess: Readonly<Record<string, boolean | undefined>>;
  readonly ownership?: string;
  readonly policy?: string;
  readonly lifecycle: readonly LifecycleSettings[];
  readonly logsTo?: string;
  /** ARNs of the buckets to which objects are copied. */
  readonly copiesTo: readonly string[];
}

export interface LifecycleSettings {
  readonly id: string;
  readonly enabled: boolean;
  readonly prefix: string;
  readonly expirationDays?: number;
  readonly noncurrentDays?: number;
  readonly noncurrentKept?: number;
  readonly abortDays?: number;
  readonly expiredMarkers: boolean;
}

export interface StoredVersion {
  readonly key: string;
  readonly version: string;
  /** The newest of its key, and no delete marker: what a reader gets. */
  readonly isCurrent: boolean;
}

export interface ListedObject {
  readonly key: string;
  /** When S3 stored it. */
  readonly modified: Date;
}

/** What S3 sends for a setting that a bucket does not have. */
const NOT_SET = [
  'NoSuchPublicAccessBlockConfiguration',
  'NoSuchBucketPolicy',
  'NoSuchLifecycleConfiguration',
  'ReplicationConfigurationNotFoundError',
  'OwnershipControlsNotFoundError',
  'ServerSideEncryptionConfigurationNotFoundError',
  'NoSuchKey',
  'NotFound',
];

/** Buckets of one account. Every call names the account, so that a stranger who took a bucket's name gets and gives nothing. */
export class Buckets {
  private readonly client: S3Client;
  private answeredAt = new Date();

  public constructor(
    region: string,
    private readonly account: string,
    credentials?: Credentials,
  ) {
    // Another endpoint than AWS's has no name of its own for each bucket.
    const forcePathStyle = Boolean(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL);
    this.client = new S3Client({ ...clientSettings(region), forcePathStyle, credentials });
    this.client.middlewareStack.use(raisesFaults);
    this.client.middlewareStack.add(
      (next) => async (request) => {
        const answer = await next(request);
        const { date } = (answer.response as { readonly headers: Readonly<Record<string, string | undefined>> }).headers;
        if (date !== undefined) this.answeredAt = new Date(date);
        return answer;
      },
      { name: 'answeredAt', step: 'deserialize' },
    );
  }

  /** S3's time at its last answer, in whole seconds: how old an object is, is told by this, since the clock of this machine may be wrong. */
  public get now(): Date {
    return this.answeredAt;
  }

  public async holderOf(name: string): Promise<BucketHolder> {
    try {
      await this.client.send(new HeadBucketCommand(this.on(name)));
      return 'us';
    } catch (error) {
      if (!(error instanceof S3ServiceException)) throw error;
      switch (error.$metadata.httpStatusCode) {
        case 404:
          return 'nobody';
        case 301:
          return (await this.owns(name)) ? 'us, elsewhere' : 'a stranger';
        case 403:
          return (await this.owns(name)) ? 'denied' : 'a stranger';
        default:
          throw error;
      }
    }
  }

  public async settings(name: string): Promise<BucketSettings> {
    const { client } = this;
    const bucket = this.on(name);
    const [versioning, encryption, access, ownership, policy, lifecycle, logging, replication] = await Promise.all([
      client.send(new GetBucketVersioningCommand(bucket)),
      whenSet(client.send(new GetBucketEncryptionCommand(bucket))),
      whenSet(client.send(new GetPublicAccessBlockCommand(bucket))),
      whenSet(client.send(new GetBucketOwnershipControlsCommand(bucket))),
      whenSet(client.send(new GetBucketPolicyCommand(bucket))),
      whenSet(client.send(new GetBucketLifecycleConfigurationCommand(bucket))),
      client.send(new GetBucketLoggingCommand(bucket)),
      whenSet(client.send(new GetBucketReplicationCommand(bucket))),
    ]);
    const byDefault = encryption?.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
    const { BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets } = access?.PublicAccessBlockConfiguration ?? {};
    return {
      versioning: versioning.Status,
      encryption: byDefault?.SSEAlgorithm,
      encryptionKey: byDefault?.KMSMasterKeyID,
      publicAccess: { BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets },
      ownership: ownership?.OwnershipControls?.Rules?.[0]?.ObjectOwnership,
      policy: policy?.Policy,
      lifecycle: (lifecycle?.Rules ?? []).map((rule) => ({
        id: rule.ID ?? '',
        enabled: rule.Status === 'Enabled',
        prefix: rule.Filter?.Prefix ?? rule.Filter?.And?.Prefix ?? '',
        expirationDays: rule.Expiration?.Days,
        noncurrentDays: rule.NoncurrentVersionExpiration?.NoncurrentDays,
        noncurrentKept: rule.NoncurrentVersionExpiration?.NewerNoncurrentVersions,
        abortDays: rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation,
        expiredMarkers: rule.Expiration?.ExpiredObjectDeleteMarker ?? false,
      })),
      logsTo: logging.LoggingEnabled?.TargetBucket,
      copiesTo: (replication?.ReplicationConfiguration?.Rules ?? []).map(({ Destination }) => Destination!.Bucket!),
    };
  }

  /** Text of an object; undefined when there is none. */
  public async text(bucket: string, key: string): Promise<string | undefined> {
    const object = await whenSet(this.client.send(new GetObjectCommand({ ...this.on(bucket), Key: key })));
    return object?.Body?.transformToString();
  }

  /** Content of an object; undefined when there is none. */
  public async bytes(bucket: string, key: string): Promise<Uint8Array | undefined> {
    const object = await whenSet(this.client.send(new GetObjectCommand({ ...this.on(bucket), Key: key })));
    return object?.Body?.transformToByteArray();
  }

  /** Store an object under a key that has none. Gives whether it did; there may be another by now. */
  public async putOnce(bucket: string, key: string, body: Uint8Array | string, contentType: string): Promise<boolean> {
    const object = { ...this.on(bucket), Key: key, Body: body, ContentType: contentType, IfNoneMatch: '*' };
    try {
      await this.client.send(new PutObjectCommand(object));
      return true;
    } catch (error) {
      if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412) return false;
      throw error;
    }
  }

  /** Objects whose key begins with a prefix. */
  public async list(bucket: string, prefix: string): Promise<ListedObject[]> {
    const found: ListedObject[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.client }, { ...this.on(bucket), Prefix: prefix })) {
      found.push(...Contents.map(({ Key, LastModified }) => ({ key: Key!, modified: LastModified! })));
    }
    return found;
  }

  /** Every version and delete marker of a bucket. */
  public async versions(bucket: string): Promise<StoredVersion[]> {
    const found: StoredVersion[] = [];
    let page: Partial<ListObjectVersionsCommandOutput> = {};
    do {
      const after = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      page = await this.client.send(new ListObjectVersionsCommand({ ...this.on(bucket), ...after }));
      const { Versions = [], DeleteMarkers = [] } = page;
      found.push(...Versions.map(({ Key, VersionId, IsLatest }) => ({ key: Key!, version: VersionId!, isCurrent: IsLatest ?? false })));
      found.push(...DeleteMarkers.map(({ Key, VersionId }) => ({ key: Key!, version: VersionId!, isCurrent: false })));
    } while (page.IsTruncated);
    return found;
  }

  /** Delete these versions, then the bucket. S3 refuses when anything else is in it by then. */
  public async remove(bucket: string, versions: readonly StoredVersion[]): Promise<void> {
    for (let start = 0; start < versions.length; start += 1000) {
      const Objects: ObjectIdentifier[] = versions.slice(start, start + 1000).map(({ key, version }) => ({ Key: key, VersionId: version }));
      const { Errors = [] } = await this.client.send(new DeleteObjectsCommand({ ...this.on(bucket), Delete: { Objects, Quiet: true } }));
      if (Errors.length > 0) throw new Error(`S3 did not delete ${Errors[0].Key} of ${bucket}: ${Errors[0].Code}, ${Errors[0].Message}`);
    }
    await this.client.send(new DeleteBucketCommand(this.on(bucket)));
  }

  /** S3 says the same to a stranger and to whoever lacks a permission; the list of the account's own buckets tells them apart. */
  private async owns(name: string): Promise<boolean> {
    const { Buckets: own = [] } = await this.client.send(new ListBucketsCommand({ Prefix: name }));
    return own.some(({ Name }) => Name === name);
  }

  private on(bucket: string) {
    return { Bucket: bucket, ExpectedBucketOwner: this.account };
  }
}

async function whenSet<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && NOT_SET.includes(error.name)) return undefined;
    throw error;
  }
}
