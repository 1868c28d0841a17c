import { Approvals } from '../../src/approval/approvals';
import { Buckets } from '../../src/aws/s3';
import { answeringServer } from '../support/answering-server';
import { DIGEST } from '../support/planned';
import { targetWith } from '../support/targets';

const { answerWith } = answeringServer();

const PLANNED = '2030-01-01T09:00:00.000Z';

/** S3, with a plan that was stored at nine o'clock, and no approval of it. */
function s3At(date: string): void {
  answerWith((request) => ({
    status: 200,
    date,
    body: request.includes('planned')
      ? `<ListBucketResult><Contents><Key>planned/1</Key><LastModified>${PLANNED}</LastModified></Contents></ListBucketResult>`
      : '<ListBucketResult/>',
  }));
}

test.each([
  ['as old as it may be', 'Wed, 02 Jan 2030 09:00:00 GMT', 'DW3304'],
  ['a second older', 'Wed, 02 Jan 2030 09:00:01 GMT', 'DW3303'],
])('the age of a plan is told by the clock of S3, not by the one of this machine: %s', async (_age, date, code) => {
  s3At(date);
  const target = targetWith(); // dev: 24 hours
  const { region, account } = target.environment;
  const approvals = new Approvals(target, new Buckets(region, account), DIGEST);
  await expect(approvals.sufficient()).rejects.toMatchObject({ code });
});
