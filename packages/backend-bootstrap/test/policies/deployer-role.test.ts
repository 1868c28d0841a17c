import { DeployedPolicies, evaluate, request, type IamPrincipal } from '../../../dataworks-constructs/test/support/iam';
import { proves, type Row } from '../../../dataworks-constructs/test/support/truth-table';
import { BackendParameter } from '../../src';
import { ACCOUNT, backendTemplate, EXTERNAL_ID, LATER_ACCOUNT, OTHER_ACCOUNT, REGION } from '../support/backend';
import { backendOutOfReach, Calls, NAMES, never, ONCE } from '../support/calls';

const ITEMS = ['dataworks-terraform-state-test/dataworks-infra', 'dataworks-terraform-state-test/dataworks-infra-fence'];
const ITEM_ACTIONS = ['DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'];
const CDK_ROLES = [NAMES.cdkDeployRole, NAMES.cdkFilePublishingRole, NAMES.cdkImagePublishingRole, NAMES.cdkLookupRole];
const READ_PARAMETERS = ['ssm:GetParameter', 'ssm:GetParameters'];
const ONE_OF_EACH = [
  'dataworks-infra/record.json',
  'dataworks-infra/history/00000001.json',
  'dataworks-infra/plans/abc/bundle.tgz',
  'dataworks-infra/approvals/abc/1.json',
  'dataworks-infra.tflock',
];

/** The environment before, which lets this one read its record. */
const BEFORE = new DeployedPolicies(
  backendTemplate({
    environment: 'dev',
    env: { account: OTHER_ACCOUNT, region: REGION },
    after: undefined,
    recordReaders: [{ environment: 'test', account: ACCOUNT }],
    administrators: undefined,
  }),
  { account: OTHER_ACCOUNT, region: REGION, values: { ExternalId: EXTERNAL_ID } },
);
const BUCKET_BEFORE = BEFORE.logicalId('AWS::S3::Bucket');

/** On an object of its state bucket. */
const before =
  (principal: IamPrincipal, action: string, key: string, account = OTHER_ACCOUNT) =>
  () =>
    evaluate(
      request({ principal, action: `s3:${action}`, resource: `${BEFORE.arn(BUCKET_BEFORE)}/${key}`, account }),
      BEFORE.bucketPolicy(BUCKET_BEFORE),
    );

