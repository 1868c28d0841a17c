/** Plans as tests need them: one stack, of which nothing changes but what a test says. */
import type { DeployedState, Plan, PlannedStack, ResourceChange } from '../../src/plan/plan';

export const DIGEST = 'ab'.repeat(32);
export const ACCOUNT = '111122223333';
export const LINEAGE = '5f0c2f9e-9d5c-4b2f-8a51-0d2d0a7c4e11';

export function deployedState(changes: Partial<DeployedState> = {}): DeployedState {
  return {
    stackId: `arn:aws:cloudformation:eu-central-1:${ACCOUNT}:stack/lake/11111111-aaaa-bbbb-cccc-222222222222`,
    status: 'UPDATE_COMPLETE',
    lastUpdated: '2026-11-20T08:00:00.000Z',
    templateHash: 'cd'.repeat(32),
    parameters: {},
    tags: {},
    terminationProtection: false,
    ...changes,
  };
}

export function plannedStack(changes: Partial<PlannedStack> = {}): PlannedStack {
  return {
    name: 'lake',
    artifactId: 'lake',
    region: 'eu-central-1',
    dependsOn: [],
    template: { file: 'cdk.out/lake.template.json', hash: 'ef'.repeat(32) },
    deployed: deployedState(),
    parameters: {},
    ssmParameters: {},
    changedParameters: [],
    nestedParameters: [],
    tags: {},
    terminationProtection: false,
    capabilities: [],
    assets: [],
    changes: [],
    otherChanges: [],
    waits: [],
    ...changes,
  };
}

export function planWith(stacks: readonly PlannedStack[], changes: Partial<Plan> = {}): Plan {
  return {
    formatVersion: 1,
    digest: DIGEST,
    environment: 'dev',
    account: ACCOUNT,
    region: 'eu-central-1',
    commit: 'c0ffee'.repeat(6).padEnd(40, '0'),
    dirty: false,
    tools: {},
    state: { serial: 7, lineage: LINEAGE },
    stacks,
    risks: [],
    ...changes,
  };
}

export function change(logicalId: string, type: string, changes: Partial<ResourceChange> = {}): ResourceChange {
  return {
    nested: [],
    logicalId,
    type,
    action: 'modify',
    replacement: 'never',
    deletes: false,
    properties: [],
    stateful: false,
    ...changes,
  };
}
