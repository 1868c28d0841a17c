import { DEPLOYS_BY_STORED_ROLE, ENDS_THE_TRAIL, SHAPES_THE_TRAIL } from './boundary-document';
import type { Document, Statement } from './policy-document';
import type { ServiceControlPolicyProps } from '../service-control-policy';

/** Every change of a role, a policy or an identity provider that its own ARN guards. */
const CHANGES_IDENTITIES = ['Add', 'Attach', 'Create', 'Delete', 'Detach', 'Put', 'Remove', 'Set', 'Tag', 'Untag', 'Update'].map(
  (verb) => `iam:${verb}*`,
);

/** What would take from the state its protection, or let others at it. Who reads and writes it, roles and bucket policy say. */
const CHANGES_THE_STORE = [
  'dynamodb:DeleteTable',
  'dynamodb:PutResourcePolicy',
  'dynamodb:UpdateContinuousBackups',
  'dynamodb:UpdateTable',
  's3:DeleteBucket*',
  's3:PutBucket*',
  's3:PutEncryptionConfiguration',
  's3:PutLifecycleConfiguration',
];

const CHANGES_PARAMETERS = ['ssm:AddTagsToResource', 'ssm:DeleteParameter*', 'ssm:PutParameter', 'ssm:RemoveTagsFromResource'];

/** What a stack of the bootstrap can suffer beside a deployment. */
const OF_BOOTSTRAP_STACKS = ['cloudformation:SetStackPolicy', 'cloudformation:UpdateTerminationProtection'];

/**
 * Names with `*` for account, region and environment: one policy for all accounts of a project.
 *
 * Roles are exempted by the pattern of their names. Nobody but administrators can make or change a role of such a name:
 * `KeepIdentities` is about the same patterns.
 */
export function serviceControlDocument(props: ServiceControlPolicyProps): Document {
  const { project, administrators, qualifier = 'dataworks', stateName = 'dataworks-terraform-state' } = props;
  const role = (name: string): string => `arn:*:iam::*:role/${name}`;
  const policy = (name: string): string => `arn:*:iam::*:policy/${name}`;
  const stack = (name: string): string => `arn:*:cloudformation:*:*:stack/${name}/*`;
  const parameter = (name: string): string => `arn:*:ssm:*:*:parameter${name}`;
  const deployRole = role(`cdk-${qualifier}-deploy-role-*`);
  const executionRole = role(`cdk-${qualifier}-cfn-exec-role-*`);
  const denied = (Sid: string, Action: readonly string[], Resource: readonly string[], ...except: readonly string[]): Statement => ({
    Sid,
    Effect: 'Deny',
    Action,
    Resource,
    Condition: { ArnNotLike: { 'aws:PrincipalArn': except } },
  });
  return {
    Version: '2012-10-17',
    Statement: [
      // CloudFormation's role makes nested stacks; administrators, the backend, whose stack is named like the others.
      denied('DeployByThePipeline', DEPLOYS_BY_STORED_ROLE, [stack(`${project}-*`)], deployRole, executionRole, ...administrators),
      // No administrator: he becomes the deployer, which is recorded.
      denied('PassToThePipeline', ['iam:PassRole'], [executionRole], deployRole),
      denied(
        'KeepIdentities',
        CHANGES_IDENTITIES,
        [
          role(`cdk-${qualifier}-*`),
          ...['plan', 'apply', 'deployer'].map((name) => role(`${project}-*-${name}`)),
          ...['boundary', 'execution'].map((name) => policy(`${project}-*-${name}`)),
          'arn:*:iam::*:oidc-provider/oidc.circleci.com/*',
          // Who could re-trust an administrator would be one.
          ...administrators,
        ],
        ...administrators,
      ),
      denied(
        'KeepTheBackend',
        [...DEPLOYS_BY_STORED_ROLE, ...OF_BOOTSTRAP_STACKS, ...CHANGES_THE_STORE, ...CHANGES_PARAMETERS],
        [
          stack(`CDKToolkit-${qualifier}`),
          stack(`${project}-*-backend`),
          `arn:*:s3:::${stateName}-*`,
          `arn:*:dynamodb:*:*:table/${stateName}-*`,
          parameter(`/cdk-bootstrap/${qualifier}/version`),
          parameter(`/${project}/*/backend/*`),
        ],
        ...administrators,
      ),
      denied('KeepTheTrail', ENDS_THE_TRAIL, ['*'], ...administrators),
      denied('KeepWhatTheTrailRecords', SHAPES_THE_TRAIL, ['*'], executionRole, ...administrators),
    ],
  };
}
