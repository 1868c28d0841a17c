/** Clients of a local AWS in authorization mode. */
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
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
