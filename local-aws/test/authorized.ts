/** Clients of a local AWS in authorization mode. */
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  STSClient,
  type AssumeRoleCommandOutput,
  type AssumeRoleWithWebIdentityCommandOutput,
} from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { ServerRecord } from '../cli/record';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Whom no policy stops. */
export const rootOf = (account: string): Credentials => ({ accessKeyId: account, secretAccessKey: 'unchecked' });

/** What every client of the server needs; its connections are closed at once, or the server would wait for them when it stops. */
export function clientOf({ url, authority }: ServerRecord, credentials: Credentials, region = 'eu-central-1') {
  const httpsAgent = new Agent({ ca: readFileSync(authority!), keepAlive: false });
  return { endpoint: url, region, credentials, maxAttempts: 1, requestHandler: new NodeHttpHandler({ httpsAgent }) };
}

/** A new user whose only right is this policy. */
export async function createUser(server: ServerRecord, account: string, UserName: string, policy?: object): Promise<Credentials> {
  const iam = new IAMClient(clientOf(server, rootOf(account)));
  await iam.send(new CreateUserCommand({ UserName }));
  if (policy) await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'only', PolicyDocument: JSON.stringify(policy) }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
}

/** A project of CircleCI, as the trust policies name it. */
export interface PipelineProject {
  readonly organizationId: string;
  readonly projectId: string;
  /** Such as `github.com/org/repo`. */
  readonly repository: string;
}

/** Where a job of the pipeline runs. */
export interface PipelineJob {
  /** A full one, such as `refs/heads/main`. */
  readonly ref: string;
  /** Who pushed; default: some user's id. */
  readonly userId?: string;
  /** Claims to replace; `undefined` leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** `$CIRCLE_OIDC_TOKEN_V2` of a job, good for an hour. Nobody signed it: the local AWS has no keys of a provider to verify with. */
export function pipelineToken({ organizationId, projectId, repository }: PipelineProject, { ref, userId, claims }: PipelineJob): string {
  const user = userId ?? 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
  const written = {
    iss: `https://oidc.circleci.com/org/${organizationId}`,
    aud: organizationId,
    sub: `org/${organizationId}/project/${projectId}/user/${user}/vcs-origin/${repository}/vcs-ref/${ref}`,
    exp: Math.floor(Date.now() / 1000) + 3600,
    'oidc.circleci.com/project-id': projectId,
    ...claims,
  };
  const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(written)}.${Buffer.from('unsigned').toString('base64url')}`;
}

/** A session of a role that trusts the token; rejects with what STS answers. */
export async function assumeByToken(server: ServerRecord, roleArn: string, token: string): Promise<Credentials> {
  const sts = new STSClient(clientOf(server, rootOf(roleArn.split(':')[4])));
  const request = { RoleArn: roleArn, RoleSessionName: 'pipeline', WebIdentityToken: token };
  return credentialsOf(await sts.send(new AssumeRoleWithWebIdentityCommand(request)));
}

/** A session of a role for another identity, with an external id where the role asks for one; rejects with what STS answers. */
export async function assumeRole(server: ServerRecord, caller: Credentials, roleArn: string, externalId?: string): Promise<Credentials> {
  const sts = new STSClient(clientOf(server, caller));
  return credentialsOf(await sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'test', ExternalId: externalId })));
}

function credentialsOf({ Credentials: found }: AssumeRoleCommandOutput | AssumeRoleWithWebIdentityCommandOutput): Credentials {
  return { accessKeyId: found!.AccessKeyId!, secretAccessKey: found!.SecretAccessKey!, sessionToken: found!.SessionToken! };
}

/** What the server answers: it did it, or it denied it; any other error is one of the test. */
export async function verdict(call: Promise<unknown>): Promise<'allow' | 'deny'> {
  try {
    await call;
    return 'allow';
  } catch (error) {
    const { name, message } = error as Error;
    if (/^AccessDenied/.test(name)) return 'deny';
    throw new Error(`${name}: ${message}`);
  }
}
