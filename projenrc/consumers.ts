import { addCodeFolder } from './code-folder';
import type { Monorepo } from './monorepo';
import type { ConstructLibrary } from './packages';
import { COMPILED, turbo } from './turbo';
import { VERSIONS } from './versions';

/** What users of the libraries rely on: the npm package, the API of every language, and that nothing deployed is replaced. */
export function addConsumers(repo: Monorepo, libraries: readonly ConstructLibrary[]): void {
  addCodeFolder(repo, 'consumers');
  for (const library of libraries) {
    // projen's `*` would change what is generated from one day to the next
    library.addDevDeps(`jsii-pacmak@${VERSIONS.jsiiPacmak}`, `jsii-diff@${VERSIONS.jsiiDiff}`);
  }

  const compiled = { exec: COMPILED };
  const packed = { exec: turbo('package --output-logs=errors-only') };
  repo.addTask('test:consumers', {
    description: 'Package the libraries and consume them as users do',
    steps: [packed, { exec: 'jest --ci -c consumers/jest.config.cjs --runInBand', receiveArgs: true }],
  });
  repo.addTask('api:write', {
    description: 'Record the API of the libraries, after a change that is meant',
    steps: [compiled, { exec: 'tsx consumers/api/write-baseline.ts' }],
  });
  repo.addTask('stability:write', {
    description: 'Record the resources of deployed stacks, after a change that is meant to replace some',
    env: { CDK_VALIDATION: 'false' },
    steps: [
      compiled,
      ...['dataworks-constructs', 'backend-bootstrap', 'dataworks-app'].map((name) => ({
        exec: `tsx packages/${name}/test/stability/write-baseline.ts`,
      })),
    ],
  });
}
