import { CloudAssembly } from 'aws-cdk-lib/cx-api';

// The CDK removes the assemblies of a process when that ends. A worker has thousands by then: jest would find that it does not end, and kill it.
afterAll(() => {
  CloudAssembly.cleanupTemporaryDirectories();
});
