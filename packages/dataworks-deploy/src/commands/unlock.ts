import type { CommonOptions } from './common-options';
import { lockTargetOf, stacksOf } from './lock-target';
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
  const place = await lockTargetOf(name, config);
  const { services, caller, job } = place;
  // Not those of the record, which may be what cannot be read.
  const { holder, left } = await unlockHolder({ services, id, by: caller.arn, reason, targets: stacksOf(place, []), ...(job && { job }) });
  const words = `${name} is unlocked; it was held by ${holderLine(holder)}.`;
  terminal.out(json ? JSON.stringify({ environment: name, unlocked: holder, ...(left && { left }) }, undefined, 2) : words);
  if (left) {
    terminal.err(
      `Not deleted of what the holder has made: ${left}. The next apply deletes that, or \`dataworks lock\`; nothing else does.`,
    );
  }
  return 0;
}
