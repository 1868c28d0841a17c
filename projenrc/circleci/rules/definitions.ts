import type { Command, Config, Job, Parameter, Step } from '../config';
import { problem, type PipelineProblem } from '../problem';

/** CircleCI's own steps; their arguments are in its JSON schema, except that it allows any of `run`. */
const BUILT_IN = [
  'run',
  'checkout',
  'setup_remote_docker',
  'save_cache',
  'restore_cache',
  'store_artifacts',
  'store_test_results',
  'persist_to_workspace',
  'attach_workspace',
  'add_ssh_keys',
];
const RUN_ARGUMENTS = [
  'command',
  'name',
  'shell',
  'environment',
  'background',
  'working_directory',
  'no_output_timeout',
  'when',
  'max_auto_reruns',
  'auto_rerun_delay',
];

/** `<< parameters.x >>` and whatever else stands between these brackets. */
const REFERENCE = /<<\s*([^<>]*?)\s*>>/g;

/** Jobs, commands and orbs, each by itself. */
export function definitionProblems(config: Config): PipelineProblem[] {
  const { commands = {}, jobs, orbs = {} } = config;
  return [
    ...Object.entries(orbs).flatMap(([name, orb]) => orbPinned(orb, `$.orbs.${name}`)),
    ...Object.entries(commands).flatMap(([name, command]) => stepsOf(command, `$.commands.${name}`, config)),
    ...Object.entries(jobs).flatMap(([name, job]) => {
      const path = `$.jobs.${name}`;
      return [...imagesPinned(job, path), ...shellStrict(job, path), ...stepsOf(job, path, config)];
    }),
  ];
}

function orbPinned(orb: string, path: string): PipelineProblem[] {
  return /^[\w-]+\/[\w-]+@\d+\.\d+\.\d+$/.test(orb) ? [] : [problem('DW5005', path, orb, 'namespace/orb@1.2.3')];
}

function imagesPinned({ docker }: Job, path: string): PipelineProblem[] {
  return docker.flatMap(({ image }, index) =>
    /(:\d+\.\d+[\w.-]*|@sha256:[0-9a-f]{64})$/.test(image)
      ? []
      : [problem('DW5004', `${path}.docker[${index}].image`, image, 'image:1.2 or image@sha256:…')],
  );
}

function shellStrict(job: Job, path: string): PipelineProblem[] {
  const own = job.steps.flatMap((step, index) => {
    const shell = argumentsOf(step, 'run')?.shell;
    return shell === undefined ? [] : [[shell, `${path}.steps[${index}].run.shell`] as const];
  });
  return [[job.shell, `${path}.shell`] as const, ...own].flatMap(([shell, at]) => {
    const strict = typeof shell === 'string' && /\s-euo pipefail$/.test(shell);
    return strict ? [] : [problem('DW5006', at, shell, 'a shell with -euo pipefail')];
  });
}

function stepsOf(definition: Command, path: string, config: Config): PipelineProblem[] {
  return [
    ...definition.steps.flatMap((step, index) => stepResolves(step, `${path}.steps[${index}]`, config)),
    ...references(definition, Object.keys(definition.parameters ?? {}), path),
  ];
}

function stepResolves(step: Step, path: string, { commands = {}, orbs = {} }: Config): PipelineProblem[] {
  return nameAndArguments(step).flatMap(([name, given]) => {
    if (name === 'run') return unknownArguments(given, RUN_ARGUMENTS, `${path}.run`);
    if (BUILT_IN.includes(name) || name.split('/')[0] in orbs) return [];
    if (!(name in commands)) return [problem('DW5001', path, name, [...BUILT_IN, ...Object.keys(commands)])];
    const parameters = commands[name].parameters ?? {};
    return [
      ...unknownArguments(given, Object.keys(parameters), `${path}.${name}`),
      ...missing('DW5002', given, parameters, `${path}.${name}`),
    ];
  });
}

function unknownArguments(given: Readonly<Record<string, unknown>>, known: readonly string[], path: string): PipelineProblem[] {
  return Object.keys(given)
    .filter((key) => !known.includes(key))
    .map((key) => problem('DW5002', `${path}.${key}`, key, known));
}

/** Parameters without a default that a call leaves out. */
export function missing(
  code: PipelineProblem['code'],
  given: Readonly<Record<string, unknown>>,
  parameters: Readonly<Record<string, Parameter>>,
  path: string,
): PipelineProblem[] {
  return Object.entries(parameters)
    .filter(([name, { default: fallback }]) => fallback === undefined && given[name] === undefined)
    .map(([name, { type }]) => problem(code, `${path}.${name}`, undefined, `a ${type}`));
}

/** Every `<< … >>` in the text of a definition: CircleCI rejects an unknown one only when it compiles the file. */
function references(value: unknown, parameters: readonly string[], path: string): PipelineProblem[] {
  if (typeof value === 'string') {
    return [...value.matchAll(REFERENCE)]
      .filter(([, reference]) => !/^pipeline\.\w/.test(reference) && !parameters.some((name) => reference === `parameters.${name}`))
      .map(([written]) => problem('DW5003', path, written, [...parameters.map((name) => `<< parameters.${name} >>`), '<< pipeline.… >>']));
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => references(item, parameters, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => references(member, parameters, `${path}.${key}`));
}

function nameAndArguments(step: Step): Array<[string, Readonly<Record<string, unknown>>]> {
  if (typeof step === 'string') return [[step, {}]];
  return Object.entries(step).map(([name, given]) => [name, isRecord(given) ? given : {}]);
}

/** The arguments with which a step is called, when it is a step of this name. */
export function argumentsOf(step: Step, name: string): Readonly<Record<string, unknown>> | undefined {
  return nameAndArguments(step).find(([called]) => called === name)?.[1];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
