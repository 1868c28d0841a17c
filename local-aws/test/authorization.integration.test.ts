import { join } from 'node:path';
import { CreateBucketCommand, GetBucketLocationCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { clientOf, createUser, rootOf } from './authorized';
import { temporaryDirectory } from './cli/fakes';
import { homeAt } from '../cli/paths';
import type { ServerRecord } from '../cli/record';
import { serverStatus, startServer, stopServer } from '../cli/server';

const ACCOUNT = '111111111111';
const directory = temporaryDirectory();
let server: ServerRecord;

beforeEach(async () => {
  server = (await startServer({ home: homeAt(join(directory(), 'home')), tied: true, authorization: true })).server;
});
afterEach(() => stopServer({ home: homeAt(join(directory(), 'home')) }));

test('the server speaks TLS, with a certificate that its record names', async () => {
  expect(server.url).toMatch(/^https:/);
  expect((await serverStatus({ home: homeAt(join(directory(), 'home')) })).ready).toBe(true);
  await expect(fetch(server.url)).rejects.toThrow(); // by whoever does not trust it
  const caller = await new STSClient(clientOf(server, rootOf(ACCOUNT))).send(new GetCallerIdentityCommand());
  expect(caller.Account).toBe(ACCOUNT);
});

test('a user may do what his policy says and nothing else', async () => {
  await new S3Client({ ...clientOf(server, rootOf(ACCOUNT)), forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: 'lake' }));
  const allow = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetBucketLocation', Resource: '*' }] };
  const s3 = new S3Client({ ...clientOf(server, await createUser(server, ACCOUNT, 'reader', allow)), forcePathStyle: true });
  await expect(s3.send(new GetBucketLocationCommand({ Bucket: 'lake' }))).resolves.toBeDefined();
  await expect(s3.send(new CreateBucketCommand({ Bucket: 'another' }))).rejects.toThrow(/AccessDenied|not authorized|Access Denied/i);
});
