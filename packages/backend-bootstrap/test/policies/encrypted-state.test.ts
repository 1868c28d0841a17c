import { EncryptionKey } from '@dataworks/constructs';
import {
  callKey,
  evaluate,
  useKeyThroughS3,
  type DeployedPolicies,
  type IamPrincipal,
} from '../../../dataworks-constructs/test/support/iam';
import { synth } from '../../../dataworks-constructs/test/support/synth';
import { proves, type Row } from '../../../dataworks-constructs/test/support/truth-table';
import { CircleCiIdentities, DeployerRole, StateBackend } from '../../src';
import { ACCOUNT, CIRCLECI, EXTERNAL_ID, OTHER_ACCOUNT } from '../support/backend';
import { Calls, NAMES, never } from '../support/calls';

/** Of the environment before, which is in another region. */
const KEY_BEFORE = `arn:aws:kms:us-east-1:${OTHER_ACCOUNT}:key/before`;
const BUCKET_BEFORE = 'arn:aws:s3:::dataworks-terraform-state-dev';
const OTHER_KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/other`;

const template = synth((stack) => {
  const { key: encryptionKey } = new EncryptionKey(stack, 'Key', { alias: 'state' });
  const backend = new StateBackend(stack, 'State', { names: NAMES, encryptionKey });
  const identities = new CircleCiIdentities(stack, 'CircleCi', { backend, circleCi: CIRCLECI });
  const after = { environment: 'dev', account: OTHER_ACCOUNT, encryptionKeyArn: KEY_BEFORE };
  new DeployerRole(stack, 'Deployer', { backend, pipeline: { identities, externalId: EXTERNAL_ID }, after });
});

/** The policy of a key that leaves the decision to the policies of an account, or lets a principal of another one in. */
const admitting = (account: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' }],
});

function rows(policies: DeployedPolicies): readonly Row[] {
  const calls = new Calls(policies);
  const own = policies.arn(policies.logicalId('AWS::KMS::Key'));
  const bucket = policies.arn(policies.logicalId('AWS::S3::Bucket'));
  const through =
    (principal: IamPrincipal, action: string, key = own, encrypted = bucket) =>
    () =>
      evaluate(useKeyThroughS3({ principal, action: `kms:${action}`, key, encrypted }), admitting(ACCOUNT));
  const direct =
    (principal: IamPrincipal, action: string, key = own) =>
    () =>
      evaluate(callKey({ principal, action: `kms:${action}`, key }), admitting(ACCOUNT));

  const plan = calls.sessions('CircleCiPlanRole', NAMES.planRole);
  const deployer = calls.sessions('DeployerRole', NAMES.deployerRole);
  return [
    ...Object.entries({ plan, deployer }).flatMap(([who, { itself, swollen }]): readonly Row[] => [
      [`the ${who} role decrypts through S3`, 'allow', 'to read', through(itself, 'Decrypt')],
      [`the ${who} role encrypts through S3`, 'allow', 'to write', through(itself, 'GenerateDataKey')],
      [`the ${who} role decrypts by a call`, 'implicitDeny', 'only through S3', direct(itself, 'Decrypt')],
      [`the ${who} role encrypts by a call`, 'implicitDeny', 'only through S3', direct(itself, 'GenerateDataKey')],
      ...['Decrypt', 'GenerateDataKey'].map((action) =>
        never(swollen)(`the ${who} role: ${action} with another key`, 'data has keys of its own', (as) => through(as, action, OTHER_KEY)),
      ),
      never(swollen)(`the ${who} role schedules the deletion of the key`, 'all state would be lost', (as) =>
        direct(as, 'ScheduleKeyDeletion'),
      ),
    ]),
    [
      'the deployer decrypts the record of the environment before, through S3 there',
      'allow',
      'promotion in order',
      through(deployer.itself, 'Decrypt', KEY_BEFORE, BUCKET_BEFORE),
    ],
    ['the deployer decrypts by a call with that key', 'implicitDeny', 'only through S3', direct(deployer.itself, 'Decrypt', KEY_BEFORE)],
    never(deployer.swollen)('the deployer encrypts with that key', 'it writes nothing there', (as) =>
      through(as, 'GenerateDataKey', KEY_BEFORE, BUCKET_BEFORE),
    ),
    never(plan.swollen)('the plan role decrypts with that key', 'the deployer alone', (as) =>
      through(as, 'Decrypt', KEY_BEFORE, BUCKET_BEFORE),
    ),
  ];
}

describe('roles of a backend whose state is encrypted by a key', () => {
  proves(template, rows, ({ name }) => /(UseKey|DecryptRecordBefore)/.test(name));
});
