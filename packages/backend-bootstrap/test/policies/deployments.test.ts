import { DeployedPolicies } from '../../../dataworks-constructs/test/support/iam';
import { ACCOUNT, actors, assume, call, deploymentTemplate, iam, NAMES, REGION, stack } from '../support/deployments';

const { execution, workload } = actors(new DeployedPolicies(deploymentTemplate(), { account: ACCOUNT, region: REGION }));

const OWN_ROLE = iam('role/sales-test-lake-Reader');
const BOUNDARY = { 'iam:PermissionsBoundary': NAMES.policyArn(NAMES.boundary) };
const TO_LAMBDA = { 'iam:PassedToService': 'lambda.amazonaws.com' };
const deploys = (action: string, resource: string, context = {}) => call(execution, action, resource, context, REGION);

/** CloudFormation's role as it is: the policy allows, and the boundary does not deny. */
test.each([
  ['a key', deploys('kms:CreateKey', '*')],
  ['its policy', deploys('kms:PutKeyPolicy', '*')],
  ['a bucket', deploys('s3:CreateBucket', 'arn:aws:s3:::sales-test-raw')],
  ['its policy', deploys('s3:PutBucketPolicy', 'arn:aws:s3:::sales-test-raw')],
  ['a parameter', deploys('ssm:PutParameter', NAMES.parameterArn('/sales/test/lake/raw'))],
  ['a role with the boundary', deploys('iam:CreateRole', OWN_ROLE, BOUNDARY)],
  ['its policy', deploys('iam:PutRolePolicy', OWN_ROLE, BOUNDARY)],
  ['a function with that role', deploys('iam:PassRole', OWN_ROLE, TO_LAMBDA)],
  ['a function from the staging bucket', deploys('s3:GetObject', `arn:aws:s3:::${NAMES.cdkStagingBucket}/code.zip`)],
  ['a trail', deploys('cloudtrail:CreateTrail', `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/sales-test-audit`)],
  ['what the trail records', deploys('cloudtrail:PutEventSelectors', `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/sales-test-audit`)],
  ['the start of the trail', deploys('cloudtrail:StartLogging', `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/sales-test-audit`)],
  ['an encrypted secret', deploys('kms:GenerateDataKey', '*', { 'kms:ViaService': `secretsmanager.${REGION}.amazonaws.com` })],
])('a deployment makes %s', (_what, decide) => {
  expect(decide().decision).toBe('allow');
});

/** Ways up that are known, each tried by CloudFormation's role as it is. */
test.each([
  ['a role without a boundary', deploys('iam:CreateRole', OWN_ROLE)],
  ['a role with another boundary', deploys('iam:CreateRole', OWN_ROLE, { 'iam:PermissionsBoundary': NAMES.policyArn('sales-test-other') })],
  ['another version of the boundary', deploys('iam:CreatePolicyVersion', NAMES.policyArn(NAMES.boundary))],
  ['no boundary any more', deploys('iam:DeletePolicy', NAMES.policyArn(NAMES.boundary))],
  ['an administrator of its own role', deploys('iam:AttachRolePolicy', NAMES.roleArn(NAMES.cdkExecutionRole), BOUNDARY)],
  ['an administrator of the deployer', deploys('iam:AttachRolePolicy', NAMES.roleArn(NAMES.deployerRole), BOUNDARY)],
  ['a way into the deployer', deploys('iam:UpdateAssumeRolePolicy', NAMES.roleArn(NAMES.deployerRole))],
  ['a way into an administrator', deploys('iam:UpdateAssumeRolePolicy', iam('role/OrganizationAccountAccessRole'))],
  ['a function with the role of an administrator', deploys('iam:PassRole', iam('role/OrganizationAccountAccessRole'), TO_LAMBDA)],
  ['a user', deploys('iam:CreateUser', iam('user/mallory'), BOUNDARY)],
  ['an access key', deploys('iam:CreateAccessKey', iam('user/ann'))],
  ['another OIDC provider', deploys('iam:CreateOpenIDConnectProvider', iam('oidc-provider/example.org'))],
  ['more audiences of the OIDC provider', deploys('iam:AddClientIDToOpenIDConnectProvider', NAMES.circleCiProviderArn('1'))],
  ['an end of the trail', deploys('cloudtrail:DeleteTrail', `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/sales-test-audit`)],
  ['a pause of the trail', deploys('cloudtrail:StopLogging', `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/sales-test-audit`)],
  ['an entry in the state', deploys('s3:PutObject', NAMES.stateObjectArn(NAMES.recordKey))],
  ['a look at the state', deploys('s3:GetObject', NAMES.stateObjectArn(NAMES.recordKey))],
  ['the lock its own', deploys('dynamodb:PutItem', NAMES.stateTableArn)],
  ['a look at the external id', deploys('iam:GetRole', NAMES.roleArn(NAMES.deployerRole))],
  ['another backend', deploys('cloudformation:UpdateStack', stack(NAMES.backendStack))],
  ['the deployer of itself', assume(execution, NAMES.roleArn(NAMES.deployerRole))],
  ['the deployer of a workload', assume(workload, NAMES.roleArn(NAMES.deployerRole))],
])('a deployment cannot make %s', (_what, decide) => {
  expect(decide().decision).not.toBe('allow');
});
