import type { BackendNames } from '@dataworks/backend-bootstrap';
import { openBundle } from '../../src/apply/bundle-source';
import { Buckets } from '../../src/aws/s3';
import { answeringServer } from '../support/answering-server';
import { ACCOUNT, DIGEST } from '../support/planned';

const { answerWith } = answeringServer();

test('a digest that nobody has uploaded is said to be so, though S3 denies whoever reads it and may not list everything', async () => {
  answerWith((request) =>
    request.includes('list-type')
      ? { status: 200, body: '<ListBucketResult></ListBucketResult>' }
      : { status: 403, body: '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>' },
  );
  const names = { stateBucket: 'state', plansPrefix: 'lake/plans/' } as BackendNames;
  await expect(openBundle(DIGEST, new Buckets('eu-central-1', ACCOUNT), names)).rejects.toMatchObject({ code: 'DW3231' });
});
