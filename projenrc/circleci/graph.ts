import type { Workflow, WorkflowJob } from './config';

/** A job as one workflow calls it. */
export interface Call {
  /** What others require. */
  readonly name: string;
  /** The job's definition; an approval has none. */
  readonly job: string;
  readonly options: WorkflowJob;
  readonly path: string;
  readonly requires: readonly Required[];
}

export interface Required {
  readonly name: string;
  readonly statuses: readonly string[];
  readonly path: string;
}

export const SUCCESS = 'success';

export function callsOf(workflow: Workflow, path: string): Call[] {
  return workflow.jobs.flatMap((entry, index) =>
    Object.entries(entry).map(([job, options]): Call => {
      const at = `${path}.jobs[${index}]`;
      const requires = (options.requires ?? []).flatMap((requirement, position) => {
        const byStatus = typeof requirement === 'string' ? { [requirement]: SUCCESS } : requirement;
        return Object.entries(byStatus).map(([name, statuses]) => ({
          name,
          statuses: [statuses].flat(),
          path: `${at}.requires[${position}]`,
        }));
      });
      return { name: options.name ?? job, job, options, path: at, requires };
    }),
  );
}

export function isApproval({ options }: Call): boolean {
  return options.type === 'approval';
}

/**
 * The calls that must have succeeded before this one, however far back. A requirement by another
 * status (`not_run`) does not count: what runs because a job did not has nothing of that job.
 */
export function predecessors(call: Call, calls: readonly Call[]): Set<Call> {
  const found = new Set<Call>();
  const visit = (current: Call): void => {
    for (const { name, statuses } of current.requires) {
      if (!statuses.every((status) => status === SUCCESS)) continue;
      for (const before of calls.filter((other) => other.name === name && !found.has(other))) {
        found.add(before);
        visit(before);
      }
    }
  };
  visit(call);
  return found;
}

/** One round of jobs that wait for each other by any status, or undefined. */
export function cycle(calls: readonly Call[]): string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, trail: readonly string[]): string[] | undefined => {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const { requires } of calls.filter((call) => call.name === name)) {
      for (const required of requires) {
        const found = visit(required.name, [...trail, name]);
        if (found) return found;
      }
    }
    done.add(name);
    return undefined;
  };
  for (const { name } of calls) {
    const found = visit(name, []);
    if (found) return found;
  }
  return undefined;
}
