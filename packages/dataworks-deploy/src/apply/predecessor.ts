import { APPLY_FAULTS } from './faults';
import { orderProblem, type Predecessor } from './order';
import { rollbackProblem } from './rollback-proof';
import { Buckets } from '../aws/s3';
import type { Target } from '../config/target';
import { Fault } from '../fault';
import { FAULTS } from '../faults';
import type { Bundle } from '../plan/bundle/bundle';
import type { Plan } from '../plan/plan';
import { parseRecord } from '../record/form';
import type { RecordStore } from '../record/store';

export interface OrderSources {
  /** The environment that must have applied first; undefined for the first one. */
  readonly before?: Target;
  /** The history of the environment itself. */
  readonly store: Pick<RecordStore, 'past' | 'read'>;
  /** A verified bundle of the environment's state bucket. */
  readonly open: (digest: string) => Promise<Bundle>;
}

/**
 * Throws DW3307 when the environment before this one has not applied the commit of a plan or, when the plan says that it is a rollback,
 * when this environment has not applied what it deploys; and what `open` throws of the bundle that a rollback brings back.
 */
export async function refuseOutOfOrder(plan: Plan, { before, store, open }: OrderSources): Promise<void> {
  if (plan.rollback) {
    const { serial, digest } = plan.rollback;
    const planned = async () => {
      const bundle = await open(digest);
      bundle.dispose();
      return bundle.plan;
    };
    const [record, stored] = await Promise.all([store.past(serial), store.read()]);
    const received = await rollbackProblem(plan, { record, plan: planned, current: stored?.record });
    if (received !== undefined) throw new Fault(APPLY_FAULTS.outOfOrder, { received, ...UNPROVEN });
    return;
  }
  if (before === undefined) return;
  const received = orderProblem(plan, { name: before.environment.name, record: await recordOf(before) });
  if (received !== undefined) throw new Fault(APPLY_FAULTS.outOfOrder, { received });
}

const UNPROVEN = {
  allowed: 'a rollback to what the history of this environment proves to have been applied here',
  fix: 'plan it by dataworks rollback <environment> --to <serial>, and find out who made this plan',
};

/** The current record of another environment, in a bucket of which nothing else may be read. */
async function recordOf({ environment, names }: Target): Promise<Predecessor['record']> {
  try {
    const text = await new Buckets(environment.region, environment.account).text(names.stateBucket, names.recordKey);
    return text === undefined ? undefined : parseRecord(text, `${names.stateBucket}/${names.recordKey}`);
  } catch (error) {
    // To whoever may not list a bucket, S3 says the same of an object that is not there.
    if (error instanceof Fault && error.code === FAULTS.missingPermission.code) return undefined;
    throw error;
  }
}
