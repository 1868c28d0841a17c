import { GetRoleCommand, ListAttachedRolePoliciesCommand, type IAMClient } from '@aws-sdk/client-iam';
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
        MaxSessionDuration: Role?.MaxSessionDuration === DEFAULT_SESSION ? undefined : Role?.MaxSessionDuration,
        PermissionsBoundary: Role?.PermissionsBoundary?.PermissionsBoundaryArn,
        // A name that CloudFormation made is nobody's claim.
        RoleName: 'RoleName' in properties ? Role?.RoleName : undefined,
        Tags: ownTags(Role?.Tags),
      });
    },
  };
}
