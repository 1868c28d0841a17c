import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { AppCopy } from './app-copy';

/** A stack beside the lake, with a property that CloudFormation does not know and a bucket without protection. */
const WITH_FAULTS = `
  import { CfnBucket } from 'aws-cdk-lib/aws-s3';
  import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
  import { Stack, type AppProps } from 'aws-cdk-lib/core';
  import { createApp as createOurs } from './our-app';

  export function createApp(props: AppProps) {
    const app = createOurs(props);
    const stack = new Stack(app.node.findChild('dev'), 'beside');
    new CfnParameter(stack, 'Parameter', { type: 'String', value: 'x' }).addPropertyOverride('Colour', 'red');
    new CfnBucket(stack, 'Bucket');
    return app;
  }
`;

interface Report {
  readonly pluginReports: ReadonlyArray<{
    readonly pluginName: string;
    readonly conclusion: 'success' | 'failure';
    readonly violations: ReadonlyArray<{ readonly violatingConstructs: ReadonlyArray<{ readonly constructPath: string }> }>;
  }>;
}

// One synth for all, since the validator takes seconds.
test("the strict synth fails for what CDK's template validator and each pack of cdk-nag find, and none of them finds fault with the lake", () => {
  const app = new AppCopy();
  try {
    const dev = { name: 'dev', account: '111111111111', region: 'eu-central-1' };
    app.write('dataworks.json', JSON.stringify({ project: { name: 'sales', owner: 'team' }, environments: [dev] }));
    renameSync(join(app.folder, 'src/app.ts'), join(app.folder, 'src/our-app.ts'));
    app.write('src/app.ts', WITH_FAULTS);

    const { status, stderr } = app.run('strict');
    const { pluginReports } = JSON.parse(readFileSync(join(app.folder, 'cdk.out.strict/validation-report.json'), 'utf8')) as Report;
    const failed = pluginReports.filter(({ conclusion }) => conclusion === 'failure');
    const faulted = failed.map(({ pluginName, violations }): [string, Set<string>] => [
      pluginName,
      new Set(violations.flatMap(({ violatingConstructs }) => violatingConstructs.map(({ constructPath }) => constructPath))),
    ]);
    const [parameter, bucket] = [new Set(['dev/beside/Parameter']), new Set(['dev/beside/Bucket'])];
    expect(Object.fromEntries(faulted)).toEqual({
      'CloudFormation Validate': parameter,
      AwsSolutions: bucket,
      'NIST.800.53.R5': bucket,
      'HIPAA.Security': bucket,
      'PCI.DSS.321': bucket,
    });
    expect(stderr).toContain('«ValidationFailed»');
    expect(status).toBe(1);
  } finally {
    app.remove();
  }
});
