import { BootstraplessSynthesizer, DefaultStackSynthesizer, Fn, type Stack } from 'aws-cdk-lib/core';

/** ARN of the role by which CloudFormation deploys a stack; none when its synthesizer does not say. */
export function executionRoleArn({ synthesizer }: Stack): string[] {
  // Without a bootstrap nobody has made the role that the synthesizer names, and KMS refuses a principal it does not find.
  const named = synthesizer instanceof DefaultStackSynthesizer && !(synthesizer instanceof BootstraplessSynthesizer);
  return named ? [Fn.sub(synthesizer.cloudFormationExecutionRoleArn)] : [];
}
