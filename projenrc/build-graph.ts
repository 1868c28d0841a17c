import { JsonFile } from 'projen';
import type { Monorepo } from './monorepo';
import { turbo } from './turbo';
import { VERSIONS } from './versions';

/**
 * What the build consists of, and what each part reads and writes. Turborepo runs the parts side
 * by side in this order and remembers each by the hash of its inputs (in .turbo/cache),
 * so a build in which nothing changed replays its results.
 *
 * `//#x` is a task of the root; the others exist in the packages that have such a script.
 */
const SOURCES = ['src/**', 'schema/**', 'package.json', 'tsconfig.json', 'README.md'];
const DOCS = ['docs/**', 'rosetta/**'];
/** What processes that tests start load compiled, by its package. */
const LIBRARIES = ['@dataworks/constructs#compile', '@dataworks/backend-bootstrap#compile'];
/** Whatever git tracks: a list of what the tests of a whole repository read is never complete. */
const EVERYTHING = ['$TURBO_DEFAULT$'];

const GRAPH = {
  compile: { dependsOn: ['^compile'], inputs: SOURCES, outputs: ['lib/**', '.jsii', 'tsconfig.json', 'tsconfig.tsbuildinfo'] },
  // It rewrites parts of the README, which is an input as well: examples stand there.
  document: { dependsOn: ['compile'], inputs: [...SOURCES, ...DOCS], outputs: ['API.md', '.jsii.tabl.json', 'README.md', 'docs/**'] },
  package: { dependsOn: ['compile', 'document'], inputs: [...SOURCES, ...DOCS, 'LICENSE', 'NOTICE', '.npmignore'], outputs: ['dist/**'] },
  'synth:strict': { dependsOn: ['^compile'], inputs: ['src/**', '*.json', 'package.json'], outputs: [] },
  '//#typecheck': { dependsOn: [], inputs: EVERYTHING, outputs: [] },
  '//#lint': { dependsOn: [], inputs: EVERYTHING, outputs: [] },
  '//#unit': {
    dependsOn: LIBRARIES,
    inputs: EVERYTHING,
    env: ['DATAWORKS_TESTS'],
    outputs: ['test-reports/unit.xml', 'coverage/lcov.info'],
  },
};

export function addBuildGraph(repo: Monorepo): void {
  new JsonFile(repo, 'turbo.json', {
    marker: false,
    obj: {
      $schema: 'https://turborepo.com/schema.json',
      ui: 'stream',
      envMode: 'loose', // proxies and certificates of the machine reach the tools; none of them changes a result
      globalEnv: ['NODE_RELEASE'],
      globalDependencies: ['package-lock.json', 'projenrc/tasks/**'],
      tasks: GRAPH,
    },
  });
  repo.addDevDeps(`turbo@${VERSIONS.turbo}`);
  repo.gitignore.exclude('.turbo');

  repo.addTask('typecheck', { description: 'Check the types of all code and tests', exec: 'tsc -p tsconfig.json' });
  repo.addTask('lint', { description: 'Lint and check the format of all TypeScript', steps: [{ spawn: 'eslint' }] });
  repo.addTask('unit', { description: 'Unit tests, as a part of the build', steps: [{ spawn: 'test' }] });
  repo.addTask('format', { description: 'Mend what the linter can mend', steps: [{ exec: 'projen eslint --fix' }] });

  repo.preCompileTask.reset();
  repo.postCompileTask.reset();
  repo.packageTask.reset();
  repo.compileTask.reset(turbo('compile'), { receiveArgs: true });
  repo.compileTask.description = 'Compile the packages';
  // projen locks its own `build`, a fixed sequence; this one runs the graph.
  repo.tasks.removeTask('build');
  const build = repo.addTask('build', { description: 'Generate, compile, lint, test, document, package; leaves the tree clean' });
  build.spawn(repo.defaultTask!);
  const parts = Object.keys(GRAPH).map((task) => task.replace('//#', ''));
  build.exec(turbo(`${parts.join(' ')} --output-logs=new-only`));
}
