import { addBenchmarks } from './projenrc/bench';
import { readConfiguration } from './projenrc/circleci/configuration';
import { Pipeline } from './projenrc/circleci/pipeline';
import { addConsumers } from './projenrc/consumers';
import { addDocs } from './projenrc/docs';
import { addEmbeddedAws } from './projenrc/local-aws';
import { addMainTasks } from './projenrc/main-tasks';
import { Monorepo } from './projenrc/monorepo';
import { CdkApp, ConstructLibrary, NodeLibrary } from './projenrc/packages';
import { VERSIONS } from './projenrc/versions';

const repo = new Monorepo();
const configuration = readConfiguration();

const constructs = new ConstructLibrary(repo, {
  directory: 'dataworks-constructs',
  packageName: '@dataworks/constructs',
  description: 'AWS CDK constructs for an S3 data lake: keys, hardened buckets, thirteen zones',
  peerDeps: [`cdk-nag@^${VERSIONS.cdkNag}`], // loaded rule by rule, when the built-in checks run
});

const bootstrap = new ConstructLibrary(repo, {
  directory: 'backend-bootstrap',
  packageName: '@dataworks/backend-bootstrap',
  description: 'The state backend of a DataWorks environment and the identities that may use it',
  uses: [constructs],
  peerDeps: [`cdk-nag@^${VERSIONS.cdkNag}`],
});

const deploy = new NodeLibrary(repo, {
  directory: 'dataworks-deploy',
  packageName: '@dataworks/deploy',
  description: 'Plan, approve and apply a CDK application; reads and checks dataworks.json',
  uses: [constructs, bootstrap],
  deps: [
    `ajv@${VERSIONS.ajv}`,
    `jsonc-parser@${VERSIONS.jsoncParser}`,
    `commander@${VERSIONS.commander}`,
    `tar@${VERSIONS.tar}`,
    `yauzl@${VERSIONS.yauzl}`,
    `@aws-cdk/cdk-assets-lib@${VERSIONS.cdkAssets}`,
    `@aws-cdk/cloud-assembly-schema@${VERSIONS.cloudAssemblySchema}`,
    `@aws-cdk/cloudformation-diff@${VERSIONS.cloudFormationDiff}`,
    `@aws-sdk/client-cloudformation@${VERSIONS.awsSdk.cloudformation}`,
    `@aws-sdk/client-dynamodb@${VERSIONS.awsSdk.dynamodb}`,
    `@aws-sdk/client-ecr@${VERSIONS.awsSdk.ecr}`,
    `@aws-sdk/client-iam@${VERSIONS.awsSdk.iam}`,
    `@aws-sdk/client-s3@${VERSIONS.awsSdk.s3}`,
    `@aws-sdk/client-ssm@${VERSIONS.awsSdk.ssm}`,
    `@aws-sdk/client-sts@${VERSIONS.awsSdk.sts}`,
    `@smithy/types@${VERSIONS.awsSdk.smithyTypes}`,
  ],
  devDeps: [`@types/yauzl@${VERSIONS.yauzlTypes}`],
  bin: { dataworks: 'lib/cli.js' },
  peerDeps: [`aws-cdk-lib@^${VERSIONS.cdk}`, `constructs@^${VERSIONS.constructs}`, `cdk-nag@^${VERSIONS.cdkNag}`],
});

new CdkApp(repo, {
  directory: 'dataworks-app',
  packageName: 'dataworks-app',
  description: 'The data lake, one CDK stage per environment of dataworks.json',
  uses: [constructs, bootstrap, deploy],
  qualifier: configuration.qualifier,
  devDeps: [`cdk-nag@${VERSIONS.cdkNag}`],
});

addEmbeddedAws(repo, configuration);
addConsumers(repo, [constructs, bootstrap]);
addBenchmarks(repo);
addDocs(repo, { constructs, bootstrap, deploy });
addMainTasks(repo);
new Pipeline(repo, configuration);

repo.synth();
