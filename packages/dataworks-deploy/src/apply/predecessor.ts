import { APPLY_FAULTS } from './faults';
import { orderProblem, type Predecessor } from './order';
import { Buckets } from '../aws/s3';
import type { Target } from '../config/target';
import { Fault } from '../fault';
import { FAULTS } from '../faults';
import type { Plan } from '../plan/plan';
import { parseRecord } from '../record/form';

/** Throws DW3307 when the environment before this one has not applied the commit of a plan. */
export async function refuseOutOfOrder(plan: Plan, before: Target): Promise<void> {
  const problem = orderProblem(plan, { name: before.environment.name, record: await recordOf(before) });
  if (problem !== undefined) throw new Fault(APPLY_FAULTS.outOfOrder, { received: problem });
}

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
