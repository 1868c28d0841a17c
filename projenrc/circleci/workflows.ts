import type { Workflow, WorkflowJob } from './config';
import type { Configuration, Environment } from '../../packages/dataworks-deploy/src';

/** The only branch that reaches an environment's apply. */
const MAIN = { branches: { only: 'main' } };

type Invocation = Readonly<Record<string, WorkflowJob>>;

/**
 * build-and-test, then plan, hold and apply of each environment after the one before it.
 *
 * On branches: build-and-test and the plan of the first environment. CircleCI ignores a requirement
 * that is filtered out, so whatever stands behind a hold has the hold's filter itself.
 */
export function workflows(configuration: Configuration): Readonly<Record<string, Workflow>> {
  const { project, environments } = configuration;
  const last = environments.filter(({ name }) => !environments.some(({ after }) => after === name));
  return {
    deliver: {
      jobs: [
        { 'build-and-test': {} },
        ...environments.flatMap((environment) => gate(configuration, environment)),
        { notify: { requires: last.map(({ name }) => `apply-${name}`), filters: MAIN, context: `${project.name}-slack-notify` } },
      ],
    },
  };
}

function gate({ project }: Configuration, { name, region, after, production }: Environment): Invocation[] {
  const plan = `plan-${name}`;
  const hold = production ? `hold-${name}-extra-review` : `hold-${name}`;
  const apply = `apply-${name}`;
  return [
    {
      plan: {
        name: plan,
        requires: [after === undefined ? 'build-and-test' : `apply-${after}`],
        ...(after !== undefined && { filters: MAIN }),
        context: `${project.name}-${name}-plan`,
        environment: name,
        region,
      },
    },
    { [hold]: { type: 'approval', requires: [plan], filters: MAIN } },
    {
      apply: {
        name: apply,
        requires: [hold],
        filters: MAIN,
        context: `${project.name}-${name}`,
        'serial-group': `${project.name}/${apply}`,
        environment: name,
        region,
      },
    },
    { 'not-applied': { name: `not-applied-${name}`, requires: [{ [apply]: 'not_run' }], filters: MAIN, environment: name } },
  ];
}
