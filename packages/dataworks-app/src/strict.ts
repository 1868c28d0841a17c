/** The synth that CI requires: CDK's template validator and the cdk-nag packs on. A finding fails it. */
process.env.CDK_VALIDATION = 'true';

import { Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks, NIST80053R5Checks } from 'cdk-nag';
import { createApp } from './app';
import { run } from './run';

run(() => {
  const app = createApp({ outdir: 'cdk.out.strict' });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new NIST80053R5Checks(app));
  app.synth();
});
