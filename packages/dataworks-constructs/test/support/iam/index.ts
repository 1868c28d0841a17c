/**
 * Decides requests against the policies of a synthesised template, as IAM would once it is deployed.
 *
 *     const policies = new DeployedPolicies(template, { account, region });
 *     const bucket = policies.logicalId('AWS::S3::Bucket', 'Raw');
 *     const put = putObject({ principal: administrator(account), object: `${policies.arn(bucket)}/x`, account, tls: '1.1' });
 *     expect(evaluate(put, policies.bucketPolicy(bucket))).toEqual({ decision: 'explicitDeny', by: ['resource:RequireTls'] });
 *
 * Whatever it does not know it refuses by throwing: that a row is decided means that all of the policy was understood.
 */
export { DeployedPolicies } from './deployed-policies';
export { evaluate, type Decision, type Request } from './evaluate';
export * from './principals';
export * from './requests';
export type { Template } from './resolve';
export type { Environment } from './resource-shapes';
