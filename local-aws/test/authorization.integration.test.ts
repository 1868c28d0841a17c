import { join } from 'node:path';
import { CreateOpenIDConnectProviderCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetBucketLocationCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { assumeByToken, assumeRole, clientOf, createUser, pipelineToken, rootOf, verdict } from './authorized';
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

test('the chain of the pipeline: a token of main, then the external id', async () => {
  const iam = new IAMClient(clientOf(server, rootOf(ACCOUNT)));
  const project = { organizationId: 'org', projectId: 'project', repository: 'github.com/o/r' };
  const issuer = `oidc.circleci.com/org/${project.organizationId}`;
  await iam.send(new CreateOpenIDConnectProviderCommand({ Url: `https://${issuer}`, ClientIDList: [project.organizationId] }));
  const role = async (RoleName: string, statement: object): Promise<string> => {
    const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] };
    return (await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }))).Role!.Arn!;
  };
  const apply = await role('apply', {
    Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringLike: { [`${issuer}:sub`]: 'org/org/project/project/user/*/vcs-origin/github.com/o/r/vcs-ref/refs/heads/main' } },
  });
  const deployer = await role('deployer', {
    Principal: { AWS: apply },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'sts:ExternalId': 'secret' } },
  });
  const may = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: deployer }] };
  await iam.send(new PutRolePolicyCommand({ RoleName: 'apply', PolicyName: 'only', PolicyDocument: JSON.stringify(may) }));

  expect(await verdict(assumeByToken(server, apply, pipelineToken(project, { ref: 'refs/heads/x' })))).toBe('deny');
  const pipeline = await assumeByToken(server, apply, pipelineToken(project, { ref: 'refs/heads/main' }));
  expect(await verdict(assumeRole(server, pipeline, deployer))).toBe('deny');
  expect(await verdict(assumeRole(server, pipeline, deployer, 'wrong'))).toBe('deny');
  const session = await assumeRole(server, pipeline, deployer, 'secret');
  const { Arn } = await new STSClient(clientOf(server, session)).send(new GetCallerIdentityCommand());
  expect(Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/deployer/test`);
});
