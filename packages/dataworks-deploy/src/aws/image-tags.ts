import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { clientSettings, raisesFaults } from './client-settings';
import { roleCredentials } from './role-credentials';
import type { AssetDestination } from '../plan/plan';

/** Whether the repository of an image may give its tag to another image, read by the role that publishes; one that is not there has no tags. */
export async function hasMutableTags({ location, roleArn }: AssetDestination, region: string, caller: string): Promise<boolean> {
  const client = new ECRClient({ ...clientSettings(region), credentials: roleCredentials(region, roleArn, caller) });
  client.middlewareStack.use(raisesFaults);
  try {
    const { repositories = [] } = await client.send(new DescribeRepositoriesCommand({ repositoryNames: [location.split(':')[0]] }));
    return repositories.some(({ imageTagMutability }) => imageTagMutability !== 'IMMUTABLE');
  } catch (error) {
    if (error instanceof Error && error.name === 'RepositoryNotFoundException') return false; // whoever publishes there says so
    throw error;
  }
}
