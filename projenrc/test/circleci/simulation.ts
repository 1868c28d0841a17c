import type { Config, WorkflowJob } from '../../circleci/config';

type Outcome = 'success' | 'failed' | 'not_run';

/**
 * Which jobs of the workflow run on `branch`, and how they end, when the jobs of `stopped` (an
 * approval that nobody gives, a job that fails or is skipped) end as stated and all others succeed.
 *
 * By CircleCI's rules, and apart from the code under test: a requirement that the branch filters out
 * is ignored, unless all of a job's are; a job whose requirements are not met is `not_run`.
 */
export function simulate(config: Config, branch: string, stopped: Readonly<Record<string, Outcome>> = {}): Record<string, Outcome> {
  const here = new Map<string, WorkflowJob>();
  for (const entry of config.workflows.deliver.jobs) {
    for (const [job, options] of Object.entries(entry)) {
      const only = options.filters?.branches?.only;
      if (only === undefined || [only].flat().includes(branch)) here.set(options.name ?? job, options);
    }
  }
  const outcomes: Record<string, Outcome> = {};
  const outcomeOf = (name: string): Outcome => {
    outcomes[name] ??= runs(here.get(name)!) ? (stopped[name] ?? 'success') : 'not_run';
    return outcomes[name];
  };
  const runs = ({ requires = [] }: WorkflowJob): boolean => {
    const wanted = requires.flatMap((required) => Object.entries(typeof required === 'string' ? { [required]: 'success' } : required));
    const remaining = wanted.filter(([name]) => here.has(name));
    if (wanted.length > 0 && remaining.length === 0) return false;
    return remaining.every(([name, statuses]) => [statuses].flat().some((status) => status === 'terminal' || status === outcomeOf(name)));
  };
  for (const name of here.keys()) outcomeOf(name);
  return outcomes;
}

/** The names of the jobs that do their work. */
export function running(outcomes: Readonly<Record<string, Outcome>>): string[] {
  return Object.keys(outcomes).filter((name) => outcomes[name] !== 'not_run');
}
