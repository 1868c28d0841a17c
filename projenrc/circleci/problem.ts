/** What can be wrong with a pipeline, by a stable code. CircleCI's JSON schema accepts most of it. */
export const RULES = {
  DW5001: { wrong: 'no such step', fix: 'use a built-in step, or declare the command' },
  DW5002: { wrong: 'unknown or missing argument of a step', fix: 'use the names that the step or command declares' },
  DW5003: { wrong: 'no such parameter', fix: 'declare it under parameters' },
  DW5004: { wrong: 'image not pinned', fix: 'name a version' },
  DW5005: { wrong: 'orb not pinned', fix: 'name a full version' },
  DW5006: { wrong: 'shell goes on after an error', fix: 'set the options of the shell' },
  DW5007: { wrong: 'no such job', fix: 'declare the job, or make it an approval' },
  DW5008: { wrong: 'unknown type of job', fix: 'correct the type: a job that is no approval is no gate' },
  DW5009: { wrong: 'unknown or missing key of a workflow job', fix: 'correct the key, or declare the parameter in the job' },
  DW5010: { wrong: 'name used twice in the workflow', fix: 'give each job a name of its own' },
  DW5011: { wrong: 'requires no job of this workflow', fix: 'correct the name' },
  DW5012: { wrong: 'jobs wait for each other', fix: 'remove one of the requirements' },
  DW5013: { wrong: 'approval not needed to pass it', fix: 'require its success' },
  DW5014: { wrong: 'requirement runs on fewer branches or tags, and is ignored on the others', fix: 'give both jobs the same filters' },
  DW5015: { wrong: 'job after an approval without a context', fix: 'name the context that the approval opens' },
  DW5016: { wrong: 'serial group with characters or a length that CircleCI refuses', fix: 'shorten or correct it' },
  DW5017: { wrong: 'serial group used twice in the workflow', fix: 'give each job a group of its own' },
  DW5018: { wrong: 'automatic rerun after an approval', fix: 'remove it: one approval, one run' },
  DW5019: { wrong: 'workspace attached that no earlier job wrote', fix: 'require a job that persists to the workspace' },
} as const;

export interface PipelineProblem {
  readonly code: keyof typeof RULES;
  /** JSON path in config.yml, like `$.workflows.deliver.jobs[2]`. */
  readonly path: string;
  /** The value received, as JSON; undefined when something is missing. */
  readonly received?: string;
  readonly allowed: string;
}

export function problem(
  code: PipelineProblem['code'],
  path: string,
  received: unknown,
  allowed: string | Iterable<string>,
): PipelineProblem {
  const choices = typeof allowed === 'string' ? allowed : [...allowed].join(', ') || 'nothing';
  return { code, path, received: received === undefined ? undefined : JSON.stringify(received), allowed: choices };
}

/** All problems, a line each. */
export function report(problems: readonly PipelineProblem[]): string {
  const lines = problems.map(({ code, path, received = 'nothing', allowed }) => {
    const { wrong, fix } = RULES[code];
    return `  ${code} ${path}: ${wrong}. Received: ${received}. Allowed: ${allowed}. Fix: ${fix}.`;
  });
  return [`.circleci/config.yml: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`, ...lines].join('\n');
}
