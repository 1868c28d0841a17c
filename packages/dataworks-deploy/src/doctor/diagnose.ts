import { expectedLandscape } from './expected-landscape';
import type { Finding } from './findings';
import { judge } from './judge';
import type { Landscape } from './landscape';
import { lockNotes } from './lock-notes';
import { observedLandscape } from './observed-landscape';
import { recordFindings } from './record-findings';
import type { Account } from '../aws/account';
import { hasForeignProvider } from '../bootstrap/deployed';
import { isFit } from '../bootstrap/lock-table';
import { synthesise } from '../bootstrap/synthesis';
import type { Target } from '../config/target';
import { lockServicesOf } from '../lock/services-in';
import { situationOf } from '../lock/situation';
import { RecordStore } from '../record/store';

export interface Diagnosis {
  /** What bootstrap makes, and is not as the templates of this version say. */
  readonly made: readonly Finding[];
  /** What the commands have written since, the record and the lock: read when it is asked for. */
  readonly written: () => Promise<readonly Finding[]>;
}

/** Everything in the account that is not as it should be. Reads, and nothing else. */
export async function diagnose(target: Target, account: Account): Promise<Diagnosis> {
  const { names, environment } = target;
  const { backend, toolkit } = synthesise(target, { existingProvider: await hasForeignProvider(target, account) });
  const of = {
    environment: environment.name,
    versionParameter: names.cdkVersionParameter,
    toolkitStack: names.toolkitStack,
    renamedBy: (bucket: string) => (bucket === names.cdkStagingBucket ? 'qualifier' : 'stateNameSuffix'),
  };
  const expected = [withProvider(expectedLandscape(backend, names), target), expectedLandscape(toolkit, names)];
  const observed = await Promise.all(expected.map((landscape) => observedLandscape(landscape, account)));
  const made = expected.flatMap((landscape, index) => judge(landscape, observed[index], of));
  return { made, written: () => findingsOfUse(target, observed[0]) };
}

/** A provider that was imported is not in the template; the roles need it all the same. */
function withProvider(expected: Landscape, { configuration, names }: Target): Landscape {
  const { circleci } = configuration;
  if (!circleci) return expected;
  const provider = { [names.circleCiProviderArn(circleci.organizationId)]: [circleci.organizationId] };
  return { ...expected, providers: { ...provider, ...expected.providers } };
}

async function findingsOfUse(target: Target, backend: Landscape): Promise<Finding[]> {
  const { names, environment } = target;
  const services = lockServicesOf(target);
  const { items, objects, lockFileKey } = services;
  const table = backend.tables[names.stateTable];
  const item = table && isFit(table) ? await items.read() : undefined;
  const isOurs = backend.buckets[names.stateBucket]?.holder === 'us';
  const file = isOurs ? await objects.read(lockFileKey) : undefined;
  const ofRecord = isOurs ? await recordFindings(environment.name, new RecordStore(services)) : [];
  return [...ofRecord, ...lockNotes(environment.name, names.lockId, situationOf({ item, file }))];
}
