import type { CommonOptions } from './common-options';
import { lockTargetOf } from './lock-target';
import { holderLine } from '../lock/holder';
import { unlock as unlockHolder } from '../lock/unlock';
import type { Terminal } from '../terminal';

export interface UnlockOptions extends CommonOptions {
  readonly reason: string;
}

/** `dataworks unlock <environment> <id>`: end a lock, whoever holds it. */
export async function unlock(
  name: string,
  id: string,
  { config, json = false, reason }: UnlockOptions,
  terminal: Terminal,
): Promise<number> {
  const { services, caller, job } = await lockTargetOf(name, config);
  const holder = await unlockHolder({ services, id, by: caller.arn, reason, ...(job && { job }) });
  const words = `${name} is unlocked; it was held by ${holderLine(holder)}.`;
  terminal.out(json ? JSON.stringify({ environment: name, unlocked: holder }, undefined, 2) : words);
  return 0;
}
