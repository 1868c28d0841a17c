import { OURS } from './configurations';
import { check } from '../../circleci/check';
import type { Config } from '../../circleci/config';
import { pipelineOf } from '../../circleci/pipeline';
import { report, RULES } from '../../circleci/problem';

/** A copy of the pipeline that may be broken, as loosely typed as the YAML that it stands for. */
interface Loose {
  [key: string]: Loose;
}
const CALL = {
  'build-and-test': 0,
  'plan-dev': 1,
  'hold-dev': 2,
  'apply-dev': 3,
  'plan-test': 5,
  'hold-test': 6,
  'apply-test': 7,
  notify: 13,
};

function broken(mutate: (config: Loose, call: (name: keyof typeof CALL) => Loose) => void): Config {
  const config = JSON.parse(JSON.stringify(pipelineOf(OURS))) as Loose;
  mutate(config, (name) => Object.values(config.workflows.deliver.jobs[CALL[name]])[0]);
  return config as unknown as Config;
}

const set = (target: Loose, key: string, value: unknown): void => void Object.assign(target, { [key]: value });
const rename = (target: Loose, from: string, to: string): void => {
  set(target, to, target[from]);
  Reflect.deleteProperty(target, from);
};
const STEPS = 'steps';
const call = (index: number) => `$.workflows.deliver.jobs[${index}]`;

type Mutation = [name: string, code: keyof typeof RULES, path: string, mutate: Parameters<typeof broken>[0]];

