import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { clientSettings, raisesFaults } from './client-settings';
import { Fault } from '../fault';
import { FAULTS } from '../faults';
import type { Objects } from '../lock/lock-services';

export interface ObjectsPlace {
  readonly region: string;
  /** Account that has to own the bucket. */
  readonly account: string;
  readonly bucket: string;
}

/**
 * Objects of one bucket of S3.
 *
 * Whether one is there is asked by listing its key: to whoever may not list everything, S3 answers 403 for one that is not.
 */
export function objectsIn({ region, account, bucket }: ObjectsPlace): Objects {
  // Another endpoint than AWS's has no name of its own for each bucket.
  const forcePathStyle = Boolean(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL);
  const client = new S3Client({ ...clientSettings(region), forcePathStyle });
  client.middlewareStack.use(raisesFaults);
  const place = { Bucket: bucket, ExpectedBucketOwner: account };

  const exists = async (key: string): Promise<boolean> => {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ ...place, Prefix: key, MaxKeys: 1 }));
    return Contents[0]?.Key === key; // the shortest of those that begin with it is the first
  };
  const put = async (key: string, text: string, condition: { IfMatch: string } | { IfNoneMatch: '*' }) => {
    const request = { ...place, ...condition, Key: key, Body: text, ContentType: 'application/json' };
    const answer = await unlessRefused(() => client.send(new PutObjectCommand(request)));
    return answer?.ETag;
  };

  return {
    read: async (key) => {
      while (await exists(key)) {
        const object = await unlessGone(client.send(new GetObjectCommand({ ...place, Key: key })), () => exists(key));
        if (object) return { text: await object.Body!.transformToString(), etag: object.ETag! };
      }
      return undefined;
    },
    create: (key, text) => put(key, text, { IfNoneMatch: '*' }),
    replace: (key, text, etag) => put(key, text, { IfMatch: etag }),
    remove: async (key, etag) =>
      (await unlessRefused(() => client.send(new DeleteObjectCommand({ ...place, Key: key, IfMatch: etag })))) !== undefined,
    keys: async (prefix) => {
      const keys: string[] = [];
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { ...place, Prefix: prefix })) {
        keys.push(...Contents.map(({ Key }) => Key!));
      }
      return keys;
    },
  };
}

/** 412: the condition does not hold. 404: there is nothing that it could hold for. */
const REFUSED = [404, 412];
/** Somebody else wrote the same key in this moment; which of the two conditions held is known only afterwards. */
const CONFLICT = 409;

/** Ten seconds: a write takes far less. */
const CONFLICT_WAITS_MS = [50, 100, 200, 400, 800, 1_600, 3_200, 3_200];

/** The answer; undefined when the condition of the request does not hold. Throws DW2111 when others do not cease to write the same key. */
async function unlessRefused<T>(request: () => Promise<T>): Promise<T | undefined> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await request();
    } catch (error) {
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      if (status === CONFLICT) {
        if (attempt === CONFLICT_WAITS_MS.length) {
          throw new Fault(FAULTS.throttled, { received: `${(error as Error).name} from s3, others write the same object` });
        }
        await sleep(CONFLICT_WAITS_MS[attempt]);
        continue;
      }
      if (status !== undefined && REFUSED.includes(status) && (error as Error).name !== 'NoSuchBucket') return undefined;
      throw error;
    }
  }
}

/** The answer; undefined for an object that was deleted since it was listed, whatever S3 says of it. */
async function unlessGone<T>(answer: Promise<T>, exists: () => Promise<boolean>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const isDenied = error instanceof Fault && error.code === FAULTS.missingPermission.code;
    if ((error instanceof S3ServiceException && error.name === 'NoSuchKey') || (isDenied && !(await exists()))) return undefined;
    throw error;
  }
}
