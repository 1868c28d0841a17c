import { confirm } from './confirm';
import { inUse } from './contents';
import { deployedTemplate } from './deployed';
import { Deployment } from './deployment';
import { variantOf } from './preflight';
import { synthesise } from './synthesis';
import type { Account } from '../aws/account';
import type { StoredVersion } from '../aws/s3';
import type { Target } from '../config/target';
import { Fault } from '../fault';
import { FAULTS } from '../faults';
import type { Terminal } from '../terminal';

/** How many things in use are named; more are counted. */
const NAMED = 10;

export interface DestroyRequest {
  readonly target: Target;
  readonly account: Account;
  /** Do not ask. */
  readonly yes: boolean;
  readonly terminal: Terminal;
}

/**
 * Remove the CDK bootstrap, the backend, then what they retain: buckets and table. Each step is skipped when it was done, so that an
 * interrupted run is finished by the next.
 *
 * Throws DW2123 while somebody may still need what is there.
 *
 * @returns names of what was removed; empty when there was nothing
 */
export async function destroyEnvironment({ target, account, yes, terminal }: DestroyRequest): Promise<string[]> {
  const { environment, names } = target;
  const toolkit = new Deployment(account.stacks, names.toolkitStack, terminal.err);
  const backend = new Deployment(account.stacks, names.backendStack, terminal.err);
  const stacks = { toolkit: await ownToolkit(target, account, toolkit), backend: await backend.settled() };
  const buckets = await heldBuckets(target, account);
  const hasTable = (await account.tables.find(names.stateTable)) !== undefined;
  const doomed = [
    ...(stacks.toolkit ? [names.toolkitStack] : []),
    ...(stacks.backend ? [names.backendStack] : []),
    ...buckets.map(({ name }) => `s3://${name}`),
    ...(hasTable ? [`table ${names.stateTable}`] : []),
  ];
  if (doomed.length === 0) return [];

  terminal.err(`Will be removed from account ${environment.account}, for good:\n${doomed.map((name) => `  ${name}`).join('\n')}`);
  await confirm('Whatever was deployed with it can then no longer be changed by the CDK.', environment.name, { yes, terminal });
  if (stacks.toolkit) await toolkit.remove(stacks.toolkit);
  if (stacks.backend) await backend.remove(stacks.backend);
  // What was written since the question was asked is in the way: it is looked at again.
  for (const { name, versions } of await heldBuckets(target, account)) {
    await account.buckets.remove(name, versions);
    terminal.err(`bucket ${name} removed`);
  }
  if (hasTable) {
    await account.tables.remove(names.stateTable);
    terminal.err(`table ${names.stateTable} removed`);
  }
  terminal.err(
    `The repository ${names.cdkRepository}, with its images, is kept: aws ecr delete-repository --force --repository-name ${names.cdkRepository}`,
  );
  return doomed;
}

/** Throws DW2122 in production. */
export function refuseProduction({ environment }: Target): void {
  if (environment.production) throw new Fault(FAULTS.productionKept, { received: environment.name });
}

/** The stack of the CDK bootstrap, when it is ours: one of somebody else is not in the way of anything that is removed here. */
async function ownToolkit(target: Target, account: Account, toolkit: Deployment) {
  const stack = await toolkit.settled();
  const deployed = stack && (await deployedTemplate(account, target.names.toolkitStack));
  if (!deployed) return stack;
  const ours = synthesise(target, { existingProvider: false }).toolkit.template;
  return variantOf(deployed) === variantOf(ours) ? stack : undefined;
}

/** The buckets of ours that there are, with all that is in them. Throws DW2123 when the state bucket or its table is in use. */
async function heldBuckets({ names }: Target, { buckets, tables }: Account): Promise<Array<{ name: string; versions: StoredVersion[] }>> {
  const held: Array<{ name: string; versions: StoredVersion[] }> = [];
  for (const name of [names.stateBucket, names.cdkStagingBucket]) {
    if ((await buckets.holderOf(name)) === 'us') held.push({ name, versions: await buckets.versions(name) });
  }
  const hasTable = (await tables.find(names.stateTable)) !== undefined;
  const state = held.find(({ name }) => name === names.stateBucket)?.versions ?? [];
  const used = inUse(names, state, hasTable ? await tables.lockIds(names.stateTable) : []);
  if (used.length === 0) return held;
  const more = used.length > NAMED ? ` and ${used.length - NAMED} more` : '';
  throw new Fault(FAULTS.stateInUse, { received: `${used.slice(0, NAMED).join(', ')}${more}` });
}
