import { posix } from 'node:path';
import { awscdk, javascript, typescript } from 'projen';
import type { Monorepo } from './monorepo';
import FEATURE_FLAGS from './recommended-feature-flags.json';
import { turbo } from './turbo';
import { VERSIONS } from './versions';

const REPOSITORY = 'https://github.com/dataworks/dataworks.git';

export interface PackageOptions {
  /** Below `packages/`. */
  readonly directory: string;
  readonly packageName: string;
  readonly description: string;
  /** Workspaces that this one imports. */
  readonly uses?: typescript.TypeScriptProject[];
  readonly deps?: string[];
  readonly devDeps?: string[];
  /** What users of a construct library install with it; its tests run on the oldest version. */
  readonly peerDeps?: string[];
}

/** What every package has in common; what only the root does is off. */
function common(parent: Monorepo, options: PackageOptions) {
  return {
    parent,
    name: options.packageName,
    description: options.description,
    outdir: `packages/${options.directory}`,
    defaultReleaseBranch: 'main',
    license: 'Apache-2.0',
    copyrightOwner: 'The DataWorks contributors',
    authorName: 'The DataWorks contributors',
    repository: REPOSITORY,
    repositoryDirectory: `packages/${options.directory}`,
    packageManager: javascript.NodePackageManager.NPM,
    projenCommand: 'projen',
    typescriptVersion: VERSIONS.typescript,
    minNodeVersion: VERSIONS.node,
    cdkVersion: VERSIONS.cdk,
    constructsVersion: VERSIONS.constructs,
    disableTsconfigDev: true, // the root checks the types of tests
    readme: { contents: `# ${options.packageName}` }, // written by hand: projen only creates the first one
    eslint: false,
    jest: false,
    sampleCode: false,
    github: false,
    release: false,
    depsUpgrade: false,
    npmIgnoreOptions: { ignorePatterns: ['/.gitattributes', '/test-reports/', '/coverage/', '/rosetta/', '/.turbo/', '.tsbuildinfo'] },
  };
}

function packageFile(project: typescript.TypeScriptProject): string {
  return `${project.package.packageName}@^0.0.0`;
}

/** A jsii construct library, published to npm, PyPI, Maven Central, NuGet and a Go repository. */
export class ConstructLibrary extends awscdk.AwsCdkConstructLibrary {
  constructor(parent: Monorepo, options: PackageOptions) {
    const module = options.packageName.replace('@', '').replace('/', '.').replace(/-/g, '_');
    const pascal = module.replace(
      /(^|[._])(\w)/g,
      (_match, separator: string, letter: string) => (separator === '.' ? '.' : '') + letter.toUpperCase(),
    );
    super({
      ...common(parent, options),
      author: 'The DataWorks contributors',
      authorAddress: 'https://github.com/dataworks',
      authorOrganization: true,
      repositoryUrl: REPOSITORY,
      stability: 'experimental',
      jsiiVersion: VERSIONS.jsii,
      peerDeps: [...(options.uses ?? []).map(packageFile), ...(options.peerDeps ?? [])],
      devDeps: [`@types/node@${VERSIONS.nodeTypes}`, `@types/jest@${VERSIONS.jestTypes}`, ...(options.devDeps ?? [])],
      keywords: ['data lake', 's3', 'kms'],
      lambdaAutoDiscover: false,
      edgeLambdaAutoDiscover: false,
      singletonLambdaAutoDiscover: false,
      lambdaExtensionAutoDiscover: false,
      integrationTestAutoDiscover: false,
      docgen: true,
      publishToPypi: { distName: module.replace(/[._]/g, '-'), module },
      publishToMaven: { javaPackage: `io.github.${module}`, mavenGroupId: 'io.github.dataworks', mavenArtifactId: options.directory },
      publishToGo: { moduleName: `github.com/dataworks/${options.directory}-go` },
      publishToNuget: { dotNetNamespace: pascal, packageId: pascal },
    });
    parent.adopt(this);

    // jsii's own rosetta finds examples in docstrings and in the README; strict: they must compile.
    this.addDevDeps(`jsii-rosetta@${VERSIONS.jsiiRosetta}`);
    this.tasks.tryFind('docgen')!.reset('tsx ../../projenrc/tasks/api-docs.ts');
    const document = this.addTask('document', { description: 'Write API.md; check docstrings; compile every example of the docs' });
    document.spawn(this.tasks.tryFind('docgen')!);
    document.exec('tsx ../../projenrc/tasks/docs/check-docstrings.ts');
    document.exec('jsii-rosetta extract --strict --directory ../..'); // where dependencies are: without it, it would install them again
    this.gitignore.exclude('.jsii.tabl.json');

    this.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', 'true');
    this.testTask.reset('projen test', { cwd: '../..' });
    // The npm tarball; other languages need their toolchains and have tasks of their own.
    this.packageTask.reset();
    this.packageTask.exec('mkdir -p dist/js && rm -f dist/js/*.tgz');
    this.packageTask.exec('npm pack --silent --pack-destination dist/js');
    packageOnlyBuild(this, options.directory);
  }
}

