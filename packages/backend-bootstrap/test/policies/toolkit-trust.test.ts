import {
  administrator,
  assumeRole,
  evaluate,
  FULL_ACCESS,
  request,
  role,
  service,
  type DeployedPolicies,
  type IamPrincipal,
  type ServicePrincipal,
} from '../../../dataworks-constructs/test/support/iam';
import { proves, TRUST_POLICIES, type Row } from '../../../dataworks-constructs/test/support/truth-table';
import { ACCOUNT, NAMES, OTHER_ACCOUNT } from '../support/deployments';
import { toolkitTemplate } from '../support/toolkit';

const session = (name: string, account = ACCOUNT) => role(account, name, { identity: [FULL_ACCESS] });
const DEPLOYER = session(NAMES.deployerRole);
const PLAN = session(NAMES.planRole);

const ROLES = [
  ['FilePublishingRole', NAMES.cdkFilePublishingRole],
  ['ImagePublishingRole', NAMES.cdkImagePublishingRole],
  ['LookupRole', NAMES.cdkLookupRole],
  ['DeploymentActionRole', NAMES.cdkDeployRole],
  ['CloudFormationExecutionRole', NAMES.cdkExecutionRole],
] as const;

function rows(policies: DeployedPolicies): readonly Row[] {
  return ROLES.flatMap(([logicalId, name]): readonly Row[] => {
    const trust = policies.trustPolicy(policies.logicalId('AWS::IAM::Role', `Toolkit${logicalId}`));
    const become = (principal: IamPrincipal | ServicePrincipal, externalId?: string) => () =>
      evaluate(assumeRole({ principal, role: NAMES.roleArn(name), externalId }), trust);
    const lookup = logicalId === 'LookupRole';
    const execution = logicalId === 'CloudFormationExecutionRole';
    const closed: Row[1] = 'implicitDeny';
    return [
      [`${name}: the deployer`, execution ? closed : 'allow', 'it deploys', become(DEPLOYER)],
      [
        `${name}: the deployer with a tag`,
        execution ? closed : 'allow',
        "as the CDK's command line may be told",
        () => evaluate(request({ principal: DEPLOYER, action: 'sts:TagSession', resource: NAMES.roleArn(name) }), trust),
      ],
      [`${name}: the deployer with an external id`, closed, 'it acts for nobody else', become(DEPLOYER, 'x')],
      [
        `${name}: the deployer without the right by IAM`,
        closed,
        'its own policy has to name the role',
        become(role(ACCOUNT, NAMES.deployerRole)),
      ],
      [`${name}: the plan role`, lookup ? 'allow' : closed, lookup ? 'it reads' : 'any branch has it', become(PLAN)],
      [`${name}: the apply role`, closed, 'the external id would be worth nothing', become(session(NAMES.applyRole))],
      [`${name}: an administrator`, closed, 'by way of the deployer, which is recorded', become(administrator(ACCOUNT))],
      [`${name}: a role of another account`, closed, 'another environment', become(session(NAMES.deployerRole, OTHER_ACCOUNT))],
      [`${name}: CloudFormation`, execution ? 'allow' : closed, 'it deploys by one role', become(service('cloudformation.amazonaws.com'))],
      [`${name}: Lambda`, closed, 'no service but CloudFormation', become(service('lambda.amazonaws.com'))],
    ];
  });
}

describe("trust policies of the CDK's roles", () => {
  proves(toolkitTemplate(), rows, () => true, { documents: TRUST_POLICIES });
});
