import { javascript } from 'projen';
import type { Monorepo } from './monorepo';
import { VERSIONS } from './versions';

/** Source code of the packages, in the order of the arrows between them: a package may import only those before it. */
const LAYERS = [
  { directory: 'dataworks-constructs', packageName: '@dataworks/constructs' },
  { directory: 'backend-bootstrap', packageName: '@dataworks/backend-bootstrap' },
  { directory: 'dataworks-deploy', packageName: '@dataworks/deploy' },
  { directory: 'dataworks-app', packageName: 'dataworks-app' },
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
    devdirs: ['packages/*/test/**/*.ts', 'projenrc', 'local-aws'],
    prettier: true,
    projectService: true, // each file is linted with the tsconfig.json nearest to it
    ignorePatterns: ['*.js', '*.d.ts', 'node_modules/', 'coverage', 'cdk.out', '.home'],
    commandOptions: {
      fix: false,
      extraArgs: ['--max-warnings=0', '--cache', '--cache-strategy=content', '--cache-location=node_modules/.cache/eslint'],
    },
  });

  eslint.addExtends('plugin:@typescript-eslint/strict-type-checked');
  eslint.addRules({
    '@typescript-eslint/no-extraneous-class': ['error', { allowStaticOnly: true }], // enum-like classes: jsii has no unions
    '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
    '@typescript-eslint/no-non-null-assertion': 'off', // projen's and CDK's types are optional where the value is always there
    'import/no-extraneous-dependencies': 'off', // does not know workspaces; members are checked by their own compilation
    'no-restricted-imports': ['error', { paths: [NO_CDK_BARREL] }],
  });
  LAYERS.forEach(({ directory }, layer) => {
    const backwards = LAYERS.slice(layer).map(({ packageName }) => packageName);
    eslint.addOverride({
      files: [`packages/${directory}/src/**/*.ts`],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            paths: [NO_CDK_BARREL],
            patterns: [
              {
                group: backwards.flatMap((name) => [name, `${name}/*`]),
                message: 'Imports between packages never go backwards: see CONTRIBUTING.md.',
              },
              { group: ['**/projenrc/*', '**/local-aws/*'], message: 'Packages know nothing of the build or of the embedded AWS.' },
            ],
          },
        ],
      },
    });
  });

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
