import { systemClock } from './clock';
import type { LockServices } from './lock-services';
import { lockItemsIn } from '../aws/lock-items';
import { objectsIn } from '../aws/objects';
import { ciTokenOf } from '../ci-job';
import { ciJobState } from '../ci-job-state';
import type { Target } from '../config/target';

/** The lock and the record of an environment, in its account. */
export function lockServicesOf({ environment: { account, region }, names }: Target): LockServices {
  const token = ciTokenOf(process.env);
  return {
    items: lockItemsIn({ region, table: names.stateTable, lockId: names.lockId, fenceId: names.fenceId }),
    objects: objectsIn({ region, account, bucket: names.stateBucket }),
    clock: systemClock,
    lockId: names.lockId,
    lockFileKey: names.lockFileKey,
    recordKey: names.recordKey,
    historyPrefix: names.historyPrefix,
    jobState: (link) => ciJobState(link, token),
  };
}
