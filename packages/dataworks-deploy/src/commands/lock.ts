import type { CommonOptions } from './common-options';
import { lockTargetOf, recordedStacks } from './lock-target';
import { hold } from '../lock/lock';
import type { Terminal } from '../terminal';

export interface LockOptions extends CommonOptions {
  readonly reason: string;
  /** Seconds. */
  readonly lockTimeout: number;
}

/** `dataworks lock <environment>`: hold the lock until `unlock`. */
export async function lock(name: string, { config, json = false, reason, lockTimeout }: LockOptions, terminal: Terminal): Promise<number> {
  const place = await lockTargetOf(name, config);
  const { services, caller, job } = place;
  const targets = await recordedStacks(place);
  const request = { services, targets, reason, who: caller.arn, timeout: lockTimeout, tell: terminal.err, ...(job && { job }) };
  const info = await hold(request);
  const words = `${name} is locked, ID ${info.ID}. It stays so until: dataworks unlock ${name} ${info.ID}`;
  terminal.out(json ? JSON.stringify({ environment: name, lock: info }, undefined, 2) : words);
  return 0;
}
