import type { Configuration } from '../../packages/dataworks-deploy/src';
import { VERSIONS } from '../versions';
import type { Command, Job, Parameter } from './config';
import * as steps from './steps';

/** CircleCI's own default lacks `-u`: a misspelt variable would be an empty one. */
const SHELL = '/bin/bash -euo pipefail';

const TEXT: Parameter = { type: 'string' };

function job(size: 'small' | 'medium' | 'large', options: Pick<Job, 'description' | 'parameters' | 'environment' | 'steps'>): Job {
  return { docker: [{ image: VERSIONS.circleciImage }], resource_class: size, shell: SHELL, ...options };
}

export const commands: Readonly<Record<string, Command>> = {
  install: {
    description: 'The CDK command, and the assembly that was built once',
    steps: [steps.restoreNpmCache, steps.installCdk, steps.fetchAssembly],
  },
};

/** Each environment takes these with its own name; the order and the gates are in `workflows.ts`. */
export function jobs({ project, slackChannel, environments }: Configuration): Readonly<Record<string, Job>> {
  const ofEnvironment = {
    parameters: { environment: TEXT, region: TEXT },
    environment: { ENVIRONMENT: '<< parameters.environment >>', AWS_REGION: '<< parameters.region >>' },
  };
  return {
    'build-and-test': job('large', {
      steps: [
        'checkout',
        steps.restoreNpmCache,
        steps.installPython,
        steps.buildAndTest,
        { store_test_results: { path: 'test-reports' } },
        { store_artifacts: { path: 'test-reports' } },
        steps.saveNpmCache,
        steps.synthesise,
        steps.keepAssembly,
      ],
    }),
    plan: job('medium', {
      description: 'Show what an apply would change',
      ...ofEnvironment,
      steps: ['checkout', 'install', steps.becomePlanner, steps.diff, steps.keepPlan],
    }),
    apply: job('medium', {
      description: 'Deploy the assembly that the plan was made of',
      ...ofEnvironment,
      steps: ['checkout', 'install', steps.becomeDeployer, steps.deploy],
    }),
    'not-applied': job('small', {
      description: 'Turn a skipped apply into a failure',
      parameters: { environment: TEXT },
      environment: { ENVIRONMENT: '<< parameters.environment >>' },
      steps: [steps.sayNotApplied],
    }),
    notify: job('small', {
      environment: {
        PROJECT: project.name,
        ENVIRONMENTS: environments.map(({ name }) => name).join(', '),
        SLACK_CHANNEL: slackChannel,
      },
      steps: [steps.postToSlack],
    }),
  };
}
