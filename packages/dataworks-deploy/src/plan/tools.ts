import { Manifest } from '@aws-cdk/cloud-assembly-schema';
import { version as diff } from '@aws-cdk/cloudformation-diff/package.json';
import { version as deploy } from '../../package.json';

/** What decides what a plan says, beside the application. */
export const TOOLS: Readonly<Record<string, string>> = {
  '@aws-cdk/cloud-assembly-schema': Manifest.version(),
  '@aws-cdk/cloudformation-diff': diff,
  '@dataworks/deploy': deploy,
};
