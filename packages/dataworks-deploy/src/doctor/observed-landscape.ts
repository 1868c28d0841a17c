import type { ByName, HeldBucket, Landscape, RecoverableTable, StackSettings } from './landscape';
import type { Account } from '../aws/account';
import { deployedTemplate } from '../bootstrap/deployed';

/** What the account has in the place of everything that is expected. Reads, and nothing else. */
export async function observedLandscape(expected: Landscape, account: Account): Promise<Landscape> {
  const { identities } = account;
  const [stacks, buckets, tables, roles, policies, providers, parameters] = await Promise.all([
    each(expected.stacks, (name) => stackIn(account, name)),
    each(expected.buckets, (name) => bucketIn(account, name)),
    each(expected.tables, (name) => tableIn(account, name)),
    each(expected.roles, (name) => identities.role(name)),
    each(expected.policies, (arn) => identities.managedPolicy(arn)),
    each(expected.providers, (arn) => identities.audiences(arn)),
    account.parameters.values(Object.keys(expected.parameters)),
  ]);
  return { stacks, buckets, tables, roles, policies, providers, parameters };
}

async function each<T>(expected: ByName<unknown>, read: (name: string) => Promise<T | undefined>): Promise<ByName<T>> {
  return Object.fromEntries(await Promise.all(Object.keys(expected).map(async (name) => [name, await read(name)] as const)));
}

async function stackIn(account: Account, name: string): Promise<StackSettings | undefined> {
  const stack = await account.stacks.find(name);
  return stack && { ...stack, template: await deployedTemplate(account, name) };
}

async function bucketIn({ buckets }: Account, name: string): Promise<HeldBucket | undefined> {
  const holder = await buckets.holderOf(name);
  if (holder === 'nobody') return undefined;
  return { holder, settings: holder === 'us' ? await buckets.settings(name) : undefined };
}

async function tableIn({ tables }: Account, name: string): Promise<RecoverableTable | undefined> {
  const table = await tables.find(name);
  return table && { ...table, recoverable: await tables.isRecoverable(name), policy: await tables.policy(name) };
}
