/**
 * Every version that this repository names, in one place. `package-lock.json` pins the rest.
 *
 * Exact, never a range: a build of today and one of next year install the same.
 */
export const VERSIONS = {
  projen: '0.103.25',
  /** What jsii 6.0 ships; TypeScript 7 (npm's `latest`) has no API that jsii, jest or the linter can load. */
  typescript: '6.0.3',
  tsx: '4.23.15',

  /** The libraries' floor, and by jsii's convention the version they are developed on. */
  cdk: '2.263.0',
  constructs: '10.5.1',
  cdkNag: '3.0.2',
  /** Not npm's `latest`: 3.0.0 is an accidental publication that cannot read today's assemblies (aws/aws-cdk#38113). */
  cdkCli: '2.1148.1',

  jsii: '6.0.16',
  jsiiRosetta: '6.0.17',
  jsiiPacmak: '1.140.0',
  jsiiDiff: '1.134.0',
  jsiiDocgen: '10.12.6',

  fastCheck: '4.10.2',
  jest: '30.5.2',
  jestTypes: '30.0.0',
  jestJunit: '17.0.0',
  swcJest: '0.2.39',
  swcCore: '1.16.18',
  eslint: '9.39.5',
  eslintConfigPrettier: '10.1.8',
  eslintImportResolver: '4.4.5',
  eslintPluginImport: '2.32.0',
  eslintPluginPrettier: '5.5.7',
  typescriptEslint: '8.73.0',
  prettier: '3.10.1',
  turbo: '2.11.9',
  /** Named for tools that ask; any npm since 10 will do. */
  npm: '10.9.4',

  ajv: '8.20.0',
  jsoncParser: '3.3.1',
  commander: '14.0.3',
  tar: '7.5.23',
  yauzl: '3.4.0',
  yauzlTypes: '3.4.0',
  cdkAssets: '1.5.0',
  cloudAssemblySchema: '55.6.0',
  cloudFormationDiff: '2.187.5',
  yaml: '2.9.1',
  awsSdk: {
    s3: '3.1169.0',
    kms: '3.1164.0',
    ssm: '3.1169.0',
    cloudformation: '3.1169.0',
    dynamodb: '3.1164.0',
    ecr: '3.1169.0',
    sts: '3.1164.0',
    iam: '3.1169.0',
    httpHandler: '4.14.2',
    smithyTypes: '4.20.0',
  },

  /** The oldest Node.js that users may run, and the types that go with it. */
  node: '20.19.0',
  nodeTypes: '20.19.43',
  /** The image of the pipeline's jobs. */
  circleciImage: 'cimg/node:22.22',

  /** A resolver of jest's whose newer versions leave a lock file that `npm ci` rejects. */
  unrsResolver: '1.12.2',
} as const;
