import { ACCOUNT, PROPS, REGION } from './backend';
import {
  assumeRole,
  evaluate,
  FULL_ACCESS,
  putObject,
  request,
  role,
  type DeployedPolicies,
  type IamPrincipal,
} from '../../../dataworks-constructs/test/support/iam';
import type { Row } from '../../../dataworks-constructs/test/support/truth-table';
import { BackendNames } from '../../src';

type Context = Parameters<typeof request>[0]['context'];

/** The names of the environment under test. */
export const NAMES = new BackendNames({ ...PROPS, account: ACCOUNT, region: REGION });

/** Sent by whoever must not overwrite. */
export const ONCE = { 's3:if-none-match': '*' };

/** What roles of a backend try, each decided when it is called. */
export class Calls {
  readonly #arn: string;
  readonly #bucketPolicy: unknown;

  public constructor(private readonly policies: DeployedPolicies) {
    const bucket = policies.logicalId('AWS::S3::Bucket');
    this.#arn = policies.arn(bucket);
    this.#bucketPolicy = policies.bucketPolicy(bucket);
  }

  /** A session of a role of the template, alone and with AdministratorAccess attached by somebody. */
  public sessions(logicalIdPrefix: string, name: string): { readonly itself: IamPrincipal; readonly swollen: IamPrincipal } {
    const { identity = [] } = this.policies.identityPolicies(this.policies.logicalId('AWS::IAM::Role', logicalIdPrefix));
    return { itself: role(ACCOUNT, name, { identity }), swollen: role(ACCOUNT, name, { identity: [...identity, FULL_ACCESS] }) };
  }

  public readonly call =
    (principal: IamPrincipal, action: string, resource: string, context: Context = {}) =>
    () =>
      evaluate(request({ principal, action, resource, account: ACCOUNT, context }));

  /** On an object of the state bucket. */
  public readonly object =
    (principal: IamPrincipal, action: string, key: string, context: Context = {}) =>
    () =>
      evaluate(
        request({ principal, action: `s3:${action}`, resource: `${this.#arn}/${key}`, account: ACCOUNT, context }),
        this.#bucketPolicy,
      );

  public readonly put =
    (principal: IamPrincipal, key: string, context: Context = {}) =>
    () =>
      evaluate(putObject({ principal, object: `${this.#arn}/${key}`, account: ACCOUNT, context }), this.#bucketPolicy);

  public readonly list = (principal: IamPrincipal, prefix?: string) => () =>
    evaluate(
      request({
        principal,
        action: 's3:ListBucket',
        resource: this.#arn,
        account: ACCOUNT,
        context: prefix === undefined ? {} : { 's3:prefix': prefix },
      }),
      this.#bucketPolicy,
    );

  /** On an item of the lock table. */
  public readonly item =
    (principal: IamPrincipal, action: string, ...lockIds: readonly string[]) =>
    () =>
      this.call(principal, `dynamodb:${action}`, NAMES.stateTableArn, lockIds.length === 0 ? {} : { 'dynamodb:LeadingKeys': lockIds })();

  /** A role whose trust policy leaves the decision to the policies of the account, so that those decide. */
  public readonly assume = (principal: IamPrincipal, name: string) => () =>
    evaluate(assumeRole({ principal, role: NAMES.roleArn(name) }), {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' }],
    });
}

/** Denied to the principal, whatever else is attached to it. */
export const never =
  (principal: IamPrincipal) =>
  (what: string, why: string, decide: (as: IamPrincipal) => Row[3]): Row => [
    `${what}, with AdministratorAccess`,
    'explicitDeny',
    why,
    decide(principal),
  ];

/** What no role of the pipeline may do. */
export function backendOutOfReach(calls: Calls, principal: IamPrincipal): readonly Row[] {
  const stack = (name: string) => `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${name}/1`;
  const denied = (why: string, action: string, resource: string) => never(principal)(action, why, (as) => calls.call(as, action, resource));
  return [
    ...['iam:ListRoles', 'iam:GetAccountAuthorizationDetails', 'cloudtrail:LookupEvents'].map((action) =>
      denied('it shows the external id', action, '*'),
    ),
    denied('it shows the external id', 'iam:GetRole', NAMES.roleArn(NAMES.deployerRole)),
    denied('it could let itself in', 'iam:UpdateAssumeRolePolicy', NAMES.roleArn(NAMES.deployerRole)),
    denied('it could deploy anything', 'iam:PutRolePolicy', NAMES.roleArn(NAMES.cdkExecutionRole)),
    denied('it could free every role', 'iam:CreatePolicyVersion', NAMES.policyArn(NAMES.boundary)),
    denied('it could open the state', 's3:PutBucketPolicy', NAMES.stateBucketArn),
    denied('history would be lost', 's3:PutBucketVersioning', NAMES.stateBucketArn),
    denied('the lock would be lost', 'dynamodb:DeleteTable', NAMES.stateTableArn),
    denied('tools would look elsewhere', 'ssm:PutParameter', NAMES.parameterArn('/sales/test/backend/state-bucket')),
    denied('it could change the backend', 'cloudformation:UpdateStack', stack(NAMES.backendStack)),
    denied('it could change the bootstrap', 'cloudformation:UpdateStack', stack(NAMES.toolkitStack)),
    denied('it could deploy around the deploy role', 'cloudformation:CreateChangeSet', stack('sales-test-lake')),
  ];
}
