import type { Monorepo } from './monorepo';
import { VERSIONS } from './versions';
import type { Configuration, Environment } from '../packages/dataworks-deploy/src';

const LAUNCHER = 'tsx local-aws/cli/main.ts';
/** Made by `local:venv`, whose files are these. */
const PYTHON = '.home/venv-dev/bin/python';
const PYTHON_CODE = 'local-aws';

/** The embedded local AWS: the tasks that drive it, and the SDK clients that read back what was deployed. */
export function addEmbeddedAws(repo: Monorepo, { environments }: Configuration): void {
  const { awsSdk } = VERSIONS;
  repo.addDevDeps(
    `@aws-sdk/client-s3@${awsSdk.s3}`,
    `@aws-sdk/client-kms@${awsSdk.kms}`,
    `@aws-sdk/client-ssm@${awsSdk.ssm}`,
    `@aws-sdk/client-cloudformation@${awsSdk.cloudformation}`,
    `@aws-sdk/client-dynamodb@${awsSdk.dynamodb}`,
    `@aws-sdk/client-ecr@${awsSdk.ecr}`,
    `@aws-sdk/client-sts@${awsSdk.sts}`,
    `@aws-sdk/client-iam@${awsSdk.iam}`,
    `@smithy/node-http-handler@${awsSdk.httpHandler}`,
  );
  repo.gitignore.exclude('/local-aws/.home/', '__pycache__/', '.pytest_cache/', '.ruff_cache/', '.mypy_cache/');

  addServerTasks(repo, environments[0]);
  addPythonTasks(repo);
}

/** Unless told otherwise, `local:env` leads to the first environment, where `try` deploys. */
function addServerTasks(repo: Monorepo, { account, region }: Environment): void {
  const commands = {
    start: { description: 'Start the embedded AWS; it stays until local:stop', args: '' },
    stop: { description: 'Stop the embedded AWS; its state is kept', args: '' },
    reset: { description: 'Forget everything in the embedded AWS', args: '' },
    status: { description: 'Say whether the embedded AWS runs', args: '' },
    env: {
      description: 'Print the exports for clients of the embedded AWS: eval "$(npx projen local:env)"',
      args: ` --account ${account} --region ${region}`,
    },
  };
  for (const [name, { description, args }] of Object.entries(commands)) {
    repo.addTask(`local:${name}`, { description, exec: `${LAUNCHER} ${name}${args}`, receiveArgs: true });
  }
}

function addPythonTasks(repo: Monorepo): void {
  const venv = repo.addTask('local:venv', { description: 'Make the Python environment of developers', exec: `${LAUNCHER} venv` });

  const lint = repo.addTask('lint:python', { description: 'Lint the Python code, check its format and its types' });
  lint.spawn(venv);
  for (const check of ['ruff check', 'ruff format --check', 'mypy']) lint.exec(`${PYTHON} -m ${check}`, { cwd: PYTHON_CODE });

  const test = repo.addTask('test:python', { description: 'Tests of the Python code' });
  test.spawn(venv);
  test.exec(`${PYTHON} -m pytest --junitxml=../test-reports/python.xml`, { cwd: PYTHON_CODE, receiveArgs: true });

  const integration = repo.addTask('test:integration', { description: 'Tests against the embedded AWS' });
  integration.exec('jest --ci -c jest.integration.config.json --runInBand', { receiveArgs: true });
  integration.spawn(test);
}