const MUTATIONS: Mutation[] = [
  [
    'step misspelt',
    'DW5001',
    '$.jobs.plan.steps[0]',
    ({ jobs }) => {
      set(jobs.plan.steps, '0', 'chekout');
    },
  ],
  [
    'step with arguments misspelt',
    'DW5001',
    '$.jobs.plan.steps[4]',
    ({ jobs }) => {
      rename(jobs.plan.steps[4], 'store_artifacts', 'store_artefacts');
    },
  ],
  [
    'command gone',
    'DW5001',
    '$.jobs.apply.steps[1]',
    ({ commands }) => {
      delete commands.install;
    },
  ],
  [
    'step of a command misspelt',
    'DW5001',
    '$.commands.install.steps[2]',
    ({ commands }) => {
      rename(commands.install.steps[2], 'attach_workspace', 'attach-workspace');
    },
  ],
  [
    'argument of run misspelt',
    'DW5002',
    '$.jobs.apply.steps[3].run.no_output_timout',
    ({ jobs }) => {
      rename(jobs.apply.steps[3].run, 'no_output_timeout', 'no_output_timout');
    },
  ],
  [
    'command called with an unknown argument',
    'DW5002',
    '$.jobs.plan.steps[1].install.quiet',
    ({ jobs }) => {
      set(jobs.plan.steps, '1', { install: { quiet: true } });
    },
  ],
  [
    'command called without its argument',
    'DW5002',
    '$.jobs.plan.steps[1].install.where',
    ({ commands }) => {
      set(commands.install, 'parameters', { where: { type: 'string' } });
    },
  ],
  [
    'parameter of another job',
    'DW5003',
    '$.jobs.not-applied.environment.ENVIRONMENT',
    ({ jobs }) => {
      set(jobs['not-applied'].environment, 'ENVIRONMENT', '<< parameters.region >>');
    },
  ],
  [
    'reference misspelt',
    'DW5003',
    '$.jobs.plan.environment.ENVIRONMENT',
    ({ jobs }) => {
      set(jobs.plan.environment, 'ENVIRONMENT', '<< parameter.environment >>');
    },
  ],
  [
    'image without a tag',
    'DW5004',
    '$.jobs.apply.docker[0].image',
    ({ jobs }) => {
      set(jobs.apply.docker[0], 'image', 'cimg/node');
    },
  ],
  [
    'image that moves',
    'DW5004',
    '$.jobs.apply.docker[0].image',
    ({ jobs }) => {
      set(jobs.apply.docker[0], 'image', 'cimg/node:lts');
    },
  ],
  [
    'orb that moves',
    'DW5005',
    '$.orbs.slack',
    (config) => {
      set(config, 'orbs', { slack: 'circleci/slack@5' });
    },
  ],
  [
    'orb under development',
    'DW5005',
    '$.orbs.slack',
    (config) => {
      set(config, 'orbs', { slack: 'circleci/slack@dev:first' });
    },
  ],
  [
    'shell that takes a misspelt variable for an empty one',
    'DW5006',
    '$.jobs.apply.shell',
    ({ jobs }) => {
      set(jobs.apply, 'shell', '/bin/bash -eo pipefail');
    },
  ],
  [
    'no shell',
    'DW5006',
    '$.jobs.plan.shell',
    ({ jobs }) => {
      delete jobs.plan.shell;
    },
  ],
  [
    'step with a careless shell',
    'DW5006',
    '$.jobs.plan.steps[3].run.shell',
    ({ jobs }) => {
      set(jobs.plan.steps[3].run, 'shell', '/bin/sh');
    },
  ],
  [
    'job not declared',
    'DW5007',
    call(3),
    ({ jobs }) => {
      delete jobs.apply;
    },
  ],
  [
    'type of the hold gone',
    'DW5007',
    call(2),
    (_config, callOf) => {
      delete callOf('hold-dev').type;
    },
  ],
  [
    'type misspelt',
    'DW5008',
    `${call(2)}.type`,
    (_config, callOf) => {
      set(callOf('hold-dev'), 'type', 'aproval');
    },
  ],
  [
    'requires misspelt',
    'DW5009',
    `${call(3)}.require`,
    (_config, callOf) => {
      rename(callOf('apply-dev'), 'requires', 'require');
    },
  ],
  [
    'serial group misspelt',
    'DW5009',
    `${call(3)}.serial_group`,
    (_config, callOf) => {
      rename(callOf('apply-dev'), 'serial-group', 'serial_group');
    },
  ],
  [
    'argument of the job gone',
    'DW5009',
    `${call(1)}.environment`,
    (_config, callOf) => {
      delete callOf('plan-dev').environment;
    },
  ],
  [
    'hold with an argument',
    'DW5009',
    `${call(2)}.environment`,
    (_config, callOf) => {
      set(callOf('hold-dev'), 'environment', 'dev');
    },
  ],
  [
    'name used twice',
    'DW5010',
    call(5),
    (_config, callOf) => {
      set(callOf('plan-test'), 'name', 'Plan-Dev');
    },
  ],
  [
    'requirement misspelt',
    'DW5011',
    `${call(3)}.requires[0]`,
    (_config, callOf) => {
      set(callOf('apply-dev'), 'requires', ['hold-deb']);
    },
  ],
  [
    'requirement by status misspelt',
    'DW5011',
    `${call(4)}.requires[0]`,
    (_config, callOf) => {
      set(callOf('apply-dev'), 'name', 'apply-development');
    },
  ],
  [
    'jobs in a circle',
    'DW5012',
    '$.workflows.deliver',
    (_config, callOf) => {
      set(callOf('plan-dev'), 'requires', ['build-and-test', 'apply-test']);
    },
  ],
  [
    'hold that may be cancelled',
    'DW5013',
    `${call(3)}.requires[0]`,
    (_config, callOf) => {
      set(callOf('apply-dev'), 'requires', [{ 'hold-dev': ['success', 'canceled'] }]);
    },
  ],
  [
    'hold that may end in any way',
    'DW5013',
    `${call(3)}.requires[0]`,
    (_config, callOf) => {
      set(callOf('apply-dev'), 'requires', [{ 'hold-dev': 'terminal' }]);
    },
  ],
  [
    'apply on every branch, where the hold is ignored',
    'DW5014',
    `${call(3)}.requires[0]`,
    (_config, callOf) => {
      delete callOf('apply-dev').filters;
    },
  ],
  [
    'apply on another branch as well',
    'DW5014',
    `${call(3)}.requires[0]`,
    (_config, callOf) => {
      set(callOf('apply-dev'), 'filters', { branches: { only: ['main', 'hotfix'] } });
    },
  ],
  [
    'apply on tags',
    'DW5014',
    `${call(3)}.requires[0]`,
    (_config, callOf) => {
      set(callOf('apply-dev').filters, 'tags', { only: '/v.*/' });
    },
  ],
  [
    'hold not on main',
    'DW5014',
    `${call(3)}.requires[0]`,
    (_config, callOf) => {
      set(callOf('hold-dev'), 'filters', { branches: { ignore: 'main' } });
    },
  ],
  [
    'apply without its context',
    'DW5015',
    `${call(3)}.context`,
    (_config, callOf) => {
      delete callOf('apply-dev').context;
    },
  ],
  [
    'apply with no context in its list',
    'DW5015',
    `${call(3)}.context`,
    (_config, callOf) => {
      set(callOf('apply-dev'), 'context', []);
    },
  ],
  [
    'later job without a context',
    'DW5015',
    `${call(13)}.context`,
    (_config, callOf) => {
      delete callOf('notify').context;
    },
  ],
  [
    'serial group with a blank',
    'DW5016',
    `${call(3)}.serial-group`,
    (_config, callOf) => {
      set(callOf('apply-dev'), 'serial-group', 'apply dev');
    },
  ],
  [
    'serial group too long',
    'DW5016',
    `${call(3)}.serial-group`,
    (_config, callOf) => {
      set(callOf('apply-dev'), 'serial-group', 'a'.repeat(513));
    },
  ],
  [
    'serial group used twice',
    'DW5017',
    call(7),
    (_config, callOf) => {
      set(callOf('apply-test'), 'serial-group', 'dataworks/apply-dev');
    },
  ],
  [
    'apply that repeats itself',
    'DW5018',
    '$.jobs.apply',
    ({ jobs }) => {
      set(jobs.apply.steps[3].run, 'max_auto_reruns', 2);
    },
  ],
  [
    'workflow that repeats itself',
    'DW5018',
    '$.workflows.deliver.max_auto_reruns',
    ({ workflows }) => {
      set(workflows.deliver, 'max_auto_reruns', 2);
    },
  ],
  [
    'assembly not kept',
    'DW5019',
    call(1),
    ({ jobs }) => {
      (jobs['build-and-test'][STEPS] as unknown as unknown[]).pop();
    },
  ],
  [
    'plan that does not wait for the assembly',
    'DW5019',
    call(1),
    (_config, callOf) => {
      delete callOf('plan-dev').requires;
    },
  ],
];

