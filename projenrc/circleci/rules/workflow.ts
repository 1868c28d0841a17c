import { isDeepStrictEqual } from 'node:util';
import type { Config, FilterRule, Step, Workflow } from '../config';
import { callsOf, cycle, isApproval, predecessors, SUCCESS, type Call } from '../graph';
import { problem, type PipelineProblem } from '../problem';
import { argumentsOf, missing } from './definitions';

const KEYS_OF_EVERY_CALL = ['name', 'type', 'requires', 'filters', 'context', 'serial-group'];

/** One workflow: its calls of jobs, and the graph that they make. */
export function workflowProblems(workflow: Workflow, path: string, config: Config): PipelineProblem[] {
  const calls = callsOf(workflow, path);
  const round = cycle(calls);
  return [
    ...calls.flatMap((call) => [...callResolves(call, config), ...requirements(call, calls), ...serialGroup(call)]),
    ...twice('DW5010', calls, ({ name }) => name.toLowerCase()),
    ...twice('DW5017', calls, ({ options }) => options['serial-group']),
    ...(round ? [problem('DW5012', path, round, 'an order')] : []),
    ...calls.flatMap((call) => workspace(call, calls, config)),
    ...afterApproval(workflow, calls, path, config),
  ];
}

function callResolves({ job, options, path }: Call, { jobs }: Config): PipelineProblem[] {
  const { type } = options;
  if (type !== undefined && type !== 'approval') return [problem('DW5008', `${path}.type`, type, 'approval')];
  if (type === undefined && !(job in jobs)) return [problem('DW5007', path, job, Object.keys(jobs))];
  const parameters = type === undefined ? (jobs[job].parameters ?? {}) : {};
  const known = [...KEYS_OF_EVERY_CALL, ...Object.keys(parameters)];
  const unknown = Object.keys(options).filter((key) => !known.includes(key));
  return [...unknown.map((key) => problem('DW5009', `${path}.${key}`, key, known)), ...missing('DW5009', options, parameters, path)];
}

function requirements(call: Call, calls: readonly Call[]): PipelineProblem[] {
  return call.requires.flatMap(({ name, statuses, path }) => {
    const required = calls.find((other) => other.name === name);
    if (!required) {
      return [
        problem(
          'DW5011',
          path,
          name,
          calls.map((other) => other.name),
        ),
      ];
    }
    const problems: PipelineProblem[] = [];
    if (isApproval(required) && statuses.some((status) => status !== SUCCESS)) {
      problems.push(problem('DW5013', path, statuses, SUCCESS));
    }
    if (!covers(required, call)) {
      problems.push(problem('DW5014', path, required.options.filters, JSON.stringify(call.options.filters ?? {})));
    }
    return problems;
  });
}

/** Whether `required` runs wherever `call` does. By default a job runs on every branch and on no tag. */
function covers({ options: { filters: required } }: Call, { options: { filters: own } }: Call): boolean {
  return includes(required?.branches, own?.branches) && (own?.tags === undefined || isDeepStrictEqual(required?.tags, own.tags));
}

function includes(wide: FilterRule | undefined, narrow: FilterRule | undefined): boolean {
  if (wide === undefined || isDeepStrictEqual(wide, narrow)) return true;
  if (wide.ignore !== undefined || narrow?.only === undefined) return false;
  const names = [wide.only].flat();
  return [narrow.only].flat().every((name) => names.includes(name));
}

function serialGroup({ options, path }: Call): PipelineProblem[] {
  const group = options['serial-group'];
  if (group === undefined || (/^([A-Za-z0-9._/-]|<< pipeline\.[\w.]+ >>)+$/.test(group) && group.length <= 512)) return [];
  return [problem('DW5016', `${path}.serial-group`, group, "1 to 512 letters, digits, '.', '_', '/', '-' and pipeline values")];
}

function twice(code: 'DW5010' | 'DW5017', calls: readonly Call[], keyOf: (call: Call) => string | undefined): PipelineProblem[] {
  const seen = new Set<string>();
  return calls.flatMap((call) => {
    const key = keyOf(call);
    if (key === undefined) return [];
    const problems = seen.has(key) ? [problem(code, call.path, key, 'each once')] : [];
    seen.add(key);
    return problems;
  });
}

function workspace(call: Call, calls: readonly Call[], config: Config): PipelineProblem[] {
  const uses = (job: string, name: string) => allSteps(config, job).some((step) => argumentsOf(step, name) !== undefined);
  if (!uses(call.job, 'attach_workspace')) return [];
  const writers = calls.filter(({ job }) => uses(job, 'persist_to_workspace'));
  const before = predecessors(call, calls);
  if (writers.some((writer) => before.has(writer))) return [];
  return [
    problem(
      'DW5019',
      call.path,
      call.options.requires,
      writers.map(({ name }) => name),
    ),
  ];
}

/** Whoever approves opens the contexts behind the approval, for one run. */
function afterApproval(workflow: Workflow, calls: readonly Call[], path: string, config: Config): PipelineProblem[] {
  const opened = calls.filter((call) => !isApproval(call) && [...predecessors(call, calls)].some(isApproval));
  const problems = opened.flatMap((call) => {
    const contexts = [call.options.context ?? []].flat();
    return [
      ...(contexts.length === 0 ? [problem('DW5015', `${call.path}.context`, call.options.context, 'at least one context')] : []),
      ...allSteps(config, call.job).flatMap((step) => {
        const { max_auto_reruns: reruns } = argumentsOf(step, 'run') ?? {};
        return reruns === undefined ? [] : [problem('DW5018', `$.jobs.${call.job}`, { max_auto_reruns: reruns }, 'none')];
      }),
    ];
  });
  if (opened.length > 0 && workflow.max_auto_reruns !== undefined) {
    problems.push(problem('DW5018', `${path}.max_auto_reruns`, workflow.max_auto_reruns, 'none'));
  }
  return problems;
}

/** The steps of a job with those of the commands that it calls. */
function allSteps({ jobs, commands = {} }: Config, name: string): Step[] {
  const expand = (step: Step): Step[] => {
    const called = Object.entries(commands).find(([command]) => argumentsOf(step, command) !== undefined);
    return called ? called[1].steps.flatMap(expand) : [step];
  };
  return name in jobs ? jobs[name].steps.flatMap(expand) : [];
}
