import type { CommonOptions } from './common-options';
import { lockTargetOf, recordedStacks } from './lock-target';
import { Fault } from '../fault';
import { LOCK_FAULTS } from '../lock/faults';
import { holderLine } from '../lock/holder';
import { releaseOwn as releaseLockOf } from '../lock/release-own';
import type { Terminal } from '../terminal';

/** `dataworks release-own <environment>`: end what an earlier step of this CI job left locked. */
export async function releaseOwn(name: string, { config, json = false }: CommonOptions, terminal: Terminal): Promise<number> {
  const place = await lockTargetOf(name, config);
  if (!place.job) throw new Fault(LOCK_FAULTS.noJob, { received: 'no CIRCLECI and CIRCLE_BUILD_URL in the environment' });
  const holder = await releaseLockOf(place.services, place.job, await recordedStacks(place));
  const words = holder ? `Released: ${holderLine(holder)}.` : `This job holds no lock of ${name}.`;
  terminal.out(json ? JSON.stringify({ environment: name, released: holder ?? null }, undefined, 2) : words);
  return 0;
}
