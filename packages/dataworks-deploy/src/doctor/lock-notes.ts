import { FINDINGS, type Finding } from './findings';
import { holderLine } from '../lock/holder';
import type { Situation } from '../lock/situation';

/** What there is to say of a lock that somebody holds. A finding for information: no reason for an exit code. */
export function lockNotes(environment: string, lockId: string, { holders, oddity }: Situation): Finding[] {
  if (holders.length === 0) return [];
  const commands = holders.map(({ id }) => `dataworks unlock ${environment} ${id}`).join(', ');
  const words = holders.map(holderLine).join('; and ');
  return [
    {
      ...(oddity === undefined ? FINDINGS.lockHeld : FINDINGS.lockHalfHeld),
      subject: lockId,
      found: oddity === undefined ? words : `${words}; ${oddity}`,
      expected: 'no lock, unless a run is under way',
      fix: `wait until the holder has ended; when it is known to be dead: ${commands}`,
      isNote: true,
    },
  ];
}
