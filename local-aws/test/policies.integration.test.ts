/** Rows of the policies' truth tables, tried for real: the local AWS in authorization mode judges them, not our evaluator. */
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
  DescribeStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateGrantCommand, DescribeKeyCommand, EncryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client, type PutObjectCommandInput } from '@aws-sdk/client-s3';
import { ArnPrincipal } from 'aws-cdk-lib/aws-iam';
import { App, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib/core';
import { clientOf, createUser, rootOf, verdict, type Credentials } from './authorized';
import { temporaryDirectory } from './cli/fakes';
import { DataWorksBucket, EncryptionKey } from '../../packages/dataworks-constructs/src';
import { homeAt } from '../cli/paths';
import type { ServerRecord } from '../cli/record';
import { startServer, stopServer } from '../cli/server';

const ACCOUNT = '111111111111';
const REGION = 'eu-central-1';
const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['s3:*', 'kms:*'], Resource: '*' }] };
const user = (name: string): string => `arn:aws:iam::${ACCOUNT}:user/${name}`;

const directory = temporaryDirectory();
let server: ServerRecord;
let users: Readonly<Record<'writer' | 'owner' | 'administrator' | 'nobody', Credentials>>;
let ids: Readonly<Record<string, string>>;

function template(): object {
  const app = new App();
  const stack = new Stack(app, 'Lake', { env: { account: ACCOUNT, region: REGION }, synthesizer: new BootstraplessSynthesizer() });
  const key = new EncryptionKey(stack, 'Key', { alias: 'lake', administrators: [new ArnPrincipal(user('administrator'))] });
  new EncryptionKey(stack, 'Foreign', { alias: 'foreign' });
  new DataWorksBucket(stack, 'Data', { key: key.key, restrictedPrefixes: [{ prefix: 'team-a/', principalArns: [user('owner')] }] });
  return app.synth().getStackArtifact(stack.artifactId).template as object;
}

beforeEach(async () => {
  if (server as ServerRecord | undefined) return; // one server for all rows
  server = (await startServer({ home: homeAt(join(directory(), 'home')), tied: true, authorization: true })).server;
  const named = (name: string, policy?: object) => createUser(server, ACCOUNT, name, policy);
  users = {
    writer: await named('writer', EVERYTHING),
    owner: await named('owner', EVERYTHING),
    administrator: await named('administrator', EVERYTHING),
    nobody: await named('nobody'),
  };
  const cloudFormation = new CloudFormationClient(clientOf(server, rootOf(ACCOUNT)));
  await cloudFormation.send(new CreateStackCommand({ StackName: 'lake', TemplateBody: JSON.stringify(template()) }));
  await waitUntilStackCreateComplete({ client: cloudFormation, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StackName: 'lake' });
  const { StackResources = [] } = await cloudFormation.send(new DescribeStackResourcesCommand({ StackName: 'lake' }));
  ids = Object.fromEntries(StackResources.map(({ LogicalResourceId, PhysicalResourceId }) => [LogicalResourceId!, PhysicalResourceId!]));
});
afterAll(() => stopServer({ home: homeAt(join(directory(), 'home')) }));

const idOf = (prefix: string): string =>
  Object.entries(ids).find(([logicalId]) => new RegExp(`^${prefix}[0-9A-F]{8}$`).test(logicalId))![1];
const keyArn = (name: string): string => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${idOf(name)}`;
const s3 = (who: keyof typeof users) => new S3Client({ ...clientOf(server, users[who]), forcePathStyle: true });
const kms = (who: keyof typeof users) => new KMSClient(clientOf(server, users[who]));

describe('a PUT', () => {
  test.each<[string, 'allow' | 'deny', () => Partial<PutObjectCommandInput>]>([
    ["that names no encryption gets the bucket's own", 'allow', () => ({})],
    ['with the key of the bucket', 'allow', () => ({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn('Key') })],
    ['with another key', 'deny', () => ({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn('Foreign') })],
    ['with aws:kms and no key', 'deny', () => ({ ServerSideEncryption: 'aws:kms' })],
    ['with AES256', 'deny', () => ({ ServerSideEncryption: 'AES256' })],
  ])('%s: %s', async (_what, expected, headers) => {
    const put = new PutObjectCommand({ Bucket: idOf('Data'), Key: 'a', Body: 'x', ...headers() });
    expect(await verdict(s3('writer').send(put))).toBe(expected);
  });

  test('by a user without rights: deny', async () => {
    expect(await verdict(s3('nobody').send(new PutObjectCommand({ Bucket: idOf('Data'), Key: 'a', Body: 'x' })))).toBe('deny');
  });
});

describe('a restricted prefix', () => {
  const put = (who: keyof typeof users, Key: string) =>
    verdict(s3(who).send(new PutObjectCommand({ Bucket: idOf('Data'), Key, Body: 'x' })));

  test('its owner writes and reads there', async () => {
    expect(await put('owner', 'team-a/x')).toBe('allow');
    expect(await verdict(s3('owner').send(new GetObjectCommand({ Bucket: idOf('Data'), Key: 'team-a/x' })))).toBe('allow');
  });

  test('nobody else does, whatever his IAM policy says', async () => {
    await put('owner', 'team-a/x');
    expect(await put('writer', 'team-a/y')).toBe('deny');
    expect(await verdict(s3('writer').send(new GetObjectCommand({ Bucket: idOf('Data'), Key: 'team-a/x' })))).toBe('deny');
  });

  test('what lies beside it is not restricted, nor is the bucket itself', async () => {
    expect(await put('writer', 'team-b/x')).toBe('allow');
    expect(await verdict(s3('writer').send(new ListObjectsV2Command({ Bucket: idOf('Data') })))).toBe('allow');
  });
});

describe('an administrator of the key', () => {
  test('manages it', async () => {
    expect(await verdict(kms('administrator').send(new DescribeKeyCommand({ KeyId: keyArn('Key') })))).toBe('allow');
  });

  test.each([
    ['Encrypt', () => kms('administrator').send(new EncryptCommand({ KeyId: keyArn('Key'), Plaintext: Buffer.from('x') }))],
    ['GenerateDataKey', () => kms('administrator').send(new GenerateDataKeyCommand({ KeyId: keyArn('Key'), KeySpec: 'AES_256' }))],
    [
      'CreateGrant',
      () =>
        kms('administrator').send(
          new CreateGrantCommand({ KeyId: keyArn('Key'), GranteePrincipal: user('administrator'), Operations: ['Decrypt'] }),
        ),
    ],
  ])('is denied %s, whatever his IAM policy says', async (_action, call) => {
    expect(await verdict(call())).toBe('deny');
  });

  test('others use it by IAM', async () => {
    expect(await verdict(kms('writer').send(new EncryptCommand({ KeyId: keyArn('Key'), Plaintext: Buffer.from('x') })))).toBe('allow');
  });
});
