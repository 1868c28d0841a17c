import { randomUUID } from 'node:crypto';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { compare, type Comparison } from './compare';
import { given } from './json';

/**
 * Put an object that names no encryption into a bucket, get it back, and compare: the same bytes,
 * encrypted with the lake's key. The object is deleted again, with its version.
 */
export async function roundTrip(Bucket: string, keyArn: string): Promise<Comparison[]> {
  const s3 = new S3Client({ forcePathStyle: true });
  const Key = `dataworks-try/${randomUUID()}.txt`;
  const body = `written at ${new Date().toISOString()}`;
  const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key, Body: body }));
  try {
    const object = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return compare(
      { Body: body, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn, BucketKeyEnabled: true },
      given({
        Body: await object.Body!.transformToString(),
        ServerSideEncryption: object.ServerSideEncryption,
        SSEKMSKeyId: object.SSEKMSKeyId,
        BucketKeyEnabled: object.BucketKeyEnabled,
      }),
    );
  } finally {
    await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  }
}
