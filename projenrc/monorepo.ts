import { posix } from 'node:path';
import { javascript, TextFile, typescript } from 'projen';
import { addBuildGraph } from './build-graph';
import { addLinter } from './linter';
import { addTestRunner } from './test-runner';
import { VERSIONS } from './versions';

/**
 * The root of the npm workspaces. It owns the lock file, `node_modules`, the linter, the test
 * runner and the build graph; packages own how they compile and package themselves.
 *
 * projen has no type for npm workspaces, so this one switches off what every member would
 * otherwise do for itself (install, lint, test).
 */
export class Monorepo extends typescript.TypeScriptProject {
  /** In the order in which they were adopted, which is the order of their dependencies. */
  public readonly members: typescript.TypeScriptProject[] = [];

  constructor() {
    super({
      name: 'dataworks',
      description: 'An S3 data lake as code: AWS CDK constructs, state backend, plan / approve / apply, pipeline',
      defaultReleaseBranch: 'main',
      license: 'Apache-2.0',
      copyrightOwner: 'The DataWorks contributors',
      packageManager: javascript.NodePackageManager.NPM,
      npmIgnoreOptions: {},
      allowScripts: ['esbuild'],
      projenCommand: 'projen', // `npm run` and `npx` put node_modules/.bin on the PATH; `npx projen` inside a task costs a second
      projenVersion: VERSIONS.projen,
      projenrcTs: true,
      projenrcTsOptions: { runner: typescript.TypeScriptRunner.tsx() }, // `typecheck` checks its types, beside the other tasks
      typescriptVersion: VERSIONS.typescript,
      minNodeVersion: VERSIONS.node,
      disableTsconfigDev: true,
      sampleCode: false,
      readme: { contents: '# DataWorks' }, // written by hand: projen only creates the first one
      eslint: false, // see linter.ts
      jest: false, // see test-runner.ts
      release: false,
      package: false,
      github: false,
      depsUpgrade: false,
    });

    this.package.addField('private', true);
    this.package.addField('workspaces', () => this.members.map((member) => this.pathTo(member)));
    this.package.addField('packageManager', `npm@${VERSIONS.npm}`); // tells the build graph whose workspaces these are
    for (const field of ['main', 'types', 'publishConfig']) this.package.addField(field, undefined);
    this.package.addPackageResolutions(`unrs-resolver@${VERSIONS.unrsResolver}`);
    this.addDevDeps(
      `constructs@${VERSIONS.constructs}`,
      `aws-cdk-lib@${VERSIONS.cdk}`,
      `@types/node@${VERSIONS.nodeTypes}`,
      `jsii-docgen@${VERSIONS.jsiiDocgen}`,
      `tsx@${VERSIONS.tsx}`,
    );

    // The root tsconfig.json covers all code, so that compiler and linter load the CDK's types once.
    // Workspaces by their source: nothing has to be compiled before. Packages compile by their own.
    const tsconfig = this.tsconfig!.file;
    tsconfig.addOverride('include', [
      '.projenrc.ts',
      'projenrc/**/*.ts',
      'local-aws/**/*.ts',
      'packages/*/src/**/*.ts',
      'packages/*/test/**/*.ts',
    ]);
    tsconfig.addOverride('exclude', ['node_modules', 'local-aws/.home']);
    tsconfig.addOverride('compilerOptions', {
      target: 'ES2022',
      lib: ['es2023'],
      types: ['node', 'jest'],
      rootDir: '.',
      outDir: undefined,
      noEmit: true,
      skipLibCheck: true,
      isolatedModules: true, // swc, esbuild and tsx see one file at a time
      incremental: true,
      tsBuildInfoFile: 'node_modules/.cache/root.tsbuildinfo',
    });

    for (const name of ['watch', 'eject', 'clobber', 'upgrade', 'post-upgrade', 'test:watch']) this.tasks.removeTask(name);
    this.tasks.addEnvironment('PATH', '$(echo $PWD/node_modules/.bin:$PATH)');

    new TextFile(this, '.node-version', { lines: ['22'], marker: false });
    this.gitignore.exclude('.turbo', 'test-reports/', '/coverage/');

    addLinter(this);
    addTestRunner(this);
    addBuildGraph(this);
  }

  /** Make `project` a workspace. */
  public adopt(project: typescript.TypeScriptProject): void {
    this.members.push(project);
    this.tsconfig!.file.addOverride(`compilerOptions.paths.${project.package.packageName}`, [`./${this.pathTo(project)}/src`]);
    this.tsconfig!.file.addOverride(`compilerOptions.paths.${project.package.packageName}/lib/*`, [`./${this.pathTo(project)}/src/*`]);
    const toRoot = posix.relative(this.pathTo(project), '.');

    // Only the root installs: NodePackage would run `npm install` in every package that has no
    // node_modules of its own, which under hoisting is all of them.
    project.package.postSynthesize = () => {};
    project.deps.removeDependency('projen');
    for (const name of ['install', 'install:ci', 'clobber', 'eject', 'watch']) project.tasks.removeTask(name);
    project.defaultTask?.reset('projen default', { cwd: toRoot });

    // projen computes the PATH with `npx -c`, a second per task; these two directories are enough.
    project.tasks.addEnvironment('PATH', `$(echo $PWD/node_modules/.bin:$PWD/${toRoot}/node_modules/.bin:$PATH)`);
  }

  public postSynthesize(): void {
    const install = process.env.CI ? 'install:ci' : 'install';
    if (this.members.some((member) => member.tryFindObjectFile('package.json')?.changed)) {
      this.tasks.runTask(install);
    }
  }

  public pathTo(project: javascript.NodeProject): string {
    return posix.relative(this.outdir, project.outdir);
  }
}
