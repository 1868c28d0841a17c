/** The synth that CI requires: CDK's template validator and the cdk-nag packs on. A finding fails it. */
process.env.CDK_VALIDATION = 'true';

import { Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { createApp } from './app';
import { run } from './run';

run(() => {
  // Outside the CDK command line no feature flag is set: without this one, what the validator finds would only be a warning.
  const app = createApp({ outdir: 'cdk.out.strict', context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app),
    new NIST80053R5Checks(app),
    new HIPAASecurityChecks(app),
    new PCIDSS321Checks(app),
  );
  app.synth();
});
