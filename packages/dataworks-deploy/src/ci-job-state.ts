import type { JobState } from './lock/lock-services';

const API = 'https://circleci.com/api/v2';

/** @see https://circleci.com/docs/api/v2/index.html#operation/getJobDetails */
const ENDED: readonly unknown[] = [
  'success',
  'failed',
  'retried',
  'not_run',
  'infrastructure_fail',
  'timedout',
  'canceled',
  'terminated-unknown',
  'unauthorized',
];
const RUNNING: readonly unknown[] = ['running', 'queued', 'not_running', 'blocked', 'on_hold'];

const NUMBERED =
  /^https:\/\/(?:app\.)?circleci\.com\/(?:pipelines\/)?(?<slug>(?:gh|bb|github|bitbucket|circleci)\/[\w.-]+\/[\w.-]+)(?:\/\d+\/workflows\/[\w-]+\/jobs)?\/(?<number>\d+)$/;

/** The part of CircleCI's API that knows a job, by the job's link; undefined for anything else. The link is whatever somebody wrote. */
export function jobPathOf(link: string): string | undefined {
  const parts = NUMBERED.exec(link)?.groups;
  if (!parts) return undefined;
  const { slug, number } = parts;
  if (slug.split('/').some((part) => /^\.+$/.test(part))) return undefined;
  return `/project/${slug}/job/${number}`;
}

/** Whether a CI job has ended, according to CircleCI; `unknown` without a token, an answer, or a status that is known here. */
export async function ciJobState(link: string, token: string | undefined, api = API): Promise<JobState> {
  const path = jobPathOf(link);
  if (path === undefined || token === undefined) return 'unknown';
  try {
    const answer = await fetch(`${api}${path}`, {
      headers: { 'Circle-Token': token },
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok) return 'unknown';
    const { status } = (await answer.json()) as { readonly status?: unknown };
    if (ENDED.includes(status)) return 'ended';
    return RUNNING.includes(status) ? 'running' : 'unknown';
  } catch {
    return 'unknown';
  }
}
