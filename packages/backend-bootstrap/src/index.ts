export * from './backend-names';