test.each(MUTATIONS)('%s', (_name, code, path, mutate) => {
  expect(check(broken(mutate))).toContainEqual(expect.objectContaining({ code, path }));
});

test('each rule is broken by one of these', () => {
  expect([...new Set(MUTATIONS.map(([, code]) => code))].sort()).toEqual(Object.keys(RULES).sort());
});

test.each([
  [
    'image by digest',
    ({ jobs }: Loose) => {
      set(jobs.apply.docker[0], 'image', `cimg/node@sha256:${'a'.repeat(64)}`);
    },
  ],
  [
    'pinned orb and its step',
    (config: Loose) => {
      set(config, 'orbs', { slack: 'circleci/slack@5.1.1' });
      set(config.jobs.plan.steps, '0', 'slack/notify');
    },
  ],
  [
    'serial group with a pipeline value',
    ({ workflows }: Loose) => {
      set(workflows.deliver.jobs[3].apply, 'serial-group', '<< pipeline.project.id >>/dev');
    },
  ],
  [
    'strict shell of a step',
    ({ jobs }: Loose) => {
      set(jobs.plan.steps[3].run, 'shell', '/bin/bash -euo pipefail');
    },
  ],
])('accepts: %s', (_name, mutate) => {
  expect(check(broken(mutate))).toEqual([]);
});

test('all problems at once, with where, what was received, what is allowed and the fix', () => {
  const text = report(
    check(
      broken(({ jobs }, callOf) => {
        set(jobs.plan.steps, '0', 'chekout');
        set(callOf('hold-dev'), 'type', 'aproval');
      }),
    ),
  );
  expect(text).toMatch(/^\.circleci\/config\.yml: \d+ problems\n/);
  expect(text).toContain('DW5001 $.jobs.plan.steps[0]: no such step. Received: "chekout". Allowed: run, checkout, ');
  expect(text).toContain(
    'DW5008 $.workflows.deliver.jobs[2].type: unknown type of job. Received: "aproval". Allowed: approval. Fix: correct the type: a job that is no approval is no gate.',
  );
});
