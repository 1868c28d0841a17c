/** The CI job that this process runs in. */
export interface CiJob {
  /** Link to its page; the same in every step of the job, so that a later step knows a lock that an earlier one took. */
  readonly url: string;
  readonly name: string;
  readonly workflowId: string;
  /** Commit that the pipeline runs on. */
  readonly commit?: string;
  readonly branch?: string;
}

/** The job that these variables tell of; undefined outside of CircleCI. */
export function ciJobOf(environment: NodeJS.ProcessEnv): CiJob | undefined {
  const { CIRCLECI, CIRCLE_BUILD_URL: url, CIRCLE_JOB, CIRCLE_WORKFLOW_ID, CIRCLE_SHA1, CIRCLE_BRANCH } = environment;
  if (CIRCLECI !== 'true' || !url) return undefined;
  return {
    url,
    name: CIRCLE_JOB ?? '',
    workflowId: CIRCLE_WORKFLOW_ID ?? '',
    ...(CIRCLE_SHA1 && { commit: CIRCLE_SHA1 }),
    ...(CIRCLE_BRANCH && { branch: CIRCLE_BRANCH }),
  };
}

/** A token for CircleCI's API that may read; it is never passed on. */
export function ciTokenOf({ CIRCLE_TOKEN, CIRCLECI_TOKEN }: NodeJS.ProcessEnv): string | undefined {
  return CIRCLE_TOKEN || CIRCLECI_TOKEN || undefined;
}
