import type { DeployedPolicies } from '../../../dataworks-constructs/test/support/iam';
import { proves, type Row } from '../../../dataworks-constructs/test/support/truth-table';
import { backendTemplate } from '../support/backend';
import { backendOutOfReach, Calls, NAMES, never, ONCE } from '../support/calls';

function rows(policies: DeployedPolicies): readonly Row[] {
  const calls = new Calls(policies);
  const { object, put, item, assume } = calls;
  const { itself: apply, swollen } = calls.sessions('CircleCiApplyRole', NAMES.applyRole);
  const denied = never(swollen);

  return [
    ['assumes the deployer', 'allow', 'its only purpose; the trust policy asks for the external id', assume(apply, NAMES.deployerRole)],
    ...[NAMES.planRole, NAMES.cdkDeployRole, NAMES.cdkLookupRole, NAMES.cdkExecutionRole].map((name) =>
      denied(`assumes ${name}`, 'the external id would be worth nothing', (as) => assume(as, name)),
    ),
    denied('reads the record', 'any job on main would', (as) => object(as, 'GetObject', 'dataworks-infra/record.json')),
    denied('approves', 'approvals come from the restricted context', (as) => put(as, 'dataworks-infra/approvals/abc/1.json', ONCE)),
    denied('writes the lock item', 'any job on main would', (as) => item(as, 'PutItem', NAMES.lockId)),
    ...backendOutOfReach(calls, swollen),
  ];
}

describe('the apply role', () => {
  proves(backendTemplate(), rows, ({ logicalId }) => logicalId.startsWith('CircleCiApplyRole'));
});