export interface NodeLibraryOptions extends PackageOptions {
  /** Commands by name: the compiled file of each. */
  readonly bin?: Readonly<Record<string, string>>;
}

/** A library for Node.js, published to npm. */
export class NodeLibrary extends typescript.TypeScriptProject {
  constructor(parent: Monorepo, options: NodeLibraryOptions) {
    super({
      ...common(parent, options),
      deps: [...(options.uses ?? []).map(packageFile), ...(options.deps ?? [])],
      peerDeps: options.peerDeps,
      bin: options.bin,
      devDeps: [`@types/node@${VERSIONS.nodeTypes}`, `@types/jest@${VERSIONS.jestTypes}`, ...(options.devDeps ?? [])],
      tsconfig: {
        compilerOptions: {
          module: 'node16',
          target: 'ES2022',
          lib: ['es2023'],
          skipLibCheck: true,
          incremental: true,
          tsBuildInfoFile: 'lib/.tsbuildinfo', // beside what it vouches for: without lib, everything is compiled
          resolveJsonModule: true,
        },
      },
      entrypoint: 'lib/index.js',
    });
    parent.adopt(this);
    this.compileTask.reset('tsc --build');
    this.testTask.reset('projen test', { cwd: '../..' });
    this.packageTask.reset();
    this.packageTask.exec('mkdir -p dist/js && rm -f dist/js/*.tgz');
    this.packageTask.exec('npm pack --silent --pack-destination dist/js');
    packageOnlyBuild(this, options.directory);
  }
}

export interface CdkAppOptions extends PackageOptions {
  /** Of the CDK bootstrap in the accounts, so that `cdk bootstrap` and `cdk deploy` mean the same one. */
  readonly qualifier: string;
}

/** A private CDK app: deployed, never published. */
export class CdkApp extends awscdk.AwsCdkTypeScriptApp {
  constructor(parent: Monorepo, options: CdkAppOptions) {
    super({
      ...common(parent, options),
      cdkCliVersion: VERSIONS.cdkCli,
      app: 'npx tsx src/main.ts',
      // Before each synthesis: constructs of yesterday would be deployed in silence.
      buildCommand: 'NODE_RELEASE=$(node --version) npx turbo run compile --output-logs=errors-only >&2',
      context: { ...FEATURE_FLAGS, '@aws-cdk/core:bootstrapQualifier': options.qualifier },
      deps: [...(options.uses ?? []).map(packageFile), ...(options.deps ?? [])],
      devDeps: [
        `@types/node@${VERSIONS.nodeTypes}`,
        `@types/jest@${VERSIONS.jestTypes}`,
        `tsx@${VERSIONS.tsx}`,
        ...(options.devDeps ?? []),
      ],
      lambdaAutoDiscover: false,
      edgeLambdaAutoDiscover: false,
      lambdaExtensionAutoDiscover: false,
      integrationTestAutoDiscover: false,
      package: false,
    });
    this.package.addField('private', true);
    this.cdkConfig.json.addOverride('toolkitStackName', `CDKToolkit-${options.qualifier}`);
    parent.adopt(this);

    // projen points at packages/*/node_modules/@types, which hoisting leaves empty.
    this.tsconfig!.file.addDeletionOverride('compilerOptions.typeRoots');
    this.compileTask.reset();
    this.testTask.reset('projen test', { cwd: '../..' });
    this.addTask('synth:strict', {
      description: "Synthesise with CDK's template validator and the cdk-nag packs: what CI requires",
      exec: 'rm -rf cdk.out.strict && tsx src/strict.ts',
    });
    this.gitignore.exclude('/cdk.out.strict/');
    packageOnlyBuild(this, options.directory);
    this.tasks.removeTask('package'); // nothing is published
  }
}

/** `projen build` inside a package builds that package and what it depends on. */
function packageOnlyBuild(project: typescript.TypeScriptProject, directory: string): void {
  project.tasks.removeTask('build');
  project
    .addTask('build', { description: 'Build this package and what it depends on' })
    .exec(turbo(`compile document package typecheck --filter=./packages/${directory} --filter=// --output-logs=new-only`), {
      cwd: posix.relative(`packages/${directory}`, '.'),
    });
}
