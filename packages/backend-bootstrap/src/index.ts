export * from './backend-names';
export * from './execution-policy';
export * from './permissions-boundary';
