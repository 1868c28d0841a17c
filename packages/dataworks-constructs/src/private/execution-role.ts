import { DefaultStackSynthesizer, Fn, type Stack } from 'aws-cdk-lib/core';

/** ARN of the role by which CloudFormation deploys a stack; none when its synthesizer does not say. */
export function executionRoleArn({ synthesizer }: Stack): string[] {
  return synthesizer instanceof DefaultStackSynthesizer ? [Fn.sub(synthesizer.cloudFormationExecutionRoleArn)] : [];
}
