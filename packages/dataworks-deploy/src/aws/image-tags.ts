import { DescribeRepositoriesCommand, ECRClient, type Repository } from '@aws-sdk/client-ecr';
import { clientSettings, raisesFaults } from './client-settings';
import { roleCredentials } from './role-credentials';
import type { AssetDestination } from '../plan/plan';

/** Whether the repository of an image may give its tag to another image, read by the role that publishes; one that is not there has no tags. */
export async function hasMutableTags({ location, roleArn }: AssetDestination, region: string, caller: string): Promise<boolean> {
  const client = new ECRClient({ ...clientSettings(region), credentials: roleCredentials(region, roleArn, caller) });
  client.middlewareStack.use(raisesFaults);
  const [name, tag] = location.split(':');
  try {
    const { repositories = [] } = await client.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }));
    return repositories.some((repository) => isMutable(tag, repository));
  } catch (error) {
    if (error instanceof Error && error.name === 'RepositoryNotFoundException') return false; // whoever publishes there says so
    throw error;
  }
}

/** What excludes a tag in a way that is not known here may exclude any. */
function isMutable(tag: string, { imageTagMutability, imageTagMutabilityExclusionFilters = [] }: Repository): boolean {
  return (
    !imageTagMutability?.startsWith('IMMUTABLE') ||
    imageTagMutabilityExclusionFilters.some(({ filterType, filter = '*' }) => filterType !== 'WILDCARD' || fits(tag, filter))
  );
}

/** @param wildcard with `*` for any characters */
function fits(tag: string, wildcard: string): boolean {
  return new RegExp(`^${wildcard.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(tag);
}
