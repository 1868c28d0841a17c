import {
  administrator,
  assumeRole,
  assumeRoleWithWebIdentity,
  evaluate,
  FULL_ACCESS,
  role,
  service,
  user,
  webIdentity,
  type DeployedPolicies,
  type IamPrincipal,
  type ServicePrincipal,
} from '../../../dataworks-constructs/test/support/iam';
import { proves, TRUST_POLICIES, type Row } from '../../../dataworks-constructs/test/support/truth-table';
import { ACCOUNT, backendTemplate, CIRCLECI, EXTERNAL_ID, OTHER_ACCOUNT } from '../support/backend';
import { NAMES } from '../support/calls';

const { organizationId, projectId, repository } = CIRCLECI;
const USER = '01234567-89ab-cdef-0123-456789abcdef';
const OTHER_ID = '99999999-9999-9999-9999-999999999999';

/** What a token says; each as on `main` of the project. */
interface Token {
  readonly organization?: string;
  readonly audience?: string;
  readonly project?: string;
  /** Of the claim that STS takes over beside the subject. */
  readonly projectClaim?: string;
  readonly user?: string;
  readonly repository?: string;
  readonly ref?: string;
}

const bearer = (token: Token) => {
  const { organization = organizationId, audience = organization, project = projectId, user: who = USER, ref = 'refs/heads/main' } = token;
  return webIdentity(`arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.circleci.com/org/${organization}`, {
    aud: audience,
    'oidc.circleci.com/project-id': token.projectClaim ?? project,
    sub: `org/${organization}/project/${project}/user/${who}/vcs-origin/${token.repository ?? repository}/vcs-ref/${ref}`,
  });
};

function rows(policies: DeployedPolicies): readonly Row[] {
  const trusting = (logicalIdPrefix: string) => policies.trustPolicy(policies.logicalId('AWS::IAM::Role', logicalIdPrefix));
  const bear = (roleName: string, trust: unknown) => (what: Token) => () =>
    evaluate(assumeRoleWithWebIdentity({ principal: bearer(what), role: NAMES.roleArn(roleName) }), trust);
  const plan = bear(NAMES.planRole, trusting('CircleCiPlanRole'));
  const apply = bear(NAMES.applyRole, trusting('CircleCiApplyRole'));
  const deployer = trusting('DeployerRole');
  const become = (principal: IamPrincipal | ServicePrincipal, externalId?: string) => () =>
    evaluate(assumeRole({ principal, role: NAMES.roleArn(NAMES.deployerRole), externalId }), deployer);

  /** Tokens that neither role takes. */
  const strangers: ReadonlyArray<readonly [string, string, Token]> = [
    ['of a tag', 'tags are made by anybody, and no branch is protected by them', { ref: 'refs/tags/v1' }],
    ['of another project', 'another pipeline', { project: OTHER_ID }],
    ['of another project in the claim alone', 'both must agree', { projectClaim: OTHER_ID }],
    ['of another organisation', 'it has another issuer', { organization: OTHER_ID }],
    ['for another audience', 'it was made for somebody else', { audience: 'sts.amazonaws.com' }],
    ['of another repository', 'as a fork that was given tokens', { repository: 'github.com/mallory/lake' }],
    ['of a user that is no UUID', 'it could hide the rest of a subject', { user: `${USER}/vcs-origin/x` }],
  ];
  const session = (name: string) => role(ACCOUNT, name, { identity: [FULL_ACCESS] });

  return [
    ['a token of main plans', 'allow', 'it shows what the apply will do', plan({})],
    ['a token of a branch plans', 'allow', 'for its pull request', plan({ ref: 'refs/heads/feature/x' })],
    ...strangers.map(([what, why, it]): Row => [`a token ${what} plans`, 'implicitDeny', why, plan(it)]),

    ['a token of main becomes the apply role', 'allow', 'what is merged is applied', apply({})],
    ['a token of a branch becomes the apply role', 'implicitDeny', 'not reviewed', apply({ ref: 'refs/heads/feature/x' })],
    ['a token of a branch main-2', 'implicitDeny', 'not main', apply({ ref: 'refs/heads/main-2' })],
    ['a token of a branch x/main', 'implicitDeny', 'not main', apply({ ref: 'refs/heads/x/main' })],
    [
      'a token of a branch that is named like the rest of a subject on main',
      'implicitDeny',
      'no wildcard matches across the segments',
      apply({ ref: `refs/heads/x/vcs-origin/${repository}/vcs-ref/refs/heads/main` }),
    ],
    ...strangers.map(([what, why, it]): Row => [`a token ${what} becomes the apply role`, 'implicitDeny', why, apply(it)]),

    ['the apply role with the external id', 'allow', 'the job is in the restricted context', become(session(NAMES.applyRole), EXTERNAL_ID)],
    ['the apply role without an external id', 'implicitDeny', 'any job on main could', become(session(NAMES.applyRole))],
    ['the apply role with a wrong external id', 'implicitDeny', 'guessed', become(session(NAMES.applyRole), `${EXTERNAL_ID}0`)],
    ['the plan role with the external id', 'implicitDeny', 'it never deploys', become(session(NAMES.planRole), EXTERNAL_ID)],
    ['another role of the account with the external id', 'implicitDeny', 'not named', become(session('developer'), EXTERNAL_ID)],
    ['whoever administers the account', 'implicitDeny', 'only those who are named', become(administrator(ACCOUNT))],
    [
      'the apply role of another account',
      'implicitDeny',
      'another environment',
      become(role(OTHER_ACCOUNT, NAMES.applyRole, { identity: [FULL_ACCESS] }), EXTERNAL_ID),
    ],
    ['a service with the external id', 'implicitDeny', 'no service deploys', become(service('lambda.amazonaws.com'), EXTERNAL_ID)],
    ['an administrator', 'allow', 'break glass', become(session('platform-admin'))],
    [
      'an administrator of Identity Center',
      'allow',
      'by a pattern',
      become(session('aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123abcd')),
    ],
    [
      'another permission set of Identity Center',
      'implicitDeny',
      'not named',
      become(session('aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_0123abcd')),
    ],
    ['a user that is named', 'allow', 'break glass', become(user(ACCOUNT, 'break-glass', { identity: [FULL_ACCESS] }))],
    [
      'an administrator without the right by IAM',
      'implicitDeny',
      'the trust policy leaves it to the account',
      become(role(ACCOUNT, 'platform-admin')),
    ],
    [
      'a role of that name in another account',
      'implicitDeny',
      'another account',
      become(role(OTHER_ACCOUNT, 'platform-admin', { identity: [FULL_ACCESS] })),
    ],
  ];
}

const ADMINISTRATORS = ['role/platform-admin', 'role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_*', 'user/break-glass'];

describe('trust policies', () => {
  const template = backendTemplate({ administrators: ADMINISTRATORS.map((name) => `arn:aws:iam::${ACCOUNT}:${name}`) });
  proves(template, rows, () => true, { documents: TRUST_POLICIES, values: { ExternalId: EXTERNAL_ID } });
});
