import { ciTokenOf, type CiJob } from '../ci-job';
import { jobPathOf } from '../ci-job-state';

const API = 'https://circleci.com/api/v2';

/** A job of a workflow, as CircleCI's API gives it. */
interface WorkflowJob {
  readonly id?: unknown;
  readonly type?: unknown;
  readonly job_number?: unknown;
  readonly dependencies?: unknown;
  readonly approved_by?: unknown;
}

/**
 * Who pressed the approval that a job waited for, according to the jobs of its workflow: the id of a user. Undefined when the job waited
 * for none, or for those of different people.
 *
 * @see https://circleci.com/docs/api/v2/index.html#operation/listWorkflowJobs
 */
export function pressedBy(jobs: readonly WorkflowJob[], number: number): string | undefined {
  const own = jobs.find((job) => job.job_number === number);
  const dependencies: readonly unknown[] = Array.isArray(own?.dependencies) ? own.dependencies : [];
  const people = jobs.flatMap(({ id, type, approved_by: by }) =>
    type === 'approval' && dependencies.includes(id) && typeof by === 'string' && by !== '' ? [by] : [],
  );
  return new Set(people).size === 1 ? people[0] : undefined;
}

/** The same, asked of CircleCI; undefined without a token or an answer. */
export async function askWhoPressed({ url, workflowId }: CiJob, environment: NodeJS.ProcessEnv, api = API): Promise<string | undefined> {
  const token = ciTokenOf(environment);
  const number = Number(jobPathOf(url)?.split('/').at(-1));
  if (token === undefined || Number.isNaN(number)) return undefined;
  try {
    const jobs: WorkflowJob[] = [];
    let page = '';
    do {
      const answer = await fetch(`${api}/workflow/${encodeURIComponent(workflowId)}/job${page}`, {
        headers: { 'Circle-Token': token },
        redirect: 'error',
        signal: AbortSignal.timeout(10_000),
      });
      if (!answer.ok) return undefined;
      const { items, next_page_token: next } = (await answer.json()) as { items?: WorkflowJob[]; next_page_token?: string | null };
      jobs.push(...(items ?? []));
      page = next ? `?page-token=${encodeURIComponent(next)}` : '';
    } while (page !== '');
    return pressedBy(jobs, number);
  } catch {
    return undefined;
  }
}
