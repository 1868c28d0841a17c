import type { DeployedPolicies } from '../../../dataworks-constructs/test/support/iam';
import { proves, type Row } from '../../../dataworks-constructs/test/support/truth-table';
import { BackendParameter } from '../../src';
import { backendTemplate } from '../support/backend';
import { backendOutOfReach, Calls, NAMES, never, ONCE } from '../support/calls';

const READABLE = ['dataworks-infra/record.json', 'dataworks-infra/history/00000001.json', 'dataworks-infra/plans/abc/bundle.tgz'];
const READ_PARAMETERS = ['ssm:GetParameter', 'ssm:GetParameters'];

function rows(policies: DeployedPolicies): readonly Row[] {
  const calls = new Calls(policies);
  const { call, object, put, list, item, assume } = calls;
  const { itself: plan, swollen } = calls.sessions('CircleCiPlanRole', NAMES.planRole);
  const denied = never(swollen);

  return [
    ['assumes the lookup role', 'allow', 'a plan looks at what is deployed', assume(plan, NAMES.cdkLookupRole)],
    ...READABLE.map((key): Row => [`reads ${key}`, 'allow', 'a plan is made against the record', object(plan, 'GetObject', key)]),
    ...READABLE.map((key): Row => [`lists ${key}`, 'allow', 'whether it is there', list(plan, key)]),
    ['writes a plan that is not there yet', 'allow', 'its work', put(plan, 'dataworks-infra/plans/abc/bundle.tgz', ONCE)],
    ...Object.values(BackendParameter).flatMap((parameter) =>
      READ_PARAMETERS.map((action): Row => [
        `${action} of ${parameter}`,
        'allow',
        'to find the backend',
        call(plan, action, NAMES.parameterArn(NAMES.parameter(parameter))),
      ]),
    ),

    denied('overwrites a plan', 'the approved thing would change', (as) => put(as, 'dataworks-infra/plans/abc/bundle.tgz')),
    denied('deletes a plan', 'it could be written again', (as) => object(as, 'DeleteObject', 'dataworks-infra/plans/abc/bundle.tgz')),
    denied('approves', 'nobody approves from a branch', (as) => put(as, 'dataworks-infra/approvals/abc/1.json', ONCE)),
    denied('writes the record', 'only what was applied is recorded', (as) => put(as, 'dataworks-infra/record.json', ONCE)),
    denied('writes the lock file', 'a branch would stop the pipeline', (as) => put(as, 'dataworks-infra.tflock', ONCE)),
    denied('deletes the lock file', 'a branch would break the lock', (as) => object(as, 'DeleteObject', 'dataworks-infra.tflock')),
    denied('writes the lock item', 'a branch would stop the pipeline', (as) => item(as, 'PutItem', NAMES.lockId)),
    denied('reads the state of a Terraform user', 'it holds secrets', (as) => object(as, 'GetObject', 'network/terraform.tfstate')),
    denied('reads an approval', 'not its business', (as) => object(as, 'GetObject', 'dataworks-infra/approvals/abc/1.json')),
    denied('lists the whole state bucket', 'names of states tell', (as) => list(as)),
    denied('lists the states of a Terraform user', 'names of states tell', (as) => list(as, 'network/')),
    denied('reads data', 'any branch would', (as) => call(as, 's3:GetObject', 'arn:aws:s3:::sales-raw/x')),
    denied('lists data', 'any branch would', (as) => call(as, 's3:ListBucket', 'arn:aws:s3:::sales-raw')),
    ...READ_PARAMETERS.map((action) =>
      denied(`${action} of a workload`, 'it may be a secret', (as) => call(as, action, NAMES.parameterArn('/sales/test/password'))),
    ),
    denied('assumes the deployer', 'it could deploy', (as) => assume(as, NAMES.deployerRole)),
    denied('assumes the deploy role of the CDK', 'it could deploy', (as) => assume(as, NAMES.cdkDeployRole)),
    ...backendOutOfReach(calls, swollen),
  ];
}

describe('the plan role', () => {
  proves(backendTemplate(), rows, ({ logicalId }) => logicalId.startsWith('CircleCiPlanRole'));
});
