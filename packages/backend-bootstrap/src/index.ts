export * from './backend-names';
export * from './execution-policy';
export * from './hardened-toolkit';
export * from './permissions-boundary';
export * from './toolkit-stack';
