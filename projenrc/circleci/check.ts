import type { Config } from './config';
import type { PipelineProblem } from './problem';
import { definitionProblems } from './rules/definitions';
import { workflowProblems } from './rules/workflow';

/**
 * What CircleCI's JSON schema does not see: names that resolve to nothing, and gates that stand open
 * (`require:` for `requires:`, `type: aproval`, a hold that is filtered out). Expects a file of the
 * schema's shape; names all problems.
 */
export function check(config: Config): PipelineProblem[] {
  return [
    ...definitionProblems(config),
    ...Object.entries(config.workflows).flatMap(([name, workflow]) => workflowProblems(workflow, `$.workflows.${name}`, config)),
  ];
}
