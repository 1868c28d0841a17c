import { APPLY_FAULTS } from './faults';
import { applyUnderLock, type Applied, type ApplyRequest } from './protocol';
import { Fault } from '../fault';
import { acquire, type LockRequest } from '../lock/lock';

/** Take the lock, apply, and give it back: unless CloudFormation may still be at work, for then nobody else may come in. */
export async function applyWithLock(request: LockRequest, work: Omit<ApplyRequest, 'lock'>): Promise<Applied> {
  const lock = await acquire(request);
  let applied: Applied;
  try {
    applied = await applyUnderLock({ ...work, lock });
  } catch (error) {
    if (error instanceof Fault && error.code === APPLY_FAULTS.unclear.code) {
      lock.leave();
    } else {
      await lock.release().catch((problem: unknown) => {
        work.tell(String(problem));
      });
    }
    throw error;
  }
  try {
    await lock.release();
    return applied;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ...applied, unreleased: error };
  }
}
