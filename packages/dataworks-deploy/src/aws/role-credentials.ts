import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity } from '@smithy/types';
import { clientSettings, raisesFaults, type Credentials } from './client-settings';
import { Fault } from '../fault';
import { FAULTS } from '../faults';

/** How CloudTrail names the session that applies. */
const SESSION = 'dataworks';

/** That of the session that plans, and its length: the least that STS gives is long enough, and a role may limit its sessions. */
const PLAN_SESSION = { name: 'dataworks-plan', seconds: 900 };

/** Credentials of a role; those of the caller, whom the role is already, or who was told of none. */
export function roleCredentials(region: string, roleArn: string | undefined, caller: string): Credentials | undefined {
  if (roleArn === undefined || isSessionOf(caller, roleArn)) return undefined;
  const client = securityTokens(region);
  return () => assumed(client, roleArn, SESSION);
}

/** A session of a role that looks up; undefined when the caller may not assume it, or there is none: STS does not tell the two apart. */
export async function sessionOf(roleArn: string, region: string): Promise<Credentials | undefined> {
  try {
    return await assumed(securityTokens(region), roleArn, PLAN_SESSION.name, PLAN_SESSION.seconds);
  } catch (error) {
    if (error instanceof Fault && error.code === FAULTS.missingPermission.code) return undefined;
    if (error instanceof Error && ['NoSuchEntity', 'NoSuchEntityException'].includes(error.name)) return undefined;
    throw error;
  }
}

function securityTokens(region: string): STSClient {
  const client = new STSClient(clientSettings(region));
  client.middlewareStack.use(raisesFaults);
  return client;
}

/** @param seconds by default as long as STS gives */
async function assumed(client: STSClient, RoleArn: string, RoleSessionName: string, seconds?: number): Promise<AwsCredentialIdentity> {
  const { Credentials: found } = await client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName, DurationSeconds: seconds }));
  return {
    accessKeyId: found!.AccessKeyId!,
    secretAccessKey: found!.SecretAccessKey!,
    sessionToken: found!.SessionToken,
    expiration: found!.Expiration,
  };
}

function isSessionOf(caller: string, roleArn: string): boolean {
  const [, , , , account, resource = ''] = caller.split(':');
  const [kind, role] = resource.split('/');
  return kind === 'assumed-role' && account === roleArn.split(':')[4] && role === roleArn.split('/').at(-1);
}
