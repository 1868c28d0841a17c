import type { CommonOptions } from './common-options';
import { lockTargetOf } from './lock-target';
import { Fault } from '../fault';
import { FAULTS } from '../faults';
import { holderLine } from '../lock/holder';
import type { LockServices } from '../lock/lock-services';
import { situationOf, type Situation } from '../lock/situation';
import { halvesOf } from '../lock/take';
import { printable } from '../printable';
import type { DeploymentRecord } from '../record/record';
import { recordLine, statusWords } from '../record/record-line';
import type { Terminal } from '../terminal';

/** `dataworks status <environment>`: what was applied last, and who holds the lock. */
export async function status(name: string, { config, json = false }: CommonOptions, terminal: Terminal): Promise<number> {
  const { services, store, target } = await lockTargetOf(name, config);
  const [stored, lock] = await Promise.all([store.read(), lockOf(services)]);
  const record = stored?.record;
  if (json) {
    const held = { readable: lock !== undefined, holders: lock?.holders ?? [], oddity: lock?.oddity };
    const { account, region } = target.environment;
    terminal.out(JSON.stringify({ environment: name, account, region, record: record ?? null, lock: held }, undefined, 2));
  } else {
    terminal.out([recordWords(name, record), lockWords(lock)].join('\n'));
  }
  return 0;
}

/** Undefined for those who plan: they may not see it. */
async function lockOf(services: LockServices): Promise<Situation | undefined> {
  try {
    return situationOf(await halvesOf(services));
  } catch (error) {
    if (error instanceof Fault && error.code === FAULTS.missingPermission.code) return undefined;
    throw error;
  }
}

function recordWords(name: string, record: DeploymentRecord | undefined): string {
  if (!record) return `${name}: nothing was applied yet.`;
  const stacks = record.stacks.map((stack) => `  ${stack.name} (${stack.region}): ${statusWords(stack)}`);
  return [`${name}: ${recordLine(record)}`, ...stacks].map(printable).join('\n');
}

function lockWords(lock: Situation | undefined): string {
  if (!lock) return 'Lock: these credentials may not see it.';
  if (lock.holders.length === 0) return 'Lock: nobody holds it.';
  const oddity = lock.oddity === undefined ? [] : [`  ${lock.oddity}`];
  return ['Lock: held by', ...lock.holders.map((holder) => `  ${holderLine(holder)}`), ...oddity].join('\n');
}
