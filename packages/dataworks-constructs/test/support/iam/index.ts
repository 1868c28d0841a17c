export { DeployedPolicies } from './deployed-policies';
export { evaluate, type Decision, type Request } from './evaluate';
export * from './principals';
export * from './requests';
export type { Environment } from './resource-shapes';
