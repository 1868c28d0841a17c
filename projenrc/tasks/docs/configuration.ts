/** Writes the reference of dataworks.json and of the command into the README of the package in the working directory. */
import { faultTable, findingTable, helpOf } from './commands';
import { keyTable } from './keys';
import { writeParts } from './markdown';
import { riskTables } from './risks';

async function write(): Promise<void> {
  writeParts('README.md', {
    keys: keyTable(),
    bootstrap: await helpOf('bootstrap'),
    doctor: await helpOf('doctor'),
    plan: await helpOf('plan'),
    show: await helpOf('show'),
    approve: await helpOf('approve'),
    apply: await helpOf('apply'),
    status: await helpOf('status'),
    history: await helpOf('history'),
    lock: await helpOf('lock'),
    unlock: await helpOf('unlock'),
    drift: await helpOf('drift'),
    rollback: await helpOf('rollback'),
    'release-own': await helpOf('release-own'),
    faults: faultTable(),
    findings: findingTable(),
    risks: riskTables(),
  });
}

void write();
