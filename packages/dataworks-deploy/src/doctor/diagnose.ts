import { expectedLandscape } from './expected-landscape';
import { judge } from './judge';
import { lockNotes } from './lock-notes';
import { observedLandscape } from './observed-landscape';
import type { Finding } from './findings';
import type { Account } from '../aws/account';
import { hasForeignProvider } from '../bootstrap/deployed';
import { synthesise } from '../bootstrap/synthesis';
import type { Target } from '../config/target';

/** Everything in the account that is not as the templates of this version say. Reads, and nothing else. */
export async function diagnose(target: Target, account: Account): Promise<Finding[]> {
  const { names, environment } = target;
  const stacks = synthesise(target, { existingProvider: await hasForeignProvider(target, account) });
  const expected = withProvider(expectedLandscape(stacks, names), target);
  const observed = await observedLandscape(expected, account);
  const findings = judge(expected, observed, {
    environment: environment.name,
    versionParameter: names.cdkVersionParameter,
    toolkitStack: names.toolkitStack,
    renamedBy: (bucket) => (bucket === names.cdkStagingBucket ? 'qualifier' : 'stateNameSuffix'),
  });
  const isOurs = observed.buckets[names.stateBucket]?.holder === 'us';
  const halves = {
    item: observed.tables[names.stateTable] && (await account.tables.lock(names.stateTable, names.lockId))?.info,
    object: isOurs ? await account.buckets.text(names.stateBucket, names.lockFileKey) : undefined,
  };
  return [...findings, ...lockNotes(names.lockId, halves, new Date())];
}

/** A provider that was imported is not in the template; the roles need it all the same. */
function withProvider(expected: ReturnType<typeof expectedLandscape>, { configuration, names }: Target): typeof expected {
  const { circleci } = configuration;
  if (!circleci) return expected;
  const provider = { [names.circleCiProviderArn(circleci.organizationId)]: [circleci.organizationId] };
  return { ...expected, providers: { ...provider, ...expected.providers } };
}
