export * from './access-logs-bucket';
export * from './data-works-bucket';
export * from './encryption-key';
export * from './hardened-bucket';
export type { StorageTransition } from './lifecycle';
export * from './versioning';
export * from './zones/data-lake-zones';
export * from './zones/zone';
export { DataClassification } from './zones/zone-profiles';
