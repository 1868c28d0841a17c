import {
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { given, type Json } from '../json';
import type { Reader } from './reader';
import { ownTags } from './tags';

/** What IAM gives a role that says nothing. */
const DEFAULT_SESSION = 3600;

export function iamRoleReader(iam: IAMClient): Reader {
  return {
    async read({ physicalId: RoleName, properties }) {
      const [{ Role }, { AttachedPolicies = [] }] = await Promise.all([
        iam.send(new GetRoleCommand({ RoleName })),
        iam.send(new ListAttachedRolePoliciesCommand({ RoleName })),
      ]);
      const trust = Role?.AssumeRolePolicyDocument;
      return given({
        AssumeRolePolicyDocument: trust === undefined ? undefined : (JSON.parse(decodeURIComponent(trust)) as Json),
        Description: Role?.Description === '' ? undefined : Role?.Description,
        ManagedPolicyArns: AttachedPolicies.length > 0 ? AttachedPolicies.map(({ PolicyArn }) => PolicyArn!).sort() : undefined,
        MaxSessionDuration:
          Role?.MaxSessionDuration === DEFAULT_SESSION && !('MaxSessionDuration' in properties) ? undefined : Role?.MaxSessionDuration,
        Policies: 'Policies' in properties ? await inlinePolicies(iam, RoleName) : undefined,
        PermissionsBoundary: Role?.PermissionsBoundary?.PermissionsBoundaryArn,
        // A name that CloudFormation made is nobody's claim.
        RoleName: 'RoleName' in properties ? Role?.RoleName : undefined,
        Tags: ownTags(Role?.Tags),
      });
    },
  };
}

/** Those that the role's own resource can hold; others are resources of their own, and only a template tells them apart. */
async function inlinePolicies(iam: IAMClient, RoleName: string): Promise<Json[]> {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const found = await Promise.all(PolicyNames.map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))));
  return found.map(({ PolicyName, PolicyDocument }) => ({
    PolicyName: PolicyName!,
    PolicyDocument: JSON.parse(decodeURIComponent(PolicyDocument ?? 'null')) as Json,
  }));
}
