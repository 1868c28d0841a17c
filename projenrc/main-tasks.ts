import type { Monorepo } from './monorepo';
import { COMPILED } from './turbo';

/** The two commands of the README: the main job, and everything that is tested. */
export function addMainTasks(repo: Monorepo): void {
  const lake = repo.addTask('try', {
    description: 'Plan, approve and apply the lake in the embedded local AWS, and read every property back',
  });
  lake.exec('tsx local-aws/try/main.ts', { receiveArgs: true });

  repo.addTask('dataworks', {
    description: 'The dataworks command of this repository: npx projen dataworks bootstrap dev',
    steps: [{ exec: `${COMPILED} >&2` }, { exec: 'node packages/dataworks-deploy/lib/cli.js', receiveArgs: true }],
  });

  const verify = repo.addTask('verify', {
    description: 'Build, then every test that there is; the last line sums them up',
    env: { DATAWORKS_TESTS: 'thorough' },
  });
  verify.exec('rm -rf test-reports'); // a report of yesterday would be counted
  // The Python environment first: a machine without Python should say so at once.
  for (const task of ['local:venv', 'build', 'lint:python', 'lint:templates', 'test:integration', 'test:consumers']) {
    verify.spawn(repo.tasks.tryFind(task)!);
  }
  verify.exec('tsx projenrc/tasks/summarize-tests.ts');
}