function rows(policies: DeployedPolicies): readonly Row[] {
  const calls = new Calls(policies);
  const { call, object, put, list, item, assume } = calls;
  const { itself: deployer, swollen } = calls.sessions('DeployerRole', NAMES.deployerRole);
  const denied = never(swollen);

  return [
    ...CDK_ROLES.map((name): Row => [`assumes ${name}`, 'allow', 'it deploys by the roles of the CDK', assume(deployer, name)]),
    ...Object.values(BackendParameter).flatMap((parameter) =>
      READ_PARAMETERS.map((action): Row => [
        `${action} of ${parameter}`,
        'allow',
        'to find the backend',
        call(deployer, action, NAMES.parameterArn(NAMES.parameter(parameter))),
      ]),
    ),
    ...ONE_OF_EACH.map((key): Row => [`reads ${key}`, 'allow', 'its own part of the bucket', object(deployer, 'GetObject', key)]),
    ...ONE_OF_EACH.map((key): Row => [`lists ${key}`, 'allow', 'whether it is there', list(deployer, key)]),
    ['writes the record', 'allow', 'again and again: on the condition that nobody else did', put(deployer, 'dataworks-infra/record.json')],
    ['writes history', 'allow', 'once', put(deployer, 'dataworks-infra/history/00000001.json', ONCE)],
    ['approves', 'allow', 'once', put(deployer, 'dataworks-infra/approvals/abc/1.json', ONCE)],
    ['writes the lock file', 'allow', 'to lock', put(deployer, 'dataworks-infra.tflock')],
    ['deletes the lock file', 'allow', 'to release', object(deployer, 'DeleteObject', 'dataworks-infra.tflock')],
    ...ITEM_ACTIONS.flatMap((action) =>
      ITEMS.map((id): Row => [`${action} of ${id}`, 'allow', 'to lock, count and release', item(deployer, action, id)]),
    ),
    [
      'reads the record of the environment before',
      'allow',
      'promotion in order',
      before(deployer, 'GetObject', 'dataworks-infra/record.json'),
    ],

    ...['dataworks-infra/history/00000001.json', 'dataworks-infra/approvals/abc/1.json'].map((key) =>
      denied(`overwrites ${key}`, 'what was recorded stays', (as) => put(as, key)),
    ),
    ...ONE_OF_EACH.slice(0, 4).map((key) => denied(`deletes ${key}`, 'what was recorded stays', (as) => object(as, 'DeleteObject', key))),
    denied('writes a plan', 'the approved thing would change', (as) => put(as, 'dataworks-infra/plans/abc/bundle.tgz', ONCE)),
    denied('reads the state of a Terraform user', 'not its business', (as) => object(as, 'GetObject', 'network/terraform.tfstate')),
    denied('writes the state of a Terraform user', 'not its business', (as) => put(as, 'network/terraform.tfstate')),
    denied('deletes the lock file of a Terraform user', 'not its lock', (as) => object(as, 'DeleteObject', 'network.tflock')),
    denied('lists the whole state bucket', 'names of states tell', (as) => list(as)),
    ...ITEM_ACTIONS.map((action) =>
      denied(`${action} of a lock of a Terraform user`, 'not its lock', (as) => item(as, action, 'dataworks-terraform-state-test/network')),
    ),
    denied('writes the digest of a Terraform state', 'the state would be refused', (as) => item(as, 'PutItem', `${NAMES.lockId}-md5`)),
    denied('writes two items of which one is not its', 'not its lock', (as) => item(as, 'PutItem', NAMES.lockId, 'x/y')),
    denied('scans the lock table', 'not its locks', (as) => item(as, 'Scan')),
    ...ITEM_ACTIONS.map((action) =>
      denied(`${action} of another table`, 'not its table', (as) =>
        call(as, `dynamodb:${action}`, `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/orders`, { 'dynamodb:LeadingKeys': [NAMES.lockId] }),
      ),
    ),
    denied('reads data', 'it deploys, and reads nothing', (as) => call(as, 's3:GetObject', 'arn:aws:s3:::sales-raw/x')),
    denied('writes data', 'it deploys, and writes nothing', (as) => call(as, 's3:PutObject', 'arn:aws:s3:::sales-raw/x')),
    denied('deletes data', 'it deploys, and deletes nothing', (as) => call(as, 's3:DeleteObject', 'arn:aws:s3:::sales-raw/x')),
    denied('lists data', 'it deploys, and reads nothing', (as) =>
      call(as, 's3:ListBucket', 'arn:aws:s3:::sales-raw', { 's3:prefix': 'dataworks-infra/x' }),
    ),
    ...READ_PARAMETERS.map((action) =>
      denied(`${action} of a workload`, 'it may be a secret', (as) => call(as, action, NAMES.parameterArn('/sales/test/password'))),
    ),
    denied('assumes the execution role of the CDK', 'CloudFormation alone acts by it', (as) => assume(as, NAMES.cdkExecutionRole)),
    ...backendOutOfReach(calls, swollen),

    [
      'reads the record from a bucket of that name that a stranger has',
      'implicitDeny',
      'the name is anybody’s who took it first',
      before(deployer, 'GetObject', 'dataworks-infra/record.json', LATER_ACCOUNT),
    ],
    denied('reads history of the environment before', 'the record says enough', (as) =>
      before(as, 'GetObject', 'dataworks-infra/history/00000001.json'),
    ),
    denied('writes the record of the environment before', 'it belongs there', (as) =>
      before(as, 'PutObject', 'dataworks-infra/record.json'),
    ),
  ];
}

describe('the deployer role', () => {
  proves(backendTemplate(), rows, ({ logicalId }) => logicalId.startsWith('DeployerRole'), {
    values: { ExternalId: EXTERNAL_ID },
  });
});
