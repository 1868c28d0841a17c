import { JsonFile } from 'projen';
import type { Monorepo } from './monorepo';
import { VERSIONS } from './versions';

/** Types are checked once by `tsc`; the test runner only strips them. */
const TRANSFORM = {
  '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }],
};

/** Workspaces by their source, so that a test never runs against a compilation of yesterday. */
const WORKSPACES_BY_SOURCE = {
  '^@dataworks/constructs$': '<rootDir>/packages/dataworks-constructs/src',
  '^@dataworks/constructs/lib/(.*)$': '<rootDir>/packages/dataworks-constructs/src/$1',
  '^@dataworks/backend-bootstrap$': '<rootDir>/packages/backend-bootstrap/src',
  '^@dataworks/backend-bootstrap/lib/(.*)$': '<rootDir>/packages/backend-bootstrap/src/$1',
  '^@dataworks/deploy$': '<rootDir>/packages/dataworks-deploy/src',
};

const reporters = (suite: string) => [
  'default',
  ['jest-junit', { outputDirectory: 'test-reports', outputName: `${suite}.xml`, suiteName: suite, classNameTemplate: '{filepath}' }],
];

/** What calls servers, or ties such calls together: integration tests run it, in processes whose coverage nobody measures. */
const RUN_BY_INTEGRATION_TESTS = [
  'packages/dataworks-deploy/src/{aws,commands}/**',
  'packages/dataworks-deploy/src/cli.ts',
  'packages/dataworks-deploy/src/apply/{bundle-source,deployer,nested-template,predecessor,stack-deployment,stop-signal}.ts',
  'packages/dataworks-deploy/src/approval/approvals.ts',
  'packages/dataworks-deploy/src/bootstrap/{bootstrap,deployed,destroy}.ts',
  'packages/dataworks-deploy/src/doctor/{diagnose,observed-landscape}.ts',
  'packages/dataworks-deploy/src/lock/{clock,services-in}.ts',
  'packages/dataworks-deploy/src/plan/{git,lookup,plan-environment,assembly/synthesise,bundle/out-folder,bundle/upload,report/report-file}.ts',
  'local-aws/try/{bootstrap,command,compile,dataworks,deploy,round-trip,run-lines,services,try-lake,use-environment}.ts',
];

/** One jest for all packages: unit tests here, tests against the embedded AWS by their own configuration. */
export function addTestRunner(repo: Monorepo): void {
  new JsonFile(repo, 'jest.config.json', {
    marker: false,
    obj: {
      testMatch: [
        '<rootDir>/packages/*/test/**/*.test.ts',
        '<rootDir>/projenrc/test/**/*.test.ts',
        '<rootDir>/local-aws/test/**/*.test.ts',
      ],
      testPathIgnorePatterns: ['/node_modules/', '\\.integration\\.test\\.ts$'],
      transform: TRANSFORM,
      moduleNameMapper: WORKSPACES_BY_SOURCE,
      modulePathIgnorePatterns: ['<rootDir>/local-aws/.home', '<rootDir>/packages/.*/dist'],
      testEnvironment: '<rootDir>/projenrc/test/jest/environment.ts',
      runtime: '<rootDir>/projenrc/test/jest/runtime.cjs',
      globalSetup: '<rootDir>/projenrc/test/temporary-files.ts',
      setupFiles: ['<rootDir>/projenrc/test/setup.ts'],
      setupFilesAfterEnv: ['<rootDir>/projenrc/test/assemblies.ts'],
      collectCoverage: true,
      collectCoverageFrom: [
        'packages/*/src/**/*.ts',
        'local-aws/{cli,try}/**/*.ts',
        '!**/{main,strict}.ts',
        ...RUN_BY_INTEGRATION_TESTS.map((files) => `!${files}`),
      ],
      coverageReporters: ['text-summary', 'lcovonly'],
      coverageThreshold: { global: { lines: 90, branches: 85 } },
      reporters: reporters('unit'),
    },
  });
  new JsonFile(repo, 'jest.integration.config.json', {
    marker: false,
    obj: {
      testMatch: ['<rootDir>/**/*.integration.test.ts'],
      transform: TRANSFORM,
      moduleNameMapper: WORKSPACES_BY_SOURCE,
      modulePathIgnorePatterns: ['<rootDir>/local-aws/.home', '<rootDir>/packages/.*/dist'],
      testTimeout: 300_000,
      reporters: reporters('integration'),
    },
  });
  repo.addDevDeps(
    `jest@${VERSIONS.jest}`,
    `jest-junit@${VERSIONS.jestJunit}`,
    `fast-check@${VERSIONS.fastCheck}`,
    `@types/jest@${VERSIONS.jestTypes}`,
    `@swc/jest@${VERSIONS.swcJest}`,
    `@swc/core@${VERSIONS.swcCore}`,
  );
  // Never `--updateSnapshot`: a snapshot that rewrites itself tests nothing.
  repo.testTask.reset('jest --ci --maxWorkers=100%', { receiveArgs: true }); // by default a machine of two cores uses one
  repo.testTask.description = 'Unit tests';
}
