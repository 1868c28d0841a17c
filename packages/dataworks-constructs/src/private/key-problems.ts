import { AccountPrincipal, ArnPrincipal, Group, type IPrincipal } from 'aws-cdk-lib/aws-iam';
import { Stack, Token, type Duration } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { EncryptionKeyProps } from '../encryption-key';
import type { Problem } from './errors';
import { executionRoleArn } from './execution-role';
import { REFUSALS, type Refusal } from './refusals';
import { takenBy } from './unique-names';

/** Who deploys a key: as it was said, or as the stack's synthesizer says. */
export function deployersOf(scope: IConstruct, deploymentRole: IPrincipal | undefined): IPrincipal[] {
  return deploymentRole ? [deploymentRole] : executionRoleArn(Stack.of(scope)).map((arn) => new ArnPrincipal(arn));
}

/** What KMS would reject of a key in the stack of `scope`, or what would make it useless. */
export function keyProblems(scope: IConstruct, props: EncryptionKeyProps): Problem[] {
  const { administrators = [] } = props;
  return [
    ...aliasProblems(props.alias, scope),
    ...daysWithin(REFUSALS.rotationPeriod, props.rotationPeriod, 90, 2560),
    ...daysWithin(REFUSALS.pendingWindow, props.pendingWindow, 7, 30),
    ...administratorProblems(administrators, scope),
    ...(props.keyPolicyOnly ? keyPolicyOnlyProblems(administrators, deployersOf(scope, props.deploymentRole)) : []),
  ];
}

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html */
function aliasProblems(alias: string, scope: IConstruct): Problem[] {
  if (Token.isUnresolved(alias)) return [];
  if (!/^[a-zA-Z0-9/_-]{1,250}$/.test(alias) || /^(alias|aws)\//.test(alias)) {
    return [{ ...REFUSALS.aliasForm, received: JSON.stringify(alias) }];
  }
  const other = takenBy(scope, 'alias', alias);
  return other === undefined ? [] : [{ ...REFUSALS.aliasTaken, received: `${JSON.stringify(alias)}, which is that of ${other}` }];
}

/** A role or user, or a token that becomes one. A condition would be on the denial too, and open it. */
function administratorProblems(administrators: readonly IPrincipal[], scope: IConstruct): Problem[] {
  return administrators.flatMap((administrator) => {
    const not = (received: string): Problem[] => [{ ...REFUSALS.notAnAdministrator, received }];
    // CDK throws when the policy of a resource names a group, and hides the account in a token.
    if (administrator instanceof Group) return not(`the group ${administrator.node.path}`);
    if (administrator instanceof AccountPrincipal) return not('the account');
    const { principalJson, conditions } = administrator.policyFragment;
    const { AWS: arns = [], ...others } = principalJson;
    const unconditional = Object.keys({ ...others, ...conditions }).length === 0;
    if (unconditional && arns.length > 0 && arns.every(isIdentity)) return [];
    return not(JSON.stringify(Stack.of(scope).resolve({ ...principalJson, ...conditions })));
  });
}

function isIdentity(arn: string): boolean {
  return Token.isUnresolved(arn) || /^arn:[^:*?]+:iam::\d{12}:(role|user)\/[^*?]+$/.test(arn);
}

function keyPolicyOnlyProblems(administrators: readonly IPrincipal[], deploymentRoles: readonly IPrincipal[]): Problem[] {
  return [
    ...(administrators.length === 0 ? [{ ...REFUSALS.noAdministrator, received: 'no administrators' }] : []),
    ...(deploymentRoles.length === 0 ? [{ ...REFUSALS.noDeploymentRole, received: 'no deploymentRole' }] : []),
  ];
}

function daysWithin(refusal: Refusal, value: Duration | undefined, min: number, max: number): Problem[] {
  if (!value) return [];
  const days = value.toDays({ integral: false });
  if (Number.isInteger(days) && days >= min && days <= max) return [];
  return [{ ...refusal, received: value.toHumanString() }];
}
