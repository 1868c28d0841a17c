import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { clientSettings, raisesFaults } from './client-settings';

export interface Caller {
  /** 12 digits. */
  readonly account: string;
  readonly arn: string;
}

/** Whose credentials these are, according to the endpoint of a region. */
export async function callerIn(region: string): Promise<Caller> {
  const client = new STSClient(clientSettings(region));
  client.middlewareStack.use(raisesFaults);
  const { Account, Arn } = await client.send(new GetCallerIdentityCommand());
  return { account: Account!, arn: Arn! };
}
