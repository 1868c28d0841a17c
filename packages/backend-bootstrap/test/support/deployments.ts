import { CfnRole } from 'aws-cdk-lib/aws-iam';
import {
  evaluate,
  request,
  role,
  type DeployedPolicies,
  type IamPrincipal,
  type Template,
} from '../../../dataworks-constructs/test/support/iam';
import { ACCOUNT, OTHER_ACCOUNT, REGION, synth } from '../../../dataworks-constructs/test/support/synth';
import type { Row } from '../../../dataworks-constructs/test/support/truth-table';
import { BackendNames, ExecutionPolicy, PermissionsBoundary, type BackendNaming } from '../../src';

export { ACCOUNT, OTHER_ACCOUNT, REGION };

type Context = Parameters<typeof request>[0]['context'];

export const NAMING: BackendNaming = { project: 'sales', environment: 'test', qualifier: 'sales' };

export const namesOf = (naming: BackendNaming): BackendNames => new BackendNames({ ...naming, account: ACCOUNT, region: REGION });

export const NAMES = namesOf(NAMING);

/** Both policies, and roles that have one, the other, or both. */
export function deploymentTemplate(names: BackendNames = NAMES): Template {
  return synth((stack) => {
    const boundary = new PermissionsBoundary(stack, 'Boundary', { names }).policyArn;
    const execution = new ExecutionPolicy(stack, 'Execution', { names }).policyArn;
    const withPolicies = (id: string, managedPolicyArns: string[], permissionsBoundary?: string) =>
      new CfnRole(stack, id, { assumeRolePolicyDocument: {}, managedPolicyArns, permissionsBoundary });
    withPolicies('AnythingBounded', ['arn:aws:iam::aws:policy/AdministratorAccess'], boundary);
    withPolicies('ExecutionAlone', [execution]);
    withPolicies('ExecutionBounded', [execution], boundary);
  });
}

/** Who acts under the policies of a template. */
export function actors(policies: DeployedPolicies, names: BackendNames = NAMES) {
  const session = (roleName: string, logicalId: string): IamPrincipal =>
    role(ACCOUNT, roleName, policies.identityPolicies(policies.logicalId('AWS::IAM::Role', logicalId)));
  return {
    /** A role that a deployment made, and gave everything. */
    workload: session('sales-test-lake-Job', 'AnythingBounded'),
    /** CloudFormation's role, if its own policy allowed everything. */
    deployment: session(names.cdkExecutionRole, 'AnythingBounded'),
    /** CloudFormation's role without the boundary. */
    unbounded: session(names.cdkExecutionRole, 'ExecutionAlone'),
    /** CloudFormation's role as it is. */
    execution: session(names.cdkExecutionRole, 'ExecutionBounded'),
  };
}

export const call =
  (principal: IamPrincipal, action: string, resource = '*', context: Context = {}, region?: string): Row[3] =>
  () =>
    evaluate(request({ principal, action, resource, account: ACCOUNT, context, region }));

/** A call for a role whose own policy trusts the whole account, as those of administrators often do. */
export const assume =
  (principal: IamPrincipal, roleArn: string): Row[3] =>
  () =>
    evaluate(request({ principal, action: 'sts:AssumeRole', resource: roleArn, context: { 'sts:RoleSessionName': 'session' } }), {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' }],
    });

/** ARNs of IAM in the account. */
export const iam = (resource: string, account = ACCOUNT): string => `arn:aws:iam::${account}:${resource}`;

export const stack = (name: string): string => `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${name}/1b2c`;

/** The documents that the tables of deployments are about. */
export const MANAGED_POLICIES = { 'AWS::IAM::ManagedPolicy': 'PolicyDocument' };
