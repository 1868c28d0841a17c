/**
 * Synthesises every example of the documentation with CDK's template validator, then checks the templates with cfn-lint, whose
 * Python environment is made when it is not there. No rule is ignored.
 */
process.env.CDK_VALIDATION = 'true';

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { HOME } from '../../../local-aws/cli/paths';
import { ensureVenv } from '../../../local-aws/cli/venv';
import { addExample, allExamples } from '../../../packages/dataworks-constructs/test/docs/examples';

const LIBRARIES = ['dataworks-constructs', 'backend-bootstrap'].map((name) => resolve(__dirname, '../../../packages', name));
const REGION = 'eu-central-1';
/** Without it, what the validator finds is a warning. */
const FINDINGS_FAIL = { '@aws-cdk/core:validateAgainstDefaultRules': true };
const VENV = { directory: join(HOME.directory, 'venv-cfn-lint'), requirements: [resolve(__dirname, '../../cfn-lint.lock')] };

async function main(): Promise<void> {
  const outdir = mkdtempSync(join(tmpdir(), 'dataworks-examples-'));
  try {
    const templates = synthesise(outdir);
    const python = await ensureVenv(VENV, console.error);
    const { status } = spawnSync(join(dirname(python), 'cfn-lint'), ['--regions', REGION, '--', ...templates], { stdio: 'inherit' });
    console.log(`cfn-lint: ${templates.length} templates, ${status === 0 ? 'no findings' : 'findings'}`);
    process.exitCode = status === 0 ? 0 : 1;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Each in an app of its own. Throws when the validator, or a check that the example registers, finds something. */
function synthesise(outdir: string): string[] {
  return LIBRARIES.flatMap(allExamples).flatMap((example, index) => {
    const app = new App({ outdir: join(outdir, String(index)), context: FINDINGS_FAIL });
    addExample(app, 'Example', example);
    return app.synth().stacksRecursively.map(({ templateFullPath }) => templateFullPath);
  });
}

void main();
