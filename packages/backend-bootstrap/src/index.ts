export * from './backend-names';
export * from './backend-stack';
export * from './circleci-identities';
export * from './deployer-role';
export * from './state-backend';
