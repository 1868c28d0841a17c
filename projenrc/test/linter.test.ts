import { join } from 'node:path';
import { loadESLint, type Linter } from 'eslint';

const RULE = 'import/no-restricted-paths';
const REPOSITORY = join(__dirname, '../..');

/** What the linter of the repository says about arrows, were `code` the content of `file`. Without types, which arrows do not need. */
async function complaints(file: string, code: string): Promise<string[]> {
  const LegacyESLint = await loadESLint({ useFlatConfig: false });
  const { settings, rules } = (await new LegacyESLint({ cwd: REPOSITORY }).calculateConfigForFile(file)) as Required<Linter.LegacyConfig>;
  const linter = new LegacyESLint({
    cwd: REPOSITORY,
    useEslintrc: false,
    overrideConfig: {
      ignorePatterns: ['!.*'], // a dot hides no file
      parser: '@typescript-eslint/parser',
      parserOptions: { sourceType: 'module' },
      plugins: ['import'],
      settings,
      rules: { [RULE]: rules[RULE] ?? 'off' },
    },
  });
  const [{ messages }] = await linter.lintText(code, { filePath: file });
  return messages.map(({ ruleId, message }) => `${ruleId ?? 'no rule'}: ${message}`);
}

const REFUSED = expect.stringContaining(`${RULE}: Unexpected path`) as string;

test.each([
  ['packages/dataworks-constructs/src/index.ts', '@dataworks/backend-bootstrap'],
  ['packages/dataworks-constructs/src/index.ts', '../../../local-aws/cli/paths'],
  ['packages/backend-bootstrap/src/index.ts', '@dataworks/deploy'],
  ['packages/backend-bootstrap/src/index.ts', '../../dataworks-constructs/src/private/unique-names'],
  ['packages/backend-bootstrap/src/index.ts', '@dataworks/constructs/lib/private/unique-names'],
  ['packages/dataworks-deploy/src/index.ts', '../../dataworks-app/src/app'],
  ['packages/dataworks-deploy/src/index.ts', '../../../projenrc/versions'],
  ['packages/dataworks-app/src/app.ts', '../../dataworks-deploy/src/config/shape'],
  ['local-aws/cli/server.ts', '../../packages/dataworks-deploy/src'],
  ['local-aws/cli/server.ts', '../try/compare'],
  ['local-aws/cli/server.ts', '../../projenrc/versions'],
  ['local-aws/try/compare.ts', '../../packages/dataworks-deploy/src/config/shape'],
  ['local-aws/try/compare.ts', '@dataworks/constructs'],
  ['local-aws/try/compare.ts', '../../packages/dataworks-app/src/app'],
  ['local-aws/try/readers/kms-key.ts', '../../../projenrc/versions'],
  ['.projenrc.ts', './local-aws/cli/paths'],
  ['projenrc/packages.ts', '../local-aws/cli/paths'],
  ['projenrc/packages.ts', '@dataworks/constructs'],
  ['projenrc/circleci/jobs.ts', '../../packages/dataworks-deploy/src/config/shape'],
  ['projenrc/tasks/docs/zones.ts', '../../../local-aws/try/compare'],
])('%s may not import %s', async (file, imported) => {
  const forms = [`import * as all from '${imported}';`, `import type { One } from '${imported}';`, `void import('${imported}');`];
  for (const form of forms) expect(await complaints(file, form)).toEqual([REFUSED]);
});

test.each([
  ['packages/backend-bootstrap/src/index.ts', '@dataworks/constructs'],
  ['packages/backend-bootstrap/src/index.ts', '@dataworks/constructs/lib/private/errors'],
  ['packages/dataworks-deploy/src/index.ts', '@dataworks/backend-bootstrap'],
  ['packages/dataworks-app/src/app.ts', '@dataworks/backend-bootstrap'],
  ['packages/dataworks-app/src/app.ts', '@dataworks/constructs'],
  ['packages/dataworks-app/src/app.ts', '@dataworks/deploy'],
  ['packages/dataworks-app/src/app.ts', 'aws-cdk-lib/core'],
  ['local-aws/cli/server.ts', './paths'],
  ['local-aws/try/readers/kms-key.ts', '../../cli/paths'],
  ['local-aws/try/compare.ts', '../../packages/dataworks-deploy/src'],
  ['.projenrc.ts', './projenrc/versions'],
  ['projenrc/circleci/jobs.ts', '../../packages/dataworks-deploy/src'],
  ['projenrc/tasks/docs/zones.ts', '../../../packages/dataworks-constructs/src/zones/zone-profiles'],
  ['projenrc/tasks/docs/lint-templates.ts', '../../../local-aws/cli/paths'],
  ['local-aws/test/try/compare.test.ts', '../../../packages/dataworks-app/src/app'],
])('%s may import %s', async (file, imported) => {
  expect(await complaints(file, `import * as all from '${imported}';`)).toEqual([]);
});
