import { GetPolicyCommand, GetPolicyVersionCommand, type IAMClient } from '@aws-sdk/client-iam';
import { given, type Json } from '../json';
import type { Reader } from './reader';

/** A managed policy, by the version that counts. */
export function iamManagedPolicyReader(iam: IAMClient): Reader {
  return {
    async read({ physicalId: PolicyArn, properties }) {
      const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
      const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }));
      return given({
        Description: Policy?.Description === '' ? undefined : Policy?.Description,
        // A name that CloudFormation made is nobody's claim.
        ManagedPolicyName: 'ManagedPolicyName' in properties ? Policy?.PolicyName : undefined,
        Path: Policy?.Path === '/' ? undefined : Policy?.Path,
        PolicyDocument: JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? 'null')) as Json,
      });
    },
  };
}
