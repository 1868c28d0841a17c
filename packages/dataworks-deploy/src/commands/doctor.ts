import type { CommonOptions } from './common-options';
import { accountIn } from '../aws/account';
import { callerFor, refuseNobody } from '../bootstrap/preflight';
import { targetOf, type Target } from '../config/target';
import { diagnose } from '../doctor/diagnose';
import { findingOf, paragraph, type Finding } from '../doctor/findings';
import { Fault } from '../fault';
import type { Terminal } from '../terminal';

const FOUND = 3;

/** `dataworks doctor <environment>`: 0 without findings, 3 with some. Notes are no findings. */
export async function doctor(name: string, { config, json = false }: CommonOptions, terminal: Terminal): Promise<number> {
  const target = targetOf(name, config);
  const { account, region } = target.environment;
  const obstacle = await obstacleTo(target);
  const all = obstacle ? [obstacle] : await findingsIn(target);
  const findings = all.filter(({ isNote }) => !isNote);
  if (json) {
    const notes = all.filter(({ isNote }) => isNote);
    terminal.out(JSON.stringify({ environment: name, account, region, findings, notes }, undefined, 2));
  } else {
    for (const finding of all) terminal.out(`${paragraph(finding)}\n`);
    terminal.out(findings.length === 0 ? `${name} (${account}, ${region}) is as bootstrap made it.` : `${findings.length} to put right.`);
  }
  return findings.length === 0 ? 0 : FOUND;
}

async function findingsIn(target: Target): Promise<Finding[]> {
  const { made, written } = await diagnose(target, accountIn(target.environment));
  return [...made, ...(await written())];
}

/** A file, credentials, account or region with which nothing can be checked: the first thing to put right. */
async function obstacleTo(target: Target): Promise<Finding | undefined> {
  try {
    refuseNobody(target);
    await callerFor(target);
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return findingOf(error, target.environment.name, 'nothing else can be checked');
  }
}
