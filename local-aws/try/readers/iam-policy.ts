import { GetRolePolicyCommand, type IAMClient } from '@aws-sdk/client-iam';
import { given, type Json } from '../json';
import type { Reader } from './reader';

/** An inline policy; its service knows it by role and name only. */
export function iamPolicyReader(iam: IAMClient): Reader {
  return {
    async read({ properties: { PolicyName, Roles } }) {
      const name = PolicyName as string;
      const roles = Roles as readonly string[];
      const answers = await Promise.all(roles.map((RoleName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: name }))));
      const [document, ...others] = answers.map(({ PolicyDocument }) => decodeURIComponent(PolicyDocument ?? 'null'));
      if (others.some((other) => other !== document)) throw new Error(`Policy ${name} differs between its roles`);
      return given({
        PolicyName: answers[0].PolicyName,
        PolicyDocument: JSON.parse(document) as Json,
        Roles: answers.map(({ RoleName }) => RoleName!),
      });
    },
  };
}
