import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { clientSettings, raisesFaults, type Credentials } from './client-settings';

/** How CloudTrail names the session. */
const SESSION = 'dataworks';

/** Credentials of a role; those of the caller, whom the role is already, or who was told of none. */
export function roleCredentials(region: string, roleArn: string | undefined, caller: string): Credentials | undefined {
  if (roleArn === undefined || isSessionOf(caller, roleArn)) return undefined;
  const client = new STSClient(clientSettings(region));
  client.middlewareStack.use(raisesFaults);
  return async () => {
    const { Credentials: found } = await client.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: SESSION }));
    return {
      accessKeyId: found!.AccessKeyId!,
      secretAccessKey: found!.SecretAccessKey!,
      sessionToken: found!.SessionToken,
      expiration: found!.Expiration,
    };
  };
}

function isSessionOf(caller: string, roleArn: string): boolean {
  const [, , , , account, resource = ''] = caller.split(':');
  const [kind, role] = resource.split('/');
  return kind === 'assumed-role' && account === roleArn.split(':')[4] && role === roleArn.split('/').at(-1);
}
