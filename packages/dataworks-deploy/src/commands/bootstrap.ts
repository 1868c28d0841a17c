import type { CommonOptions } from './common-options';
import { accountIn, type Account } from '../aws/account';
import { backendBlock } from '../bootstrap/backend-block';
import { bootstrapEnvironment, type BootstrapOutcome } from '../bootstrap/bootstrap';
import { changeLine } from '../bootstrap/change-report';
import { destroyEnvironment, refuseProduction } from '../bootstrap/destroy';
import { contextsOf, handover, parameterPath } from '../bootstrap/handover';
import { NewFile } from '../bootstrap/new-file';
import { callerFor, refuseNobody } from '../bootstrap/preflight';
import { targetOf, type Target } from '../config/target';
import { diagnose } from '../doctor/diagnose';
import { paragraph } from '../doctor/findings';
import { Fault } from '../fault';
import { FAULTS } from '../faults';
import type { Terminal } from '../terminal';

export interface BootstrapOptions extends CommonOptions {
  readonly yes?: boolean;
  readonly rotate?: boolean;
  readonly destroy?: boolean;
  readonly writeBackend?: string;
}

/** `dataworks bootstrap <environment>`. */
export async function bootstrap(name: string, options: BootstrapOptions, terminal: Terminal): Promise<number> {
  const { yes = false, rotate = false, json = false } = options;
  const target = targetOf(name, options.config);
  if (options.destroy) refuseProduction(target);
  else refuseNobody(target);
  const backendFile = options.writeBackend === undefined ? undefined : new NewFile(options.writeBackend, backendBlock(target.names));
  const { arn } = await callerFor(target);
  const account = accountIn(target.environment);
  if (options.destroy) return destroy(target, account, { yes, json, terminal });

  const outcome = await bootstrapEnvironment({ target, account, caller: arn, rotate, yes, terminal });
  backendFile?.write();
  await checked(target, account, terminal);
  terminal.out(
    json ? JSON.stringify(documentOf(target, outcome), undefined, 2) : `${summary(outcome)}\n\n${handover(target, outcome.externalId)}`,
  );
  return 0;
}

async function destroy(
  target: Target,
  account: Account,
  { yes, json, terminal }: { readonly yes: boolean; readonly json: boolean; readonly terminal: Terminal },
): Promise<number> {
  const removed = await destroyEnvironment({ target, account, yes, terminal });
  const { name } = target.environment;
  const words = removed.length > 0 ? `The backend of ${name} is removed.` : `There is no backend of ${name}.`;
  terminal.out(json ? JSON.stringify({ environment: name, removed }, undefined, 2) : words);
  return 0;
}

/** Read back what was made. Throws DW2121 with the codes of what is not as it should be; the findings themselves are told before. */
async function checked(target: Target, account: Account, { err }: Terminal): Promise<void> {
  const { made } = await diagnose(target, account);
  const findings = made.filter(({ isNote }) => !isNote);
  if (findings.length === 0) {
    err(`Checked: account ${target.environment.account} is as the templates say.`);
    return;
  }
  for (const finding of findings) err(paragraph(finding));
  throw new Fault(FAULTS.notAsExpected, { received: findings.map(({ code, subject }) => `${code} ${subject}`).join(', ') });
}

function isChanged({ proposals }: BootstrapOutcome): boolean {
  return proposals.some(({ changeSet, protect }) => changeSet !== undefined || protect);
}

function summary(outcome: BootstrapOutcome): string {
  return isChanged(outcome) ? 'The backend is in place.' : 'No changes: the backend was in place.';
}

function documentOf(target: Target, outcome: BootstrapOutcome): object {
  const { name, account, region } = target.environment;
  return {
    environment: name,
    account,
    region,
    changed: isChanged(outcome),
    stacks: outcome.proposals.map(({ stack, changeSet }) => ({
      name: stack.name,
      changes: (changeSet?.changes ?? []).map((change) => changeLine(change, stack)),
    })),
    parameters: parameterPath(target),
    contexts: contextsOf(target),
    ...(outcome.newExternalId !== undefined && { externalId: outcome.newExternalId }),
    terraformBackend: backendBlock(target.names),
  };
}
