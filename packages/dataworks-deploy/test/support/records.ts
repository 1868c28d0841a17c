import type { DeploymentRecord } from '../../src/record/record';

/** A record of environment dev, the first one; `changes` are its differences. */
export function aRecord(changes: Partial<DeploymentRecord> = {}): DeploymentRecord {
  return {
    formatVersion: 1,
    serial: 1,
    lineage: '11111111-2222-4333-8444-555555555555',
    environment: 'dev',
    account: '111122223333',
    region: 'eu-central-1',
    commit: '0123456789abcdef0123456789abcdef01234567',
    dirty: false,
    planDigest: 'ab'.repeat(32),
    result: 'succeeded',
    stacks: [{ name: 'lake', region: 'eu-central-1', templateHash: 'cd'.repeat(32), status: 'UPDATE_COMPLETE' }],
    fence: 1,
    by: { arn: 'arn:aws:sts::111122223333:assumed-role/sales-dev-deployer/apply' },
    startedAt: '2026-11-24T10:00:00Z',
    endedAt: '2026-11-24T10:04:00Z',
    approvals: [],
    ...changes,
  };
}
