import { Fault } from '../fault';
import { FAULTS } from '../faults';
import type { Terminal } from '../terminal';

export interface ConfirmOptions {
  /** It was answered on the command line. */
  readonly yes: boolean;
  readonly terminal: Terminal;
}

/** Ask, and go on only with exactly this answer. Throws DW2102 without a terminal, DW2103 for any other answer. */
export async function confirm(question: string, wanted: string, { yes, terminal }: ConfirmOptions): Promise<void> {
  if (yes) return;
  const answer = await terminal.ask(`${question} Type ${wanted} to go on: `);
  if (answer === undefined) throw new Fault(FAULTS.noTerminal, { received: JSON.stringify(question) });
  if (answer.trim() !== wanted) throw new Fault(FAULTS.notConfirmed, { received: JSON.stringify(answer), allowed: JSON.stringify(wanted) });
}
