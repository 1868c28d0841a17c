import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { clientSettings, raisesFaults } from './client-settings';
import { Fault } from '../fault';
import { FAULTS } from '../faults';

/** A session of a role. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Long enough for a plan; a role may limit its sessions to an hour, and this is the least that STS gives. */
const SECONDS = 900;

/** Assume a role; undefined when the caller may not, or there is none: STS does not tell the two apart. */
export async function sessionOf(roleArn: string, region: string): Promise<SessionCredentials | undefined> {
  const client = new STSClient(clientSettings(region));
  client.middlewareStack.use(raisesFaults);
  try {
    const request = { RoleArn: roleArn, RoleSessionName: 'dataworks-plan', DurationSeconds: SECONDS };
    const { Credentials } = await client.send(new AssumeRoleCommand(request));
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
    return { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! };
  } catch (error) {
    if (error instanceof Fault && error.code === FAULTS.missingPermission.code) return undefined;
    if (error instanceof Error && ['NoSuchEntity', 'NoSuchEntityException'].includes(error.name)) return undefined;
    throw error;
  }
}
