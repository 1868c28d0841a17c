import { javascript } from 'projen';
import type { Monorepo } from './monorepo';
import { VERSIONS } from './versions';

/** What users of a package import; what lies behind it is the package's own. */
const publicPartOf = (directory: string) => `packages/${directory}/src/index.ts`;

/** Errors and acknowledgements of both construct libraries look alike. They are released together: internals may be shared. */
const ONE_FORM_OF_ERRORS = ['private/errors.ts', 'private/refusals.ts', 'checks/json.ts'].map(
  (file) => `packages/dataworks-constructs/src/${file}`,
);

/** Every command needs the names of a backend; only `bootstrap` and `doctor` need its constructs, which take a tenth of a second to load. */
const NAMES_ALONE = 'packages/backend-bootstrap/src/backend-names.ts';

/**
 * The arrows of CONTRIBUTING.md: the code below a folder may import its own folder, what is installed, and these.
 * Of a folder inside a folder, the later entry counts. Tests may import anything.
 */
const ARROWS: readonly { files: string; own: string; mayImport: readonly string[] }[] = [
  { files: 'packages/dataworks-constructs/src/**', own: 'packages/dataworks-constructs', mayImport: [] },
  {
    files: 'packages/backend-bootstrap/src/**',
    own: 'packages/backend-bootstrap',
    mayImport: [publicPartOf('dataworks-constructs'), ...ONE_FORM_OF_ERRORS],
  },
  {
    files: 'packages/dataworks-deploy/src/**',
    own: 'packages/dataworks-deploy',
    mayImport: [publicPartOf('backend-bootstrap'), NAMES_ALONE],
  },
  {
    files: 'packages/dataworks-app/src/**',
    own: 'packages/dataworks-app',
    mayImport: ['dataworks-constructs', 'backend-bootstrap', 'dataworks-deploy'].map(publicPartOf),
  },
  { files: 'local-aws/cli/**', own: 'local-aws/cli', mayImport: [] },
  {
    files: 'local-aws/try/**',
    own: 'local-aws/try',
    mayImport: [
      'local-aws/cli',
      publicPartOf('dataworks-deploy'),
      ...['config/target', 'bootstrap/synthesis'].map((file) => `packages/dataworks-deploy/src/${file}.ts`), // what bootstrap should make
    ],
  },
  { files: '{.projenrc.ts,projenrc/**}', own: 'projenrc', mayImport: [publicPartOf('dataworks-deploy')] },
  { files: 'projenrc/tasks/**', own: 'projenrc', mayImport: ['packages', 'local-aws/cli'] }, // documents what is inside, too
];

/** Loading it costs the compiler 2,979 files instead of 958, and every build three times the seconds. */
const NO_CDK_BARREL = {
  name: 'aws-cdk-lib',
  message: "Import a submodule ('aws-cdk-lib/core', 'aws-cdk-lib/aws-s3'): the barrel triples the time of every compilation.",
};

/** One typed eslint over the whole repository, with prettier as one of its rules. */
export function addLinter(repo: Monorepo): void {
  const prettier = new javascript.Prettier(repo, {
    settings: { singleQuote: true, printWidth: 140, trailingComma: javascript.TrailingComma.ALL },
  });
  const eslint = new javascript.Eslint(repo, {
    dirs: ['packages/*/src/**/*.ts'], // files: of a folder's glob, eslint would lint nothing and say so to nobody
    devdirs: ['packages/*/test/**/*.ts', '.projenrc.ts', 'projenrc', 'local-aws'],
    prettier: true,
    ignorePatterns: ['!.projenrc.ts', '*.js', '*.d.ts', 'node_modules/', 'coverage', 'cdk.out', '.home'],
    commandOptions: {
      fix: false,
      extraArgs: ['--max-warnings=0', '--cache', '--cache-strategy=content', '--cache-location=node_modules/.cache/eslint'],
    },
  });

  // By the sources, as the compiler does: Node.js resolves a workspace to its compilation, which may be missing.
  repo.tryFindObjectFile('.eslintrc.json')!.addDeletionOverride('settings.import/resolver.node');
  eslint.addExtends('plugin:@typescript-eslint/strict-type-checked');
  eslint.addRules({
    '@typescript-eslint/no-extraneous-class': ['error', { allowStaticOnly: true }], // enum-like classes: jsii has no unions
    '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
    '@typescript-eslint/no-non-null-assertion': 'off', // projen's and CDK's types are optional where the value is always there
    'import/no-extraneous-dependencies': 'off', // does not know workspaces; members are checked by their own compilation
    'no-restricted-imports': ['error', { paths: [NO_CDK_BARREL] }],
  });
  for (const { files, own, mayImport } of ARROWS) {
    eslint.addOverride({
      files: [files],
      excludedFiles: ['**/test/**'],
      rules: {
        'import/no-restricted-paths': [
          'error',
          {
            zones: [
              {
                target: '.',
                from: '.',
                except: ['node_modules', own, ...mayImport],
                message: 'CONTRIBUTING.md says which part of the repository may import which.',
              },
            ],
          },
        ],
      },
    });
  }

  eslint.addOverride({
    files: ['**/test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off', // jest's asymmetric matchers are `any`
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off', // CDK finds a construct by its path, and types it IConstruct
    },
  });

  repo.addDevDeps(
    `eslint@${VERSIONS.eslint}`,
    `@typescript-eslint/eslint-plugin@${VERSIONS.typescriptEslint}`,
    `@typescript-eslint/parser@${VERSIONS.typescriptEslint}`,
    `prettier@${VERSIONS.prettier}`,
    `eslint-config-prettier@${VERSIONS.eslintConfigPrettier}`,
    `eslint-import-resolver-typescript@${VERSIONS.eslintImportResolver}`,
    `eslint-plugin-import@${VERSIONS.eslintPluginImport}`,
    `eslint-plugin-prettier@${VERSIONS.eslintPluginPrettier}`,
  );
  prettier.addIgnorePattern('*.md');
}
