import { GetBucketPolicyCommand, type S3Client } from '@aws-sdk/client-s3';
import { given, type Json } from '../json';
import { ifAny, type Reader } from './reader';

export function s3BucketPolicyReader(s3: S3Client): Reader {
  return {
    identifying: ['Bucket'],
    async read({ properties }) {
      const Bucket = properties.Bucket as string;
      const answer = await ifAny(s3.send(new GetBucketPolicyCommand({ Bucket })), 'NoSuchBucketPolicy');
      return given({ PolicyDocument: answer?.Policy === undefined ? undefined : (JSON.parse(answer.Policy) as Json) });
    },
  };
}
