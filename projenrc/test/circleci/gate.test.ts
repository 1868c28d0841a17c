import { configurationOf, OURS } from './configurations';
import { running, simulate } from './simulation';
import type { Config, WorkflowJob } from '../../circleci/config';
import { pipelineOf } from '../../circleci/pipeline';

const CONFIGURATIONS = [OURS, configurationOf('solo'), configurationOf('dev', 'test', 'staging', 'pre', 'prod')];
const CASES = CONFIGURATIONS.flatMap((configuration) =>
  configuration.environments.map((environment) => ({
    title: `${environment.name} of ${configuration.environments.length}`,
    config: pipelineOf(configuration),
    project: configuration.project.name,
    environment,
    hold: environment.production ? `hold-${environment.name}-extra-review` : `hold-${environment.name}`,
  })),
);

/** Every call of a job in the workflow, by its name. */
const callsOf = (config: Config): Map<string, WorkflowJob> =>
  new Map(config.workflows.deliver.jobs.flatMap(Object.entries<WorkflowJob>).map(([job, options]) => [options.name ?? job, options]));

describe.each(CASES)('$title', ({ config, project, environment: { name, after }, hold }) => {
  const apply = `apply-${name}`;

  test('is applied on main when everything before succeeded', () => {
    expect(running(simulate(config, 'main'))).toContain(apply);
  });

  test.each([hold, `plan-${name}`, 'build-and-test', ...(after === undefined ? [] : [`apply-${after}`])])(
    'is not applied without %s',
    (before) => {
      for (const outcome of ['failed', 'not_run'] as const) {
        expect(running(simulate(config, 'main', { [before]: outcome }))).not.toContain(apply);
      }
    },
  );

  test('is not planned before the environment in front of it is applied', () => {
    const planned = running(simulate(config, 'main', after === undefined ? {} : { [`apply-${after}`]: 'failed' }));
    expect(planned.includes(`plan-${name}`)).toBe(after === undefined);
  });

  test('is approved by a person', () => {
    expect(callsOf(config).get(hold)?.type).toBe('approval');
  });

  test('only its apply has its apply context', () => {
    const holders = [...callsOf(config)].filter(([, { context }]) => [context].flat().includes(`${project}-${name}`));
    expect(holders.map(([holder]) => holder)).toEqual([apply]);
  });

  test('a skipped apply makes the workflow fail, a finished one does not', () => {
    expect(running(simulate(config, 'main', { [apply]: 'not_run' }))).toContain(`not-applied-${name}`);
    expect(running(simulate(config, 'main'))).not.toContain(`not-applied-${name}`);
  });
});

test.each(CONFIGURATIONS.map((configuration) => [configuration.environments.length, configuration] as const))(
  'with %d environments a branch is built and planned against the first one, and no more',
  (_count, configuration) => {
    expect(running(simulate(pipelineOf(configuration), 'feature/x'))).toEqual([
      'build-and-test',
      `plan-${configuration.environments[0].name}`,
    ]);
  },
);

test('no job of a branch has a context beside the first plan', () => {
  const config = pipelineOf(OURS);
  const contexts = running(simulate(config, 'feature/x')).map((name) => callsOf(config).get(name)?.context);
  expect(contexts).toEqual([undefined, 'dataworks-dev-plan']);
});

test('only one job writes the workspace, so an apply gets the assembly that its plan showed', () => {
  const writers = Object.entries(pipelineOf(OURS).jobs).filter(([, job]) => JSON.stringify(job.steps).includes('persist_to_workspace'));
  expect(writers.map(([name]) => name)).toEqual(['build-and-test']);
});

test('Slack hears of it after the last environment, not before', () => {
  const config = pipelineOf(OURS);
  expect(running(simulate(config, 'main'))).toContain('notify');
  for (const { name } of OURS.environments) {
    expect(running(simulate(config, 'main', { [`apply-${name}`]: 'failed' }))).not.toContain('notify');
  }
});

test('two environments after the same one are planned side by side, and Slack hears of both', () => {
  const [dev, left, right] = configurationOf('dev', 'left', 'right').environments;
  const config = pipelineOf({ ...OURS, environments: [dev, left, { ...right, after: 'dev' }] });
  expect(running(simulate(config, 'main', { 'apply-left': 'failed' }))).toEqual(expect.arrayContaining(['plan-right', 'apply-right']));
  expect(callsOf(config).get('notify')?.requires).toEqual(['apply-left', 'apply-right']);
});
