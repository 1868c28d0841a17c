const { transform } = require('../jest.config.json');

/** Packages as their consumers get them: no name is mapped to a source. */
module.exports = {
  rootDir: '..',
  testMatch: ['<rootDir>/consumers/**/*.consumer.test.ts'],
  transform,
  modulePathIgnorePatterns: ['<rootDir>/local-aws/.home', '<rootDir>/packages/.*/dist'],
  setupFiles: ['<rootDir>/projenrc/test/setup.ts'],
  testTimeout: 300_000,
  reporters: [
    'default',
    [
      'jest-junit',
      { outputDirectory: 'test-reports', outputName: 'consumers.xml', suiteName: 'consumers', classNameTemplate: '{filepath}' },
    ],
  ],
};
