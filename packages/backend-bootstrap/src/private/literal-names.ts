import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { BackendNames, type BackendNaming } from '../backend-names';

/** The names of a construct's stack with the partition as text: a policy is measured at synthesis, against IAM's limit. */
export function literalNames(scope: Construct, naming: BackendNaming): BackendNames {
  const { account, region } = Stack.of(scope);
  const { project, environment, stateName, stateNameSuffix, stateKey, qualifier } = naming;
  return new BackendNames({ project, environment, stateName, stateNameSuffix, stateKey, qualifier, account, region });
}
