import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishAssets } from '../../src/aws/publishing';
import { answeringServer } from '../support/answering-server';

const { requests, answerWith } = answeringServer();

test('an archive is uploaded, and told by where it goes: not by where it was made', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dataworks-publishing-'));
  mkdirSync(join(folder, 'code'));
  writeFileSync(join(folder, 'code/index.js'), 'exports.handler = () => 1;');
  const manifest = join(folder, 'lake.assets.json');
  const destinations = { here: { bucketName: 'staging', objectKey: 'a.zip', region: 'eu-central-1' } };
  const files = { a: { source: { path: 'code', packaging: 'zip' }, destinations } };
  writeFileSync(manifest, JSON.stringify({ version: '36.0.0', files }));
  const identity = '<Account>111122223333</Account><Arn>arn:aws:iam::111122223333:user/ada</Arn>';
  const caller = `<GetCallerIdentityResponse><GetCallerIdentityResult>${identity}</GetCallerIdentityResult></GetCallerIdentityResponse>`;
  answerWith((request) => ({ status: 200, body: request.startsWith('POST') ? caller : '' }));
  const told: string[] = [];
  try {
    await publishAssets({ manifest, ids: new Set(['a']), region: 'eu-central-1', tell: (line) => told.push(line) });
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(requests.filter((request) => request.startsWith('PUT') && request.includes('a.zip'))).toHaveLength(1);
  expect(told).toEqual(['Upload s3://staging/a.zip']);
});
